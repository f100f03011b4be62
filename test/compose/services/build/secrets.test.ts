import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

const declared = 'secrets: {s: {file: ./s.txt}, t: {environment: TOKEN}}\n';

describe('build.secrets', () => {
  it('names secrets of the project, in a short and a long form', async () => {
    const yaml =
      web('build: {secrets: [s, {source: t, target: token, uid: "7", gid: "8", mode: 0400}]}') + declared;
    expect(await canonicalOf(yaml)).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        secrets: [{ source: 's' }, { source: 't', target: 'token', uid: '7', gid: '8', mode: '0400' }],
      },
    });
  });

  it('is appended to by a later list', async () => {
    expect(await mergedOf('build: {secrets: [s]}', 'build: {secrets: [t]}', { declared })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', secrets: [{ source: 's' }, { source: 't' }] },
    });
  });

  it('names only what the project declares, and always names something', async () => {
    expect(await mistakesIn(web('build: {secrets: [{target: x}]}') + declared)).toEqual([
      '4:23 COMPOSE_MISSING_KEY: service "web" refers to a build secret without a name -> add `source:`, which names one of `secrets:` at the top level',
    ]);
    expect(await mistakesIn(web('build: {secrets: [tt]}') + declared)).toEqual([
      '4:23 COMPOSE_UNDEFINED: service "web" refers to undefined build secret tt -> did you mean "t"?',
    ]);
  });

  it('is a list of names and mappings with known keys', async () => {
    expect(await placesIn(web('build: {secrets: s}') + declared)).toEqual(['4:22 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {secrets: [{source: s, targett: x}]}') + declared)).toEqual([
      '4:35 COMPOSE_UNKNOWN_KEY',
    ]);
    expect(await placesIn(web('build: {secrets: [{source: s, uid: 7}]}') + declared)).toEqual([
      '4:40 COMPOSE_TYPE',
    ]);
  });
});
