/**
 * Our table of the packet filter: what should be in it, and the way there. Changes are made element by element;
 * when one does not fit (somebody has flushed the rules, or an agent before us left things behind) the whole
 * table is written anew, in one transaction. It is also looked after: a firewall that is loaded anew takes
 * everybody's rules away, and containers would be cut off until the next change.
 */
import { HostError } from '../errors.ts';
import type { NetworkKernel } from './kernel.ts';
import type { Family, FilteredNetwork, PublishedPort } from './ruleset.ts';
import { addStrangers, changeNetwork, changePorts, noTable, wholeTable } from './ruleset.ts';

export interface Filter {
  /** Notes what an agent before us has done, for when the table is first written. */
  recallNetwork(network: FilteredNetwork): void;
  recallPorts(containerId: string, ports: readonly PublishedPort[]): void;
  recallStrangers(families: readonly Family[]): void;
  addNetwork(network: FilteredNetwork): Promise<void>;
  removeNetwork(bridge: string): Promise<void>;
  /** From now on nothing of these families is passed on that is not ours, until the table is dropped. */
  addStrangers(families: readonly Family[]): Promise<void>;
  publish(containerId: string, ports: readonly PublishedPort[]): Promise<void>;
  unpublish(containerId: string): Promise<void>;
  /** Makes the table what it should be, unless this process has already done so. */
  settle(): Promise<void>;
  drop(): Promise<void>;
}

/** So often we look whether our table still stands; a look costs a quarter of a millisecond. */
const lookMs = 3_000;

export function createFilter(kernel: NetworkKernel, table: string): Filter {
  const networks = new Map<string, FilteredNetwork>();
  const ports = new Map<string, readonly PublishedPort[]>();
  const strangers = new Set<Family>();
  /** The table is as this process left it. */
  let settled = false;
  let watch: NodeJS.Timeout | undefined;

  const run = async (commands: string, purpose: string): Promise<'done' | HostError> => {
    try {
      await kernel.filter(commands, purpose);
      return 'done';
    } catch (error) {
      if (error instanceof HostError && error.code === 'HOST_NFT') return error;
      throw error;
    }
  };
  const look = async (): Promise<void> => {
    const found = await run(`list chain inet ${table} postrouting`, 'look after the table');
    if (settled && found !== 'done') await rewrite();
  };
  const rewrite = async (): Promise<void> => {
    settled = true;
    watch ??= setInterval(() => void look().catch(lookAgain), lookMs).unref();
    const purpose = 'set up the packet filter';
    const text = wholeTable(table, [...networks.values()], [...ports.values()].flat(), [...strangers]);
    if ((await run(text, purpose)) === 'done') return;
    // A table of ours, but of another version of ours.
    const last = await run(`${noTable(table)}\n${text}`, purpose);
    if (last === 'done') return;
    settled = false;
    throw last;
  };
  const change = async (commands: string, purpose: string): Promise<void> => {
    if (!settled) return rewrite();
    if (commands !== '' && (await run(commands, purpose)) !== 'done') await rewrite();
  };

  const forgetFlows = async (published: readonly PublishedPort[]): Promise<void> => {
    for (const { binding } of published)
      if (binding.protocol === 'udp') await kernel.forgetUdpFlows(binding.hostPort);
  };

  return {
    recallNetwork: (network) => void networks.set(network.bridge, network),
    recallPorts: (containerId, published) => {
      if (!settled) ports.set(containerId, published);
    },
    recallStrangers: (families) => {
      for (const family of families) strangers.add(family);
    },
    addNetwork: async (network) => {
      if (settled && networks.has(network.bridge)) return;
      networks.set(network.bridge, network);
      await change(changeNetwork('add', table, network), `add ${network.bridge} to the packet filter`);
    },
    removeNetwork: async (bridge) => {
      const network = networks.get(bridge);
      if (network === undefined) return;
      networks.delete(bridge);
      await change(changeNetwork('delete', table, network), `remove ${bridge} from the packet filter`);
    },
    addStrangers: async (families) => {
      const added = families.filter((family) => !settled || !strangers.has(family));
      for (const family of added) strangers.add(family);
      if (added.length > 0) await change(addStrangers(table, added), 'keep the machine from being a router');
    },
    publish: async (containerId, published) => {
      const before = ports.get(containerId) ?? [];
      ports.set(containerId, published);
      const commands = [changePorts('delete', table, before), changePorts('add', table, published)];
      await change(commands.filter((text) => text !== '').join('\n'), 'publish ports');
      await forgetFlows(published);
    },
    unpublish: async (containerId) => {
      const before = ports.get(containerId);
      if (before === undefined) return;
      ports.delete(containerId);
      await change(changePorts('delete', table, before), 'withdraw published ports');
      await forgetFlows(before);
    },
    settle: async () => {
      if (!settled) await rewrite();
    },
    drop: async () => {
      networks.clear();
      ports.clear();
      strangers.clear();
      settled = false;
      clearInterval(watch);
      watch = undefined;
      // Asking first: removing what was made only to be removed would still cost the wait of a deletion.
      if ((await run(`list table inet ${table}`, 'look for the table')) !== 'done') return;
      await kernel.filter(noTable(table), 'remove the table of the packet filter');
    },
  };
}

/** What the kernel refuses now is tried again with the next look, or the next change tells of it. */
function lookAgain(error: unknown): void {
  if (!(error instanceof HostError)) throw error;
}
