import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

const db = '  db: {image: x}\n  cache: {image: x}\n';
const dependency = { condition: 'service_started', restart: true, required: true };

describe('links', () => {
  it('name services, with another name to reach them by if wanted', async () => {
    const yaml = `${web('links: [db, "cache:redis"]')}${db}`;
    expect(await canonicalOf(yaml)).toMatchObject({ links: ['db', 'cache:redis'] });
    expect((await serviceOf(yaml)).links).toEqual({ db: 'db', redis: 'cache' });
  });

  it('imply that what is linked starts first, and this one anew with it', async () => {
    expect(await canonicalOf(`${web('links: [db, "db:database"]')}${db}`)).toEqual({
      links: ['db', 'db:database'],
      depends_on: { db: dependency },
    });
  });

  it('leave a dependency as it is written', async () => {
    const yaml = `${web('links: [db]', 'depends_on: {db: {condition: service_healthy}}')}${db}`;
    expect(await canonicalOf(yaml)).toEqual({
      links: ['db'],
      depends_on: { db: { condition: 'service_healthy', required: true } },
    });
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web('links: []'))).toEqual({});
    expect((await serviceOf(web())).links).toEqual({});
  });

  it('may hold variables', async () => {
    const yaml = `${web('links: ["db:${ALIAS}"]')}${db}`;
    expect((await serviceOf(yaml, { env: { ALIAS: 'pg' } })).links).toEqual({ pg: 'db' });
  });

  it('are added to by what is laid over them, each once', async () => {
    const merged = await mergedOf('links: [db, "db:a"]', 'links: ["db:b", db]', { declared: db });
    expect(merged).toMatchObject({ links: ['db', 'db:a', 'db:b'] });
  });

  it('are refused where there is no such service, or they are no list of texts', async () => {
    expect(await mistakesIn(`${web('links: [dv]')}${db}`)).toEqual([
      '4:13 COMPOSE_UNDEFINED: service "web" depends on undefined service "dv" -> did you mean "db"?',
    ]);
    expect(await placesIn(web('links: db'))).toEqual(['4:12 COMPOSE_TYPE']);
    expect(await placesIn(web('links: [{db: a}]'))).toEqual(['4:13 COMPOSE_TYPE']);
  });
});
