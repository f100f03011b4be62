import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

describe('configs', () => {
  const services = 'services: {web: {image: x, configs: [used]}}';

  it('prints those that a service uses, and all of them when asked', async () => {
    const yaml = `configs: {used: {content: a}, other: {content: a}}\n${services}`;
    expect((await configOf(yaml)).configs).toEqual({ used: { name: 'p_used', content: 'a' } });
    const all = await projectOf(yaml, { allResources: true });
    expect(all.canonical.configs).toEqual({
      other: { name: 'p_other', content: 'a' },
      used: { name: 'p_used', content: 'a' },
    });
  });

  it('says something of each config', async () => {
    expect(await placesIn('configs: {used: }\nservices: {web: {image: x}}')).toEqual(['1:11 COMPOSE_TYPE']);
  });

  it('merges by name, key by key', async () => {
    const files = overridden(`configs: {used: {content: a}}\n${services}`, 'configs: {used: {content: b}}');
    expect((await configOf(files)).configs).toEqual({ used: { name: 'p_used', content: 'b' } });
  });

  it('loses one that a later file resets', async () => {
    const files = overridden(
      `configs: {used: {content: a}, other: {content: a}}\n${services}`,
      'configs: {other: !reset null}',
    );
    const { canonical } = await projectOf(files, { allResources: true });
    expect(canonical.configs).toEqual({ used: { name: 'p_used', content: 'a' } });
  });

  it('holds what services name', async () => {
    expect(
      await mistakesIn('services: {web: {image: x, configs: [usd]}}\nconfigs: {used: {content: a}}'),
    ).toEqual([
      '1:38 COMPOSE_UNDEFINED: service "web" refers to undefined config usd -> did you mean "used"?',
    ]);
    expect(await mistakesIn(services)).toEqual([
      '1:38 COMPOSE_UNDEFINED: service "web" refers to undefined config used -> declare it: `configs: {used: …}` at the top level',
    ]);
  });

  it('is a mapping of mappings whose names have letters, digits, dots, dashes and underscores', async () => {
    expect(await placesIn('services: {}\nconfigs: [used]')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nconfigs:')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nconfigs: {used: 5}')).toEqual(['2:17 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nconfigs: {a b: {content: a}}')).toEqual(['2:11 COMPOSE_NAME']);
    expect(await placesIn('services: {}\nconfigs: {used: {own: 1, x-own: 1, content: a}}')).toEqual([
      '2:18 COMPOSE_UNKNOWN_KEY',
    ]);
  });
});
