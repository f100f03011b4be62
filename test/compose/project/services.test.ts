import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

describe('services', () => {
  it('maps names to services, which are printed in order of the names', async () => {
    const { services } = await configOf('services: {web.1: {image: x}, Db_2: {image: y}, 3-c: {image: z}}');
    expect(Object.keys(services as object)).toEqual(['3-c', 'Db_2', 'web.1']);
  });

  it('may be none', async () => {
    expect(await configOf('services: {}')).toEqual({ name: 'p', services: {} });
    expect(await configOf('name: shop')).toEqual({ name: 'shop', services: {} });
  });

  it('merges by name: a later file adds services and changes those that are there', async () => {
    const { services } = await projectOf(
      overridden('services: {web: {image: x, tty: true}}', 'services: {web: {image: y}, db: {image: z}}'),
    );
    expect(Object.values(services).map(({ name, image, tty }) => [name, image, tty])).toEqual([
      ['db', 'z', false],
      ['web', 'y', true],
    ]);
  });

  it('loses one that a later file resets', async () => {
    const { services } = await projectOf(
      overridden('services: {web: {image: x}, db: {image: y}}', 'services: {db: !reset null}'),
    );
    expect(Object.keys(services)).toEqual(['web']);
  });

  it('leaves out those whose profiles are off, and keeps them apart', async () => {
    const yaml = 'services: {web: {image: x}, test: {image: y, profiles: [test]}}';
    const { services, disabledServices } = await projectOf(yaml);
    expect([Object.keys(services), Object.keys(disabledServices)]).toEqual([['web'], ['test']]);
  });

  it('is named with letters, digits, dots, dashes and underscores', async () => {
    expect(await mistakesIn('services:\n  web front: {image: x}\n')).toEqual([
      '2:3 COMPOSE_NAME: services: "web front" cannot be a name -> use letters, digits, dots, dashes and underscores',
    ]);
  });

  it('is a mapping of mappings', async () => {
    expect(await placesIn('services: [web]')).toEqual(['1:1 COMPOSE_TYPE']);
    expect(await placesIn('services:\n')).toEqual(['1:1 COMPOSE_TYPE']);
    expect(await placesIn('services: {web: x}')).toEqual(['1:17 COMPOSE_TYPE']);
    expect(await placesIn('services: {web: }')).toEqual(['1:12 COMPOSE_TYPE']);
  });
});
