/** A machine that notes what it is asked and plays back what the test wants. */
import { Duplex } from 'node:stream';
import { HostError } from '../../src/errors.ts';
import type { Netlink } from '../../src/host/netlink.ts';
import type { AddressEntry, Link, NetlinkOp, RouteEntry } from '../../src/host/netlink-ops.ts';
import type { BoundSocket } from '../../src/host/sockets.ts';
import type { NetworkKernel } from '../../src/network/kernel.ts';

export interface FakeKernel extends NetworkKernel {
  /** Operations by namespace: `host`, or `pid 7`. */
  readonly ops: { readonly where: string; readonly op: NetlinkOp }[];
  /** nftables commands, likewise. */
  readonly filters: { readonly where: string; readonly commands: string }[];
  /** `tcp 0.0.0.0:80`, while bound. */
  readonly bound: Set<string>;
  /** Ports of other processes. */
  readonly foreign: Set<string>;
  /** UDP ports whose flows were forgotten. */
  readonly forgotten: number[];
  links: Link[];
  addresses: AddressEntry[];
  routes: RouteEntry[];
  /** Answers an error for an operation or a ruleset, to fail it. */
  refuse: (what: NetlinkOp | string) => string | undefined;
}

export function fakeKernel(): FakeKernel {
  const pids = new Map<number, string>();
  let nextPort = 40_000;
  const kernel: FakeKernel = {
    ops: [],
    filters: [],
    bound: new Set(),
    foreign: new Set(),
    forgotten: [],
    links: [],
    addresses: [],
    routes: [],
    refuse: () => undefined,
    openNamespace: (pid) => {
      const fd = 1_000 + pid;
      pids.set(fd, `pid ${pid}`);
      return { fd, close: () => pids.delete(fd) };
    },
    openNetlink: (namespace) =>
      netlink(kernel, namespace === undefined ? 'host' : (pids.get(namespace.fd) ?? 'gone')),
    interfaceIndex: (name) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0),
    filter: async (commands, purpose, namespace) => {
      const where = namespace === undefined ? 'host' : (pids.get(namespace.fd) ?? 'gone');
      kernel.filters.push({ where, commands });
      const code = kernel.refuse(commands);
      if (code !== undefined) throw new HostError(code, `cannot ${purpose}`);
    },
    forgetUdpFlows: async (port) => void kernel.forgotten.push(port),
    bind: ({ transport, address, port, namespace }) => {
      const actual = port === 0 ? nextPort++ : port;
      const key = `${transport} ${address}:${actual}${namespace === undefined ? '' : ` in ${pids.get(namespace.fd)}`}`;
      if (kernel.bound.has(key) || kernel.foreign.has(key))
        throw new HostError('HOST_EADDRINUSE', `cannot bind ${key}`);
      const code = kernel.refuse(key);
      if (code !== undefined) throw new HostError(code, `cannot bind ${key}`);
      kernel.bound.add(key);
      return boundSocket(actual, () => kernel.bound.delete(key));
    },
    connectUdp: () => ({
      send: () => undefined,
      onMessage: () => undefined,
      onRefused: () => undefined,
      close: () => undefined,
    }),
    connectTcp: () => new Duplex(),
    portHolder: async () => ({ program: 'nginx', pid: 812 }),
  };
  return kernel;
}

function netlink(kernel: FakeKernel, where: string): Netlink {
  return {
    apply: async (ops, tolerated = []) => {
      for (const op of ops) kernel.ops.push({ where, op });
      const codes = ops.flatMap((op) => kernel.refuse(op) ?? []);
      const code = codes.find((one) => !tolerated.includes(one));
      if (code !== undefined) throw new HostError(code, 'refused');
    },
    links: async () => kernel.links,
    addresses: async () => kernel.addresses,
    routes: async () => kernel.routes,
    close: async () => undefined,
  };
}

function boundSocket(port: number, close: () => void): BoundSocket {
  return { port, serveTcp: () => undefined, serveUdp: () => ({ send: () => undefined }), close };
}
