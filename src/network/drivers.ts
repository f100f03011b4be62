/** Which kinds of network there are, and what their options may say. */
import { TscomposeError } from '../errors.ts';
import type { NetworkRequest } from './network.ts';

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
  const driver = request.driver === '' ? 'bridge' : request.driver;
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

const interfaceOptions: Readonly<Record<string, string>> = {
  bridge: 'com.docker.network.bridge.name',
  macvlan: 'parent',
};

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
