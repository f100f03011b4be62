import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

describe('models', () => {
  const services = 'services: {web: {image: x, models: [used]}}';

  it('prints those that a service uses, and all of them when asked', async () => {
    const yaml = `models: {used: {model: a}, other: {model: a}}\n${services}`;
    expect((await configOf(yaml)).models).toEqual({ used: { model: 'a' } });
    const all = await projectOf(yaml, { allResources: true });
    expect(all.canonical.models).toEqual({
      other: { model: 'a' },
      used: { model: 'a' },
    });
  });

  it('says something of each model', async () => {
    expect(await placesIn('models: {used: }\nservices: {web: {image: x}}')).toEqual(['1:10 COMPOSE_TYPE']);
  });

  it('merges by name, key by key', async () => {
    const files = overridden(`models: {used: {model: a}}\n${services}`, 'models: {used: {model: b}}');
    expect((await configOf(files)).models).toEqual({ used: { model: 'b' } });
  });

  it('loses one that a later file resets', async () => {
    const files = overridden(
      `models: {used: {model: a}, other: {model: a}}\n${services}`,
      'models: {other: !reset null}',
    );
    const { canonical } = await projectOf(files, { allResources: true });
    expect(canonical.models).toEqual({ used: { model: 'a' } });
  });

  it('holds what services name', async () => {
    expect(
      await mistakesIn('services: {web: {image: x, models: [usd]}}\nmodels: {used: {model: a}}'),
    ).toEqual([
      '1:37 COMPOSE_UNDEFINED: service "web" refers to undefined model usd -> did you mean "used"?',
    ]);
    expect(await mistakesIn(services)).toEqual([
      '1:37 COMPOSE_UNDEFINED: service "web" refers to undefined model used -> declare it: `models: {used: …}` at the top level',
    ]);
  });

  it('is a mapping of mappings whose names have letters, digits, dots, dashes and underscores', async () => {
    expect(await placesIn('services: {}\nmodels: [used]')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nmodels:')).toEqual(['2:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nmodels: {used: 5}')).toEqual(['2:16 COMPOSE_TYPE']);
    expect(await placesIn('services: {}\nmodels: {a b: {model: a}}')).toEqual(['2:10 COMPOSE_NAME']);
    expect(await placesIn('services: {}\nmodels: {used: {own: 1, x-own: 1, model: a}}')).toEqual([
      '2:17 COMPOSE_UNKNOWN_KEY',
    ]);
  });
});
