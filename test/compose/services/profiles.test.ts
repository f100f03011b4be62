import { describe, expect, it } from 'vitest';
import { canonicalOf, loadFiles, mergedOf, mistakesIn, placesIn, projectOf, web } from '../load/loading.ts';

const shop = `services:
  web: {image: x}
  db: {image: x, profiles: [data, all]}
  cache: {image: x, profiles: [all]}
`;

/** The names of the services that are on, and of those that are off. */
async function sorted(given: Parameters<typeof projectOf>[1]) {
  const { services, disabledServices } = await projectOf(shop, given);
  return { on: Object.keys(services).sort(), off: Object.keys(disabledServices).sort() };
}

describe('profiles', () => {
  it('are printed as they are written, each once', async () => {
    const given = { profiles: ['debug'] };
    expect(await canonicalOf(web('profiles: [debug, "a b", debug]'), given)).toEqual({
      profiles: ['debug', 'a b'],
    });
  });

  it('turn a service on when one of them is asked for; without any it is always on', async () => {
    expect(await sorted({})).toEqual({ on: ['web'], off: ['cache', 'db'] });
    expect(await sorted({ profiles: ['data'] })).toEqual({ on: ['db', 'web'], off: ['cache'] });
    expect(await sorted({ profiles: ['data', 'all'] })).toEqual({ on: ['cache', 'db', 'web'], off: [] });
    expect(await sorted({ profiles: ['unheard-of'] })).toEqual({ on: ['web'], off: ['cache', 'db'] });
  });

  it('that a variable leaves empty count while no other is asked for', async () => {
    const yaml = 'services:\n  web: {image: x, profiles: ["${P:-}"]}\n  db: {image: x}\n';
    const names = async (given: Parameters<typeof projectOf>[1]) =>
      Object.keys((await projectOf(yaml, given)).services).sort();
    expect(await names({})).toEqual(['db', 'web']);
    expect(await names({ profiles: ['a'] })).toEqual(['db']);
    expect(await names({ env: { P: 'a' } })).toEqual(['db']);
    expect((await projectOf(yaml)).profiles).toEqual([]);
  });

  it('are all asked for with *', async () => {
    expect(await sorted({ profiles: ['*'] })).toEqual({ on: ['cache', 'db', 'web'], off: [] });
  });

  it('are asked for in COMPOSE_PROFILES, blanks or not, when the command line names none', async () => {
    const env = { COMPOSE_PROFILES: ' data , other' };
    expect(await sorted({ env })).toEqual({ on: ['db', 'web'], off: ['cache'] });
    expect(await sorted({ env, profiles: ['all'] })).toEqual({ on: ['cache', 'db', 'web'], off: [] });
  });

  it('are asked for by the name of the service, which takes others of the profile along', async () => {
    expect(await sorted({ services: ['cache'] })).toEqual({ on: ['cache', 'db', 'web'], off: [] });
    expect(await sorted({ services: ['web'] })).toEqual({ on: ['web'], off: ['cache', 'db'] });
  });

  it('may hold variables, and are added to by what is laid over them', async () => {
    const given = { env: { KIND: 'b' }, profiles: ['*'] };
    expect(await mergedOf('profiles: [a, b]', 'profiles: [$KIND, c]', given)).toEqual({
      profiles: ['a', 'b', 'c'],
    });
  });

  it('refuse a service that is on and needs one that is off, unless it can do without', async () => {
    const needing = (dependency: string) => `${shop}  job: {image: x, depends_on: ${dependency}}\n`;
    expect(await mistakesIn(needing('[db]'))).toEqual([
      '5:32 COMPOSE_UNDEFINED: service "job" depends on undefined service "db" -> "db" is off: ask for one of its profiles, or write required: false',
    ]);
    expect(await mistakesIn(needing('[db]'), { profiles: ['data'] })).toEqual([]);
    const optional = '{db: {condition: service_started, required: false}}';
    expect(await mistakesIn(needing(optional))).toEqual([]);
  });

  it('keep what is off out of what is printed and checked', async () => {
    const { project } = await loadFiles({ '/p/compose.yaml': web('profiles: [debug]', 'networks: [gone]') });
    expect(project?.canonical).toEqual({ name: 'p', services: {} });
  });

  it.each([
    ['debug', '4:15 COMPOSE_TYPE'],
    ['[1]', '4:16 COMPOSE_TYPE'],
    ['{debug: true}', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`profiles: ${written}`))).toEqual([place]);
  });
});
