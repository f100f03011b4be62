import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

describe('secrets', () => {
  const services = 'services: {web: {image: x, secrets: [used]}}';

  it('prints those that a service uses, and all of them when asked', async () => {
    const yaml = `secrets: {used: {environment: A}, other: {environment: A}}\n${services}`;
    expect((await configOf(yaml)).secrets).toEqual({ used: { name: 'p_used', environment: 'A' } });
    const all = await projectOf(yaml, { allResources: true, env: { A: '' } });
    expect(all.canonical.secrets).toEqual({
      other: { name: 'p_other', environment: 'A' },
      used: { name: 'p_used', environment: 'A' },
    });
  });

  it('says something of each secret', async () => {
    expect(await placesIn('secrets: {used: }\nservices: {web: {image: x}}')).toEqual(['1:11 COMPOSE_TYPE']);
  });

  it('merges by name, key by key', async () => {
    const files = overridden(
      `secrets: {used: {environment: A}}\n${services}`,
      'secrets: {used: {environment: B}}',
    );
    expect((await configOf(files)).secrets).toEqual({ used: { name: 'p_used', environment: 'B' } });
  });

  it('loses one that a later file resets', async () => {
    const files = overridden(
      `secrets: {used: {environment: A}, other: {environment: A}}\n${services}`,
      'secrets: {other: !reset null}',
    );
    const { canonical } = await projectOf(files, { allResources: true, env: { A: '' } });
    expect(canonical.secrets).toEqual({ used: { name: 'p_used', environment: 'A' } });
  });

  it('holds what services name', async () => {
    expect(
      await mistakesIn('services: {web: {image: x, secrets: [usd]}}\nsecrets: {used: {environment: A}}'),
    ).toEqual([
      '1:38 COMPOSE_UNDEFINED: service "web" refers to undefined secret usd -> did you mean "used"?',
    ]);
    expect(await mistakesIn(services)).toEqual([
      '1:38 COMPOSE_UNDEFINED: service "web" refers to undefined secret used -> declare it: `secrets: {used: …}` at the top level',
    ]);
  });

  it('is a mapping of mappings whose names have letters, digits, dots, dashes and underscores', async () => {
    expect(await placesIn('services: {}\nsecrets: [used]')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nsecrets:')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nsecrets: {used: 5}')).toEqual(['2:17 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nsecrets: {a b: {environment: A}}')).toEqual(['2:11 COMPOSE_NAME']);
    expect(await placesIn('services: {}\nsecrets: {used: {own: 1, x-own: 1, environment: A}}')).toEqual([
      '2:18 COMPOSE_UNKNOWN_KEY',
    ]);
  });
});
