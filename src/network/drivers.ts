/** Which kinds of network there are, and what their options may say. */
import { TscomposeError } from '../errors.ts';
import type { NetworkRecord, NetworkRequest } from './network.ts';

/**
 * The interface that the request names for its network: a bridge of its own name, a macvlan's parent.
 * `undefined`: the name is ours to choose.
 * @throws TscomposeError `NETWORK_DRIVER_UNSUPPORTED`, `NETWORK_OPTION_INVALID`
 */
export function checkDriver(request: NetworkRequest): string | undefined {
  const { name, driverOptions } = request;
  const mtu = driverOptions['com.docker.network.driver.mtu'];
  if (mtu !== undefined && !(Number(mtu) >= 68 && Number(mtu) <= 65_535))
    throw optionInvalid(name, `the MTU "${mtu}" is no number from 68 to 65535`);
  const driver = driverOf(request);
  const interfaceOption = interfaceOptions[driver];
  if (interfaceOption === undefined) throw unsupported(name, driver);
  const chosen = driverOptions[interfaceOption];
  if (chosen !== undefined && !/^[^\s/:]{1,15}$/.test(chosen))
    throw optionInvalid(name, `"${chosen}" cannot be the name of an interface (at most 15 characters)`);
  if (chosen === undefined && driver === 'macvlan')
    throw optionInvalid(name, 'a macvlan network needs the interface it stands on');
  if (driver === 'macvlan' && (driverOptions.macvlan_mode ?? 'bridge') !== 'bridge')
    throw optionInvalid(
      name,
      `the macvlan mode "${driverOptions.macvlan_mode}" is not available, only "bridge"`,
    );
  return chosen;
}

export function driverOf({ driver }: NetworkRequest): string {
  return driver === '' ? 'bridge' : driver;
}

const interfaceOptions: Readonly<Record<string, string>> = {
  bridge: 'com.docker.network.bridge.name',
  macvlan: 'parent',
};

type Standing = Pick<NetworkRecord, 'name' | 'driver' | 'bridge'>;

/**
 * Whether the interface that the request names can be had: a macvlan's parent must be there; a bridge's name must be
 * nobody's, for the bridge goes with the network.
 * @throws TscomposeError `NETWORK_PARENT_UNKNOWN`, `NETWORK_OPTION_INVALID`
 */
export function checkInterface(network: Standing, exists: (name: string) => boolean): void {
  const { driver, bridge } = network;
  if (driver === 'macvlan' && !exists(bridge)) throw parentUnknown(network);
  if (driver !== 'macvlan' && exists(bridge)) throw bridgeTaken(network);
}

export function bridgeTaken({ name, bridge }: Standing): TscomposeError {
  return new TscomposeError(
    'NETWORK_OPTION_INVALID',
    `network ${name}: the interface ${bridge} exists already`,
    { hint: 'choose a name that no interface has, or leave com.docker.network.bridge.name out' },
  );
}

export function parentUnknown({ name, bridge }: Standing): TscomposeError {
  return new TscomposeError('NETWORK_PARENT_UNKNOWN', `network ${name}: there is no interface ${bridge}`, {
    hint: 'name one that "ip link" shows, with driver_opts: parent',
  });
}

function unsupported(name: string, driver: string): TscomposeError {
  const hint =
    driver === 'overlay'
      ? 'overlay networks span machines; on one machine use the driver "bridge"'
      : 'use the driver "bridge" or "macvlan"';
  return new TscomposeError(
    'NETWORK_DRIVER_UNSUPPORTED',
    `network ${name}: the driver "${driver}" is not available`,
    { hint },
  );
}

function optionInvalid(name: string, what: string): TscomposeError {
  return new TscomposeError('NETWORK_OPTION_INVALID', `network ${name}: ${what}`, {
    hint: 'see driver_opts of the network: parent, com.docker.network.bridge.name, com.docker.network.driver.mtu',
  });
}
