import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

describe('volumes', () => {
  const services = 'services: {web: {image: x, volumes: ["used:/v"]}}';

  it('prints those that a service uses, and all of them when asked', async () => {
    const yaml = `volumes: {used: {driver: local}, other: {driver: local}}\n${services}`;
    expect((await configOf(yaml)).volumes).toEqual({ used: { name: 'p_used', driver: 'local' } });
    const all = await projectOf(yaml, { allResources: true });
    expect(all.canonical.volumes).toEqual({
      other: { name: 'p_other', driver: 'local' },
      used: { name: 'p_used', driver: 'local' },
    });
  });

  it('has every default where nothing stands under the name', async () => {
    expect(
      (await configOf('volumes: {used: }\nservices: {web: {image: x, volumes: ["used:/v"]}}')).volumes,
    ).toEqual({
      used: { name: 'p_used' },
    });
  });

  it('merges by name, key by key', async () => {
    const files = overridden(
      `volumes: {used: {driver: local}}\n${services}`,
      'volumes: {used: {labels: [a=1]}}',
    );
    expect((await configOf(files)).volumes).toEqual({
      used: { name: 'p_used', driver: 'local', labels: { a: '1' } },
    });
  });

  it('loses one that a later file resets', async () => {
    const files = overridden(
      `volumes: {used: {driver: local}, other: {driver: local}}\n${services}`,
      'volumes: {other: !reset null}',
    );
    const { canonical } = await projectOf(files, { allResources: true });
    expect(canonical.volumes).toEqual({ used: { name: 'p_used', driver: 'local' } });
  });

  it('holds what services name', async () => {
    expect(
      await mistakesIn('services: {web: {image: x, volumes: ["usd:/v"]}}\nvolumes: {used: {driver: local}}'),
    ).toEqual([
      '1:39 COMPOSE_UNDEFINED: service "web" refers to undefined volume usd -> did you mean "used"?',
    ]);
    expect(await mistakesIn(services)).toEqual([
      '1:39 COMPOSE_UNDEFINED: service "web" refers to undefined volume used -> declare it: `volumes: {used: …}` at the top level',
    ]);
  });

  it('is a mapping of mappings whose names have letters, digits, dots, dashes and underscores', async () => {
    expect(await placesIn('services: {}\nvolumes: [used]')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nvolumes:')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nvolumes: {used: 5}')).toEqual(['2:17 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nvolumes: {a b: {driver: local}}')).toEqual(['2:11 COMPOSE_NAME']);
    expect(await placesIn('services: {}\nvolumes: {used: {own: 1, x-own: 1}}')).toEqual([
      '2:18 COMPOSE_UNKNOWN_KEY',
    ]);
  });
});
