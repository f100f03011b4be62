/**
 * Host ports held for containers. A held port is a bound socket of ours: a clash shows before anything is
 * started, and nobody else can take the port while a container has it.
 */
import { HostError, TscomposeError } from '../errors.ts';
import type { BoundSocket } from '../host/sockets.ts';
import type { NetworkKernel } from './kernel.ts';
import type { PortBinding, PortRequest, TakenPort } from './network.ts';

export interface HeldPort {
  readonly binding: PortBinding;
  /** Serves what the packet filter cannot send on: clients over IPv6. */
  readonly relayed?: BoundSocket;
}

export interface PortBook {
  reserve(containerId: string, containerName: string, ports: readonly PortRequest[]): Promise<PortBinding[]>;
  restore(containerId: string, containerName: string, bindings: readonly PortBinding[]): Promise<void>;
  release(containerId: string): void;
  check(ports: readonly PortRequest[], ignoring: readonly string[]): Promise<TakenPort[]>;
  held(containerId: string): readonly HeldPort[];
  close(): void;
}

interface Holding extends HeldPort {
  readonly sockets: readonly BoundSocket[];
}

interface Holder {
  readonly name: string;
  readonly holdings: Holding[];
}

export function createPortBook(kernel: NetworkKernel): PortBook {
  const holders = new Map<string, Holder>();

  const nameHolder = async (port: PortRequest, hostPort: number, own: string): Promise<string> => {
    for (const { name, holdings } of holders.values()) {
      if (holdings.some(({ binding }) => binding.hostPort === hostPort && binding.protocol === port.protocol))
        return `container ${name}`;
    }
    const found = await kernel.portHolder(port.protocol, hostPort);
    if (found === undefined) return 'another process';
    return found.pid === process.pid ? own : `${found.program} (pid ${found.pid})`;
  };

  const inUse = async (port: PortRequest, own: string): Promise<TscomposeError> => {
    const hostPort = port.published?.start ?? 0;
    const holder = await nameHolder(port, hostPort, own);
    const { end = hostPort } = port.published ?? {};
    const which = end > hostPort ? `every port of ${hostPort}-${end}` : `port ${hostPort}`;
    return new TscomposeError('PORT_IN_USE', `${which}/${port.protocol} is already in use, by ${holder}`, {
      hint: 'stop what holds it, or publish another host port',
      ...(port.at === undefined ? {} : { at: port.at }),
    });
  };

  return {
    reserve: async (containerId, containerName, ports) => {
      const before = [...(holders.get(containerId)?.holdings ?? [])];
      // A restart by policy finds its ports held, and keeps them: also those that were given at random.
      const kept = ports.map((port) => takeOut(before, ({ binding }) => isOf(binding, port)));
      closeAll(before);
      const holdings: Holding[] = [];
      holders.set(containerId, { name: containerName, holdings });
      for (const [index, port] of ports.entries()) {
        const holding = kept[index] ?? take(kernel, port);
        if (holding === undefined) {
          holders.delete(containerId);
          closeAll([...holdings, ...kept.slice(index + 1).filter((one) => one !== undefined)]);
          throw await inUse(port, 'another port of the same container');
        }
        holdings.push(holding);
      }
      return holdings.map(({ binding }) => binding);
    },
    restore: async (containerId, containerName, bindings) => {
      const holder = holders.get(containerId) ?? { name: containerName, holdings: [] };
      holders.set(containerId, holder);
      let refused: PortRequest | undefined;
      for (const binding of bindings) {
        if (holder.holdings.some((held) => isSame(held.binding, binding))) continue;
        const port = requestOf(binding);
        const holding = take(kernel, port);
        if (holding === undefined) refused ??= port;
        else holder.holdings.push(holding);
      }
      if (refused !== undefined) throw await inUse(refused, 'another part of tscompose');
    },
    release: (containerId) => {
      closeAll(holders.get(containerId)?.holdings ?? []);
      holders.delete(containerId);
    },
    check: async (ports, ignoring) => {
      const tried: Holding[] = [];
      const taken: TakenPort[] = [];
      const ours = ignoring.flatMap((id) => holders.get(id)?.holdings ?? []);
      for (const port of ports) {
        if (ours.some(({ binding }) => satisfies(binding, port))) continue;
        const holding = take(kernel, port);
        if (holding !== undefined) tried.push(holding);
        else {
          const hostPort = port.published?.start ?? 0;
          taken.push({
            port,
            hostPort,
            holder: await nameHolder(port, hostPort, 'another service of the project'),
          });
        }
      }
      closeAll(tried);
      return taken;
    },
    held: (containerId) => holders.get(containerId)?.holdings ?? [],
    close: () => {
      for (const { holdings } of holders.values()) closeAll(holdings);
      holders.clear();
    },
  };
}

/** Other processes come and go: a port that is free for IPv4 may be taken for IPv6, then another is tried. */
const maxRandomTries = 32;

/** The first port of the request that can be had; `undefined` when every one is taken. */
function take(kernel: NetworkKernel, port: PortRequest): Holding | undefined {
  const { start, end } = port.published ?? { start: 0, end: maxRandomTries - 1 };
  for (let candidate = start; candidate <= end; candidate += 1) {
    const holding = hold(kernel, port, port.published === undefined ? 0 : candidate);
    if (holding !== undefined) return holding;
  }
  return undefined;
}

function hold(kernel: NetworkKernel, port: PortRequest, wanted: number): Holding | undefined {
  const { hostIp = '' } = port;
  const sockets: BoundSocket[] = [];
  try {
    const hostPort = bindAll(kernel, { transport: port.protocol, address: hostIp, port: wanted }, sockets);
    if (hostPort === 0) throw noFreePort(port);
    const binding = { target: port.target, hostPort, hostIp, protocol: port.protocol };
    const relayed = hostIp.includes(':') ? sockets[0] : sockets[1];
    return { binding, sockets, ...(relayed === undefined ? {} : { relayed }) };
  } catch (error) {
    for (const socket of sockets) socket.close();
    if (isOneOf(error, ['HOST_EADDRINUSE'])) return undefined;
    throw refusal(error, port, hostIp, wanted);
  }
}

/** Binds the address, and without one every address of both families. Answers the port; what was bound is in `sockets`. */
function bindAll(kernel: NetworkKernel, place: Place, sockets: BoundSocket[]): number {
  const first = bound(kernel, { ...place, address: place.address || '0.0.0.0' });
  if (first !== undefined) sockets.push(first);
  const port = first?.port ?? place.port;
  if (place.address !== '' || place.transport === 'sctp') return port;
  const six = boundSix(kernel, { ...place, address: '::', port });
  if (six !== undefined) sockets.push(six);
  return port;
}

interface Place {
  readonly transport: PortBinding['protocol'];
  readonly address: string;
  readonly port: number;
}

/** A kernel may pass SCTP on without having sockets of it: then the port is held in our book only. */
function bound(kernel: NetworkKernel, place: Place): BoundSocket | undefined {
  try {
    return kernel.bind(place);
  } catch (error) {
    if (place.transport === 'sctp' && isOneOf(error, ['HOST_EPROTONOSUPPORT', 'HOST_ESOCKTNOSUPPORT']))
      return undefined;
    throw error;
  }
}

/** A host without IPv6 has no IPv6 clients. */
function boundSix(kernel: NetworkKernel, place: Place): BoundSocket | undefined {
  try {
    return kernel.bind(place);
  } catch (error) {
    if (isOneOf(error, ['HOST_EAFNOSUPPORT', 'HOST_EADDRNOTAVAIL'])) return undefined;
    throw error;
  }
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return error instanceof HostError && codes.includes(error.code);
}

function refusal(error: unknown, port: PortRequest, hostIp: string, hostPort: number): unknown {
  const at = port.at === undefined ? {} : { at: port.at };
  if (isOneOf(error, ['HOST_EADDRNOTAVAIL', 'HOST_EAFNOSUPPORT']))
    return new TscomposeError('PORT_ADDRESS_UNKNOWN', `the address ${hostIp} is not one of this host’s`, {
      cause: error,
      hint: 'publish on 127.0.0.1, on 0.0.0.0 or on an address that "ip address" shows',
      ...at,
    });
  if (isOneOf(error, ['HOST_EACCES', 'HOST_EPERM']))
    return new TscomposeError('PORT_FORBIDDEN', `this user may not use port ${hostPort}/${port.protocol}`, {
      cause: error,
      hint: 'choose a port from 1024 on, or lower net.ipv4.ip_unprivileged_port_start',
      ...at,
    });
  return error;
}

function noFreePort(port: PortRequest): TscomposeError {
  return new TscomposeError(
    'PORT_UNSUPPORTED',
    `a free ${port.protocol} port cannot be found on this kernel`,
    {
      hint: 'name the host port',
      ...(port.at === undefined ? {} : { at: port.at }),
    },
  );
}

function requestOf(binding: PortBinding): PortRequest {
  const { target, hostPort, hostIp, protocol } = binding;
  return { target, hostIp, protocol, published: { start: hostPort, end: hostPort } };
}

function satisfies(binding: PortBinding, port: PortRequest): boolean {
  const { start, end } = port.published ?? { start: 0, end: 65_535 };
  return binding.protocol === port.protocol && binding.hostPort >= start && binding.hostPort <= end;
}

function isOf(binding: PortBinding, port: PortRequest): boolean {
  const isThere = binding.target === port.target && binding.hostIp === (port.hostIp ?? '');
  return isThere && satisfies(binding, port);
}

function takeOut<T>(list: T[], fits: (one: T) => boolean): T | undefined {
  const index = list.findIndex(fits);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}

function isSame(one: PortBinding, other: PortBinding): boolean {
  return one.protocol === other.protocol && one.hostPort === other.hostPort && one.hostIp === other.hostIp;
}

function closeAll(holdings: readonly Holding[]): void {
  for (const socket of holdings.flatMap(({ sockets }) => sockets)) socket.close();
}
