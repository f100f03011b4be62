import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.ssh', () => {
  it.each(['[other=~/agent.sock, default, id=./key]', '{other: ~/agent.sock, default: , id: ./key}'])(
    'names agents and keys as a list or a mapping, and is printed as a list with absolute paths: %s',
    async (ssh) => {
      expect(await canonicalOf(web(`build: {ssh: ${ssh}}`))).toEqual({
        build: {
          context: '/p',
          dockerfile: 'Dockerfile',
          ssh: ['default', 'id=/p/key', 'other=/home/u/agent.sock'],
        },
      });
    },
  );

  it('may hold variables', async () => {
    expect(await canonicalOf(web('build: {ssh: ["id=$SOCKET"]}'), { env: { SOCKET: '/run/agent' } })).toEqual(
      {
        build: { context: '/p', dockerfile: 'Dockerfile', ssh: ['id=/run/agent'] },
      },
    );
  });

  it('merges by id', async () => {
    expect(await mergedOf('build: {ssh: {a: /1, b: /2}}', 'build: {ssh: {b: /3, c: /4}}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', ssh: ['a=/1', 'b=/3', 'c=/4'] },
    });
  });

  it('is made of texts', async () => {
    expect(await placesIn(web('build: {ssh: 5}'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {ssh: {a: [b]}}'))).toEqual(['4:19 COMPOSE_TYPE']);
  });
});
