import { describe, expect, it } from 'vitest';
import { canonicalOf, configOf, mistakesIn, overridden, placesIn, projectOf } from '../load/loading.ts';

const named = (name: string): string =>
  `name: ${name}\nservices: {web: {image: x, container_name: "c-$COMPOSE_PROJECT_NAME"}}\n`;

describe('name', () => {
  it.each([
    ['shop', 'shop'],
    ['My_Shop-1', 'my_shop-1'],
    ['"The Shop!"', 'theshop'],
    ['_shop', 'shop'],
    ['$NAME', 'store'],
    ['"${NONE:-shop}"', 'shop'],
  ])('is in lower case, of letters, digits, dashes and underscores: %s is %s', async (written, name) => {
    expect((await projectOf(named(written), { env: { NAME: 'store' } })).name).toBe(name);
  });

  it('is the name of the directory when nothing is written', async () => {
    expect((await projectOf('services: {web: {image: x}}')).name).toBe('p');
    expect((await projectOf(named('""'))).name).toBe('p');
  });

  it('is printed first of all, and stands in front of what the project makes', async () => {
    expect(
      await configOf('name: shop\nservices: {web: {image: x, volumes: ["data:/d"]}}\nvolumes: {data: }'),
    ).toEqual({
      name: 'shop',
      networks: { default: { name: 'shop_default', ipam: {} } },
      services: {
        web: {
          command: null,
          entrypoint: null,
          image: 'x',
          networks: { default: null },
          volumes: [{ type: 'volume', source: 'data', target: '/d', volume: {} }],
        },
      },
      volumes: { data: { name: 'shop_data' } },
    });
  });

  it('is a variable in the rest of the files', async () => {
    expect(await canonicalOf(named('My-Shop'))).toEqual({ container_name: 'c-my-shop' });
  });

  it('is replaced by that of a later file, by the variable COMPOSE_PROJECT_NAME, and by -p', async () => {
    const files = overridden(named('one'), 'name: two');
    expect((await projectOf(files)).name).toBe('two');
    const env = { COMPOSE_PROJECT_NAME: 'three' };
    expect((await projectOf(files, { env })).name).toBe('three');
    expect((await projectOf(files, { env, projectName: 'four' })).name).toBe('four');
  });

  it('must have a letter or digit', async () => {
    expect(await mistakesIn(named('"-"'))).toEqual([
      '1:7 COMPOSE_PROJECT_NAME: project name must not be empty -> write letters, digits, dashes or underscores in `name:`, or use -p',
    ]);
    expect(await mistakesIn(named('$NONE'))).toEqual([
      '1:7 COMPOSE_PROJECT_NAME: project name must not be empty -> write letters, digits, dashes or underscores in `name:`, or use -p',
    ]);
  });

  it('is not made fit where it is given with the command', async () => {
    expect(await mistakesIn(named('one'), { projectName: 'My Shop' })).toEqual([
      'COMPOSE_PROJECT_NAME: invalid project name "My Shop": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number -> "myshop" would do',
    ]);
  });

  it('is text', async () => {
    expect(await placesIn(named('5'))).toEqual(['1:7 COMPOSE_TYPE']);
    expect(await placesIn(named('[a]'))).toEqual(['1:1 COMPOSE_TYPE']);
  });
});
