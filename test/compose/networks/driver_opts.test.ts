import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using, warningsIn } from '../load/loading.ts';

const mtu = 'com.docker.network.driver.mtu';

describe('networks.driver_opts', () => {
  it('is a mapping whose values become text, in order of the keys', async () => {
    const yaml = using('networks', `{driver_opts: {parent: $PARENT, ${mtu}: 1400}}`);
    expect((await configOf(yaml, { env: { PARENT: 'eth0' } })).networks).toEqual({
      one: { name: 'p_one', driver_opts: { [mtu]: '1400', parent: 'eth0' }, ipam: {} },
    });
    expect((await projectOf(yaml, { env: { PARENT: 'eth0' } })).networks.one!.driverOptions).toEqual({
      [mtu]: '1400',
      parent: 'eth0',
    });
  });

  it('merges key by key', async () => {
    const files = overridden(
      using('networks', '{driver_opts: {parent: a, macvlan_mode: bridge}}'),
      using('networks', '{driver_opts: {parent: b}}'),
    );
    expect((await configOf(files)).networks).toEqual({
      one: { name: 'p_one', driver_opts: { macvlan_mode: 'bridge', parent: 'b' }, ipam: {} },
    });
  });

  it.each(['driver.mtu', 'bridge.enable_icc', 'bridge.enable_ip_masquerade', 'bridge.name'])(
    'does not warn of com.docker.network.%s, which is carried out',
    async (option) => {
      const yaml = using('networks', `{driver_opts: {com.docker.network.${option}: "1400"}}`);
      expect(await warningsIn(yaml)).toEqual([]);
    },
  );

  it.each(['own', 'com.docker.network.bridge.inhibit_ipv4'])('warns of %s, which is not', async (option) => {
    expect(await warningsIn(using('networks', `{driver_opts: {${option}: "true"}}`))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: networks.driver_opts',
    ]);
  });

  it('is a mapping of single values', async () => {
    expect(await placesIn(using('networks', '{driver_opts: [a]}'))).toEqual(['2:9 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{driver_opts: {a: [1]}}'))).toEqual(['2:23 COMPOSE_TYPE']);
  });
});
