import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

describe('networks', () => {
  const services = 'services: {web: {image: x, networks: [used]}}';

  it('prints those that a service uses, and all of them when asked', async () => {
    const yaml = `networks: {used: {driver: bridge}, other: {driver: bridge}}\n${services}`;
    expect((await configOf(yaml)).networks).toEqual({ used: { name: 'p_used', driver: 'bridge', ipam: {} } });
    const all = await projectOf(yaml, { allResources: true });
    expect(all.canonical.networks).toEqual({
      other: { name: 'p_other', driver: 'bridge', ipam: {} },
      used: { name: 'p_used', driver: 'bridge', ipam: {} },
    });
  });

  it('has a default one for services that name none', async () => {
    const { networks } = await configOf('services: {web: {image: x}}');
    expect(networks).toEqual({ default: { name: 'p_default', ipam: {} } });
    const own = await configOf('networks: {default: {name: own}}\nservices: {web: {image: x}}');
    expect(own.networks).toEqual({ default: { name: 'own', ipam: {} } });
  });

  it('has every default where nothing stands under the name', async () => {
    expect(
      (await configOf('networks: {used: }\nservices: {web: {image: x, networks: [used]}}')).networks,
    ).toEqual({
      used: { name: 'p_used', ipam: {} },
    });
  });

  it('merges by name, key by key', async () => {
    const files = overridden(
      `networks: {used: {driver: bridge}}\n${services}`,
      'networks: {used: {internal: true}}',
    );
    expect((await configOf(files)).networks).toEqual({
      used: { name: 'p_used', driver: 'bridge', ipam: {}, internal: true },
    });
  });

  it('loses one that a later file resets', async () => {
    const files = overridden(
      `networks: {used: {driver: bridge}, other: {driver: bridge}}\n${services}`,
      'networks: {other: !reset null}',
    );
    const { canonical } = await projectOf(files, { allResources: true });
    expect(canonical.networks).toEqual({ used: { name: 'p_used', driver: 'bridge', ipam: {} } });
  });

  it('holds what services name', async () => {
    expect(
      await mistakesIn('services: {web: {image: x, networks: [usd]}}\nnetworks: {used: {driver: bridge}}'),
    ).toEqual([
      '1:39 COMPOSE_UNDEFINED: service "web" refers to undefined network usd -> did you mean "used"?',
    ]);
    expect(await mistakesIn(services)).toEqual([
      '1:39 COMPOSE_UNDEFINED: service "web" refers to undefined network used -> declare it: `networks: {used: …}` at the top level',
    ]);
  });

  it('is a mapping of mappings whose names have letters, digits, dots, dashes and underscores', async () => {
    expect(await placesIn('services: {}\nnetworks: [used]')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nnetworks:')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nnetworks: {used: 5}')).toEqual(['2:18 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nnetworks: {a b: {driver: bridge}}')).toEqual(['2:12 COMPOSE_NAME']);
    expect(await placesIn('services: {}\nnetworks: {used: {own: 1, x-own: 1}}')).toEqual([
      '2:19 COMPOSE_UNKNOWN_KEY',
    ]);
  });
});
