import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.provenance', () => {
  it.each([
    ['true', 'true'],
    ['false', 'false'],
    ['mode=max', 'mode=max'],
    ['$VALUE', 'mode=max'],
  ])(
    'asks for an attestation that says where the image comes from, and is text: %s',
    async (value, printed) => {
      expect(await canonicalOf(web(`build: {provenance: ${value}}`), { env: { VALUE: 'mode=max' } })).toEqual(
        {
          build: { context: '/p', dockerfile: 'Dockerfile', provenance: printed },
        },
      );
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {provenance: true}', 'build: {provenance: mode=max}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', provenance: 'mode=max' },
    });
  });

  it('is a boolean or text', async () => {
    expect(await placesIn(web('build: {provenance: 1}'))).toEqual(['4:25 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {provenance: [a]}'))).toEqual(['4:13 COMPOSE_TYPE']);
  });
});
