import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, warningsIn } from '../load/loading.ts';

const version = (written: string): string => `version: ${written}\nservices: {web: {image: x}}\n`;

describe('version', () => {
  it.each(['"3.8"', '"2"', 'latest'])('changes nothing and is not printed: %s', async (written) => {
    expect(await configOf(version(written))).toEqual(await configOf('services: {web: {image: x}}'));
  });

  it('is obsolete, which is told of each file', async () => {
    expect(await warningsIn(overridden(version('"3"'), version('"2"')))).toEqual([
      '1:1 COMPOSE_OBSOLETE_VERSION: /p/compose.yaml: the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion -> take the line out',
      '1:1 COMPOSE_OBSOLETE_VERSION: /p/compose.override.yaml: the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion -> take the line out',
    ]);
    expect(await mistakesIn(version('"3"'))).toEqual([]);
  });

  it('is text', async () => {
    expect(await placesIn(version('3.8'))).toEqual(['1:10 COMPOSE_TYPE']);
  });
});
