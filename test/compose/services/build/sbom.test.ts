import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.sbom', () => {
  it.each([
    ['true', 'true'],
    ['false', 'false'],
    ['generator=scanner', 'generator=scanner'],
    ['$VALUE', 'generator=scanner'],
  ])('asks for an attestation that says what is in the image, and is text: %s', async (value, printed) => {
    expect(
      await canonicalOf(web(`build: {sbom: ${value}}`), { env: { VALUE: 'generator=scanner' } }),
    ).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', sbom: printed },
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {sbom: true}', 'build: {sbom: generator=scanner}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', sbom: 'generator=scanner' },
    });
  });

  it('is a boolean or text', async () => {
    expect(await placesIn(web('build: {sbom: 1}'))).toEqual(['4:19 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {sbom: [a]}'))).toEqual(['4:13 COMPOSE_TYPE']);
  });
});
