/**
 * Docker's default bridge: containers of `network_mode: bridge` share it, and find each other by address only.
 * Here it is made for the first of them, and goes with the last.
 */
import { TscomposeError } from '../errors.ts';
import { createTurns } from '../host/turns.ts';
import type { NetworkManager } from '../network/network.ts';

export const defaultBridge = 'bridge';

/** Between "there it is" and "here is my address" nobody may take it away. */
const turns = createTurns();

export function onDefaultBridge<Result>(
  networks: NetworkManager,
  use: () => Promise<Result>,
): Promise<Result> {
  return turns.take(defaultBridge, async () => {
    await networks.create({
      name: defaultBridge,
      driver: 'bridge',
      driverOptions: {},
      internal: false,
      enableIpv6: false,
      subnets: [],
      labels: {},
    });
    return use();
  });
}

/** Removes it when nobody is on it any more. Not being there is fine. */
export function leaveDefaultBridge(networks: NetworkManager): Promise<void> {
  return turns.take(defaultBridge, async () => {
    try {
      await networks.remove(defaultBridge);
    } catch (error) {
      if (!(error instanceof TscomposeError && error.code === 'NETWORK_IN_USE')) throw error;
    }
  });
}
