import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

const db = '  db: {image: x}\n';

describe('network_mode', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['host', { kind: 'host' }],
    ['bridge', { kind: 'bridge' }],
    ['default', { kind: 'bridge' }],
    ['container:db-1', { kind: 'container', container: 'db-1' }],
  ])('%s stands instead of networks', async (mode, networkMode) => {
    expect(await canonicalOf(web(`network_mode: ${mode}`))).toEqual({ network_mode: mode });
    expect(await serviceOf(web(`network_mode: ${mode}`))).toMatchObject({ networkMode, networks: {} });
  });

  it('is absent when nothing is said: the service is on the default network', async () => {
    const { networkMode, networks } = await serviceOf(web());
    expect({ networkMode, networks }).toEqual({
      networkMode: undefined,
      networks: { default: { aliases: [] } },
    });
  });

  it('counts as nothing said when it is empty, as a variable may leave it', async () => {
    const yaml = web('network_mode: ${MODE:-}');
    expect(await canonicalOf(yaml)).toEqual({});
    expect((await serviceOf(yaml)).networks).toEqual({ default: { aliases: [] } });
    expect(await mistakesIn(web('network_mode: ""', 'networks: [default]'))).toEqual([]);
  });

  it('of another service implies that it is started first, and this one anew with it', async () => {
    expect(await canonicalOf(web('network_mode: service:db') + db)).toEqual({
      network_mode: 'service:db',
      depends_on: { db: { condition: 'service_started', restart: true, required: true } },
    });
    expect((await serviceOf(web('network_mode: service:db') + db)).networkMode).toEqual({
      kind: 'service',
      service: 'db',
    });
  });

  it('may hold variables, and is replaced by what is laid over it', async () => {
    const given = { env: { NAME: 'db' }, declared: db };
    expect(await mergedOf('network_mode: host', 'network_mode: service:${NAME}', given)).toMatchObject({
      network_mode: 'service:db',
    });
  });

  it('is refused beside networks', async () => {
    expect(await mistakesIn(web('network_mode: host', 'networks: [default]'))).toEqual([
      '4:5 COMPOSE_CONFLICT: service web declares mutually exclusive `network_mode` and `networks` -> keep `networks:` to join networks, `network_mode:` to use none or those of something else',
    ]);
  });

  it('is refused beside what belongs to the network that it joins', async () => {
    const attributes = ['ports: [80]', 'dns: 1.1.1.1', 'extra_hosts: [a=10.0.0.1]', 'dns_search: a.b'];
    expect(await placesIn(web('network_mode: service:db', ...attributes) + db)).toEqual([
      '5:5 COMPOSE_VALUE',
      '6:5 COMPOSE_VALUE',
      '7:5 COMPOSE_VALUE',
      '8:5 COMPOSE_VALUE',
    ]);
    expect(await mistakesIn(web('network_mode: service:db', 'ports: [80]') + db)).toEqual([
      '5:5 COMPOSE_VALUE: services.web.ports: the network is that of service:db, and this belongs to it -> write it there, or drop `network_mode: service:db`',
    ]);
  });

  it('is refused where it is no mode, or of a service that does not exist', async () => {
    expect(await mistakesIn(web('network_mode: hots'))).toEqual([
      '4:19 COMPOSE_VALUE: services.web.network_mode: "hots" is no mode -> did you mean "host"?',
    ]);
    expect(await mistakesIn(web('network_mode: service:dv') + db)).toEqual([
      '4:19 COMPOSE_UNDEFINED: service "web" depends on undefined service "dv" -> did you mean "db"?',
    ]);
    expect(await placesIn(web('network_mode: [host]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
