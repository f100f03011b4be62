import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using, warningsIn } from '../load/loading.ts';

describe('networks.ipam', () => {
  it('is always printed, however empty it is', async () => {
    expect((await configOf(using('networks', '{ipam: {config: []}}'))).networks).toEqual({
      one: { name: 'p_one', ipam: {} },
    });
  });

  it('gives pools of addresses, with a range, a gateway and addresses that are taken', async () => {
    const yaml = using(
      'networks',
      '{ipam: {driver: default, config: [{subnet: 10.9.0.0/24, ip_range: 10.9.0.128/25, gateway: 10.9.0.1, aux_addresses: {host: 10.9.0.9}}, {subnet: "$SIX"}]}}',
    );
    const env = { SIX: 'fd00:9::/64' };
    expect((await configOf(yaml, { env })).networks).toEqual({
      one: {
        name: 'p_one',
        ipam: {
          driver: 'default',
          config: [
            {
              subnet: '10.9.0.0/24',
              gateway: '10.9.0.1',
              ip_range: '10.9.0.128/25',
              aux_addresses: { host: '10.9.0.9' },
            },
            { subnet: 'fd00:9::/64' },
          ],
        },
      },
    });
    expect((await projectOf(yaml, { env })).networks.one!.ipam).toEqual({
      driver: 'default',
      config: [
        {
          subnet: '10.9.0.0/24',
          gateway: '10.9.0.1',
          ipRange: '10.9.0.128/25',
          auxAddresses: { host: '10.9.0.9' },
        },
        { subnet: 'fd00:9::/64' },
      ],
    });
  });

  it('has the pools of an override, which are laid over those of the same subnet', async () => {
    const files = overridden(
      using(
        'networks',
        '{ipam: {config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.1}, {subnet: 10.9.2.0/24}]}}',
      ),
      using(
        'networks',
        '{ipam: {config: [{subnet: 10.9.1.0/24}, {subnet: 10.9.0.0/24, ip_range: 10.9.0.0/25}]}}',
      ),
    );
    expect((await configOf(files)).networks).toEqual({
      one: {
        name: 'p_one',
        ipam: {
          config: [
            { subnet: '10.9.1.0/24' },
            { subnet: '10.9.0.0/24', gateway: '10.9.0.1', ip_range: '10.9.0.0/25' },
          ],
        },
      },
    });
  });

  it('takes options of a driver and leaves them out of what it prints, as the reference does', async () => {
    const yaml = using('networks', '{ipam: {options: {a: b}}}');
    expect((await configOf(yaml)).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
  });

  it('warns of drivers and options, which have no effect', async () => {
    expect(await warningsIn(using('networks', '{ipam: {driver: own, options: {a: b}}}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: networks.ipam.driver, networks.ipam.options',
    ]);
  });

  it.each([
    ['a', '2:15 COMPOSE_TYPE'],
    ['{driver: 1}', '2:24 COMPOSE_TYPE'],
    ['{options: [a]}', '2:16 COMPOSE_TYPE'],
    ['{options: {a: 1}}', '2:29 COMPOSE_TYPE'],
    ['{config: {}}', '2:16 COMPOSE_TYPE'],
    ['{config: [a]}', '2:25 COMPOSE_TYPE'],
    ['{config: [{subnet: 10}]}', '2:34 COMPOSE_TYPE'],
    ['{config: [{gateway: 10}]}', '2:35 COMPOSE_TYPE'],
    ['{config: [{ip_range: [a]}]}', '2:26 COMPOSE_TYPE'],
    ['{config: [{aux_addresses: [a]}]}', '2:26 COMPOSE_TYPE'],
    ['{config: [{subnett: 10.9.0.0/24}]}', '2:26 COMPOSE_UNKNOWN_KEY'],
    ['{cofig: []}', '2:16 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (ipam, place) => {
    expect(await placesIn(using('networks', `{ipam: ${ipam}}`))).toEqual([place]);
  });
});
