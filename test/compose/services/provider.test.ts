import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn } from '../load/loading.ts';

const of = (provider: string): string => `services:\n  db:\n    provider: ${provider}\n`;
const read = { purpose: 'read' } as const;

async function providerIn(yaml: Parameters<typeof configOf>[0], given = {}) {
  return (await configOf(yaml, { ...read, ...given })).services;
}

describe('provider', () => {
  it('is a program and its options, each of which is a list of texts; it needs no image and no network', async () => {
    expect(
      await providerIn(of('{type: cloud, options: {kind: mysql, size: 5, fast: true, tags: [a, 2]}}')),
    ).toEqual({
      db: {
        command: null,
        entrypoint: null,
        provider: {
          type: 'cloud',
          options: { fast: ['true'], kind: ['mysql'], size: ['5'], tags: ['a', '2'] },
        },
      },
    });
  });

  it('may hold variables', async () => {
    const yaml = of('{type: $CLOUD, options: {kind: $KIND}}');
    expect(await providerIn(yaml, { env: { CLOUD: 'aws', KIND: 'pg' } })).toMatchObject({
      db: { provider: { type: 'aws', options: { kind: ['pg'] } } },
    });
  });

  it('is replaced as a whole by an override', async () => {
    const files = overridden(of('{type: cloud, options: {kind: mysql}}'), of('{type: other}'));
    expect(await providerIn(files)).toEqual({
      db: { command: null, entrypoint: null, provider: { type: 'other' } },
    });
  });

  it('may be depended on', async () => {
    const yaml = `${of('{type: cloud}')}  web: {image: x, depends_on: [db]}\n`;
    expect(await providerIn(yaml)).toMatchObject({
      web: { depends_on: { db: { condition: 'service_started', required: true } } },
    });
  });

  it('is refused when the project is to be started', async () => {
    expect(await mistakesIn(of('{type: cloud}'))).toEqual([
      '2:3 COMPOSE_UNSUPPORTED: services.db: services that a program provides are not supported -> take `provider:` out, or give the service a profile that is off',
    ]);
  });

  it.each([
    ['cloud', '3:15 COMPOSE_TYPE'],
    ['{options: {a: b}}', '3:5 COMPOSE_MISSING_KEY'],
    ['{type: 5}', '3:22 COMPOSE_TYPE'],
    ['{type: a, options: [b]}', '3:25 COMPOSE_TYPE'],
    ['{type: a, options: {b: {c: d}}}', '3:35 COMPOSE_TYPE'],
    ['{type: a, option: {b: c}}', '3:25 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(of(written), read)).toEqual([place]);
  });
});
