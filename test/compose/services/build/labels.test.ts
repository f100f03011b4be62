import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.labels', () => {
  it.each(['{b: , a: 1, c: true, d: $V}', '[b, a=1, c=true, "d=$V"]'])(
    'is a mapping or a list, whose values become text: %s',
    async (labels) => {
      expect(await canonicalOf(web(`build: {labels: ${labels}}`), { env: { V: 'value' } })).toEqual({
        build: {
          context: '/p',
          dockerfile: 'Dockerfile',
          labels: { a: '1', b: '', c: 'true', d: 'value' },
        },
      });
    },
  );

  it('merges by name, whatever the form', async () => {
    expect(await mergedOf('build: {labels: [a=1, b=2]}', 'build: {labels: {b: 3, c: 4}}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', labels: { a: '1', b: '3', c: '4' } },
    });
  });

  it('is a mapping of single values or a list of texts', async () => {
    expect(await placesIn(web('build: {labels: text}'))).toEqual(['4:21 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {labels: {a: {b: c}}}'))).toEqual(['4:22 COMPOSE_TYPE']);
  });
});
