import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.isolation', () => {
  it.each(['hyperv', '$VALUE'])('is how the steps are kept apart, as it is written: %s', async (value) => {
    expect(await canonicalOf(web(`build: {isolation: ${value}}`), { env: { VALUE: 'hyperv' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', isolation: 'hyperv' },
    });
  });

  it('is not printed when it is empty', async () => {
    expect(await canonicalOf(web('build: {isolation: ""}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {isolation: a}', 'build: {isolation: b}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', isolation: 'b' },
    });
  });

  it('is text', async () => {
    expect(await placesIn(web('build: {isolation: 1}'))).toEqual(['4:24 COMPOSE_TYPE']);
  });
});
