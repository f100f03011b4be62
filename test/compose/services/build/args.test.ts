import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, projectOf, web } from '../../load/loading.ts';

describe('build.args', () => {
  it.each(['{B: two, A: 1, C: true, D: 1.50, E: ""}', '[B=two, A=1, C=true, D=1.5, E=]'])(
    'is a mapping or a list, whose values become text: %s',
    async (args) => {
      expect(await canonicalOf(web(`build: {args: ${args}}`))).toEqual({
        build: {
          context: '/p',
          dockerfile: 'Dockerfile',
          args: { A: '1', B: 'two', C: 'true', D: '1.5', E: '' },
        },
      });
    },
  );

  it.each(['{HERE: , GONE: }', '[HERE, GONE]'])(
    'takes what has no value from the environment, and leaves out what is not there: %s',
    async (args) => {
      expect(await canonicalOf(web(`build: {args: ${args}}`), { env: { HERE: 'h' } })).toEqual({
        build: { context: '/p', dockerfile: 'Dockerfile', args: { HERE: 'h' } },
      });
    },
  );

  it('leaves out what has no value where nothing is looked up, too', async () => {
    const given = { env: { HERE: 'h' }, interpolate: false };
    const list = await projectOf(web('build: {args: [HERE, "A=$B"]}'), given);
    expect(list.canonical.services).toMatchObject({ web: { build: { args: ['A=$B'] } } });
    const mapping = await projectOf(web('build: {args: {HERE: , A: $B}}'), given);
    expect(JSON.stringify(mapping.canonical)).toContain('"args":{"A":"$B"}');
  });

  it('may hold variables and equals signs in its values', async () => {
    expect(
      await canonicalOf(web('build: {args: ["URL=http://$HOST/?a=b"]}'), { env: { HOST: 'h' } }),
    ).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', args: { URL: 'http://h/?a=b' } },
    });
  });

  it('merges by name, whatever the form', async () => {
    expect(await mergedOf('build: {args: {A: 1, B: 2}}', 'build: {args: [B=3, C=4]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', args: { A: '1', B: '3', C: '4' } },
    });
  });

  it('is a mapping of single values or a list of texts', async () => {
    expect(await placesIn(web('build: {args: 5}'))).toEqual(['4:19 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {args: {A: [1]}}'))).toEqual(['4:20 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {args: [A=1, 5]}'))).toEqual(['4:25 COMPOSE_TYPE']);
  });
});
