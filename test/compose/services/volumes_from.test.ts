import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, warningsIn, web } from '../load/loading.ts';

const db = '  db: {image: x, volumes: [/data]}\n';
const dependency = { condition: 'service_started', required: true };

describe('volumes_from', () => {
  it('names services and containers, with the access if wanted', async () => {
    expect(
      await canonicalOf(web('volumes_from: ["db:ro", "container:legacy", "container:old:rw"]') + db),
    ).toEqual({
      volumes_from: ['db:ro', 'container:legacy', 'container:old:rw'],
      depends_on: { db: dependency },
    });
  });

  it('implies that a service is started first, but not that this one starts anew with it', async () => {
    expect(await canonicalOf(web('volumes_from: [db]') + db)).toEqual({
      volumes_from: ['db'],
      depends_on: { db: dependency },
    });
  });

  it('may hold variables, and is added to by what is laid over it', async () => {
    const given = { env: { FROM: 'db' }, declared: db };
    expect(await mergedOf('volumes_from: ["container:a"]', 'volumes_from: [$FROM]', given)).toMatchObject({
      volumes_from: ['container:a', 'db'],
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('volumes_from: [db]') + db)).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.volumes_from',
    ]);
  });

  it('is refused where there is no such service', async () => {
    expect(await mistakesIn(web('volumes_from: ["bd:ro"]') + db)).toEqual([
      '4:20 COMPOSE_UNDEFINED: service "web" depends on undefined service "bd" -> did you mean "db"?',
    ]);
  });

  it.each([
    ['db', '4:19 COMPOSE_TYPE'],
    ['[{db: ro}]', '4:20 COMPOSE_TYPE'],
    ['{db: ro}', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`volumes_from: ${written}`) + db)).toEqual([place]);
  });
});
