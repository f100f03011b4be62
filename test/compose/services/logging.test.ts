import { describe, expect, it, test } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, projectOf, warningsIn, web } from '../load/loading.ts';

test.each([
  ['{}', undefined],
  ['{driver: json-file}', undefined],
  ['{driver: json-file, options: {max-file: "3"}}', undefined],
  ['{driver: json-file, options: {max-size: 10m}}', { kind: 'bounded', maxBytes: 10_000_000, maxFiles: 1 }],
  ['{options: {max-size: 200k, max-file: 3}}', { kind: 'bounded', maxBytes: 200_000, maxFiles: 3 }],
  ['{driver: local}', { kind: 'bounded', maxBytes: 20 * 1024 * 1024, maxFiles: 5 }],
  ['{driver: local, options: {max-size: 1g}}', { kind: 'bounded', maxBytes: 1e9, maxFiles: 5 }],
  ['{driver: none}', { kind: 'none' }],
  ['{driver: syslog, options: {max-size: 10m}}', undefined],
])('logging %s keeps %j', async (logging, expected) => {
  const project = await projectOf(web(`logging: ${logging}`));
  expect(project.services.web!.logging).toEqual(expected);
});

describe('logging', () => {
  it('is a driver and its options, which are printed as text', async () => {
    expect(
      await canonicalOf(web('logging: {driver: syslog, options: {tag: web, max-file: 3, env: }}')),
    ).toEqual({
      logging: { driver: 'syslog', options: { env: '', 'max-file': '3', tag: 'web' } },
    });
    expect(await canonicalOf(web('logging: {options: {max-size: 10m}}'))).toEqual({
      logging: { options: { 'max-size': '10m' } },
    });
  });

  it('may hold variables', async () => {
    const env = { DRIVER: 'local', KEEP: '4' };
    expect(await canonicalOf(web('logging: {driver: $DRIVER, options: {max-file: $KEEP}}'), { env })).toEqual(
      {
        logging: { driver: 'local', options: { 'max-file': '4' } },
      },
    );
  });

  it('merges options when both name the same driver, or one of them names none', async () => {
    const base = 'logging: {driver: local, options: {max-size: 1m, max-file: 2}}';
    const options = { 'max-file': '3', 'max-size': '1m' };
    expect(await mergedOf(base, 'logging: {options: {max-file: 3}}')).toEqual({
      logging: { driver: 'local', options },
    });
    expect(await mergedOf(base, 'logging: {driver: local, options: {max-file: 3}}')).toEqual({
      logging: { driver: 'local', options },
    });
    expect(await mergedOf('logging: {options: {max-size: 1m}}', 'logging: {driver: local}')).toEqual({
      logging: { driver: 'local', options: { 'max-size': '1m' } },
    });
  });

  it('is replaced as a whole by another driver, whose options are its own', async () => {
    const base = 'logging: {driver: syslog, options: {syslog-facility: daemon}}';
    expect(await mergedOf(base, 'logging: {driver: local}')).toEqual({ logging: { driver: 'local' } });
  });

  it('warns of drivers and options that change nothing', async () => {
    expect(await warningsIn(web('logging: {driver: gelf, options: {tag: web, max-size: 1m}}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.logging.driver, services.logging.options',
    ]);
    expect(await warningsIn(web('logging: {driver: json-file, options: {max-size: 1m}}'))).toEqual([]);
  });

  it('is refused where an option that is carried out cannot be', async () => {
    expect(await mistakesIn(web('logging:\n  options:\n    max-size: 0\n    max-file: none'))).toEqual([
      '6:19 COMPOSE_VALUE: services.web.logging.options.max-size: "0" is no size above 0 -> write a size such as 10m',
      '7:19 COMPOSE_VALUE: services.web.logging.options.max-file: "none" is no number of files -> write 1 or more',
    ]);
  });

  it.each([
    ['json-file', '4:14 COMPOSE_TYPE'],
    ['{driver: 1}', '4:23 COMPOSE_TYPE'],
    ['{options: [max-size=1m]}', '4:15 COMPOSE_TYPE'],
    ['{options: {compress: true}}', '4:35 COMPOSE_TYPE'],
    ['{drivers: local}', '4:15 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`logging: ${written}`))).toEqual([place]);
  });
});
