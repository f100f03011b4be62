/**
 * The machine's switches for passing packets on. As with Docker, a machine that we switch on passes on nothing but
 * what is ours; with the last network the switch goes back, unless somebody else may have come to rely on it.
 */
import { join } from 'node:path';
import type { Directories } from '../host/directories.ts';
import type { Files } from '../host/files.ts';
import type { Netlink } from '../host/netlink.ts';
import type { Filter } from './filter.ts';
import type { NetworkRecord } from './network.ts';
import type { Family } from './ruleset.ts';

export interface Forwarding {
  /** Recalls what an agent before us has switched on. */
  open(): Promise<void>;
  /** Switches on what the network needs. */
  ensure(record: NetworkRecord): Promise<void>;
  /** Switches off what we switched on. */
  release(): Promise<void>;
}

export interface ForwardingParts {
  readonly files: Files;
  readonly netlink: Netlink;
  readonly filter: Filter;
  readonly directories: Pick<Directories, 'run'>;
  isOurs(interfaceName: string): boolean;
}

interface Remembered {
  /** A reboot has switched everything back. */
  readonly bootId: string;
  readonly families: readonly Family[];
}

const sixRoot = '/proc/sys/net/ipv6/conf';
const switches: Readonly<Record<Family, string>> = {
  ipv4: '/proc/sys/net/ipv4/ip_forward',
  ipv6: `${sixRoot}/all/forwarding`,
};

export function createForwarding({
  files,
  netlink,
  filter,
  directories,
  isOurs,
}: ForwardingParts): Forwarding {
  const path = join(directories.run, 'forwarding.json');
  let ours: readonly Family[] = [];

  const bootId = async (): Promise<string> =>
    (await files.readText('/proc/sys/kernel/random/boot_id'))?.trim() ?? '';

  const switchOn = async (family: Family): Promise<void> => {
    if ((await files.readText(switches[family]))?.trim() === '1') return;
    const families = [...new Set([...ours, family])];
    await files.makeDirectory(directories.run, 0o700);
    await files.writeAtomic(path, JSON.stringify({ bootId: await bootId(), families }));
    // First the rule: between the two nothing of others may pass.
    await filter.addStrangers([family]);
    if (family === 'ipv6') await keepTakingRoutes(files);
    await files.write(switches[family], '1');
    ours = families;
  };

  /** Bridges, tunnels and the like, whose owners may have found the switch on. */
  const hasOthers = async (): Promise<boolean> => {
    const virtual = new Set((await files.list('/sys/devices/virtual/net')).map(({ name }) => name));
    return (await netlink.links()).some(
      ({ name, up }) => up && name !== 'lo' && virtual.has(name) && !isOurs(name),
    );
  };

  return {
    open: async () => {
      const remembered = JSON.parse((await files.readText(path)) ?? 'null') as Remembered | null;
      if (remembered?.bootId === (await bootId())) ours = remembered.families;
      filter.recallStrangers(ours);
    },
    ensure: async (record) => {
      if (record.internal) return;
      await switchOn('ipv4');
      if (record.ipv6 !== undefined) await switchOn('ipv6');
    },
    release: async () => {
      for (const family of ours) {
        if (await hasOthers()) break;
        await files.write(switches[family], '0');
        // Whoever came between the look and the writing found it on.
        if (await hasOthers()) await files.write(switches[family], '1');
      }
      ours = [];
      await files.remove(path);
    },
  };
}

/** The host goes on taking its own IPv6 routes from routers, which a router would not. */
async function keepTakingRoutes(files: Files): Promise<void> {
  for (const { name } of await files.list(sixRoot)) {
    const path = `${sixRoot}/${name}/accept_ra`;
    if ((await files.readText(path))?.trim() === '1') await files.write(path, '2');
  }
}
