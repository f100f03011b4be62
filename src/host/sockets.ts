/**
 * Sockets that Node cannot make itself: bound without listening, or within another network namespace.
 * Once made they are ordinary: Node serves them from its event loop.
 */
import { createSocket } from 'node:dgram';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer, isIPv6, Socket as NetSocket } from 'node:net';
import { HostError } from '../errors.ts';
import { checked, native } from './libc.ts';
import type { Namespace } from './namespaces.ts';
import { within } from './namespaces.ts';
import { addressBytes } from './netlink-addresses.ts';

export type Transport = 'tcp' | 'udp' | 'sctp';

export interface BindRequest {
  readonly transport: Transport;
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly namespace?: Namespace;
}

/** A port that is ours. Nobody is served until `serve…`; a TCP client is refused until then. */
export interface BoundSocket {
  readonly port: number;
  serveTcp(onConnection: (connection: Socket) => void): void;
  serveUdp(onMessage: (message: Buffer, from: Peer) => void): UdpSender;
  /** Also ends what is being served. */
  close(): void;
}

export interface Peer {
  readonly address: string;
  readonly port: number;
}

export interface UdpSender {
  send(message: Uint8Array, to: Peer): void;
}

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const kinds: Readonly<Record<Transport, { type: number; protocol: number }>> = {
  tcp: { type: 1, protocol: 0 },
  udp: { type: 2, protocol: 0 },
  sctp: { type: 1, protocol: 132 },
};
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const backlog = 511;
const receiveBufferBytes = 1024 * 1024;

/**
 * Binds, and keeps the port from everybody else. IPv6 sockets take IPv6 only.
 * @throws HostError `HOST_EADDRINUSE`, `HOST_EACCES`, `HOST_EADDRNOTAVAIL`, `HOST_EPROTONOSUPPORT`, `HOST_EAFNOSUPPORT`
 */
export function bindSocket(request: BindRequest): BoundSocket {
  try {
    return boundSocket(
      request,
      within(request.namespace, () => bound(request, false)),
      false,
    );
  } catch (error) {
    if (request.transport !== 'tcp' || request.port === 0 || !isInUse(error)) throw error;
    // Connections that ended a moment ago keep a port too. Only listening tells them from an owner.
    const fd = within(request.namespace, () => bound(request, true));
    const socket = boundSocket(request, fd, true);
    socket.serveTcp((connection) => connection.resetAndDestroy());
    return socket;
  }
}

function bound(request: BindRequest, reuse: boolean): number {
  const where = `${request.address}:${request.port}/${request.transport}`;
  return withSocket(where, request.address, request.transport, (fd) => {
    if (reuse) setOption(fd, SOL_SOCKET, SO_REUSEADDR);
    if (isIPv6(request.address)) setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    const bind = native('libc.so.6', 'int bind(int fd, const void *address, uint32_t length)');
    const address = socketAddress(request.address, request.port);
    checked(`listen on ${where}`, () => bind(fd, address, address.length));
    if (reuse) listen(fd);
  });
}

function boundSocket(request: BindRequest, fd: number, listening: boolean): BoundSocket {
  let served: Served | undefined;
  return {
    port: request.port === 0 ? portOf(fd) : request.port,
    serveTcp: (onConnection) => {
      if (served === undefined && !listening) listen(fd);
      served ??= tcpServer(fd);
      served.onConnection = onConnection;
    },
    serveUdp: (onMessage) => {
      served ??= udpServer(fd, isIPv6(request.address));
      served.onMessage = onMessage;
      return served;
    },
    close: once(() => {
      if (served === undefined) closeSync(fd);
      else served.close();
    }),
  };
}

/** What Node's event loop does with a bound socket; the handlers may be changed while it is served. */
interface Served extends UdpSender {
  onConnection: (connection: Socket) => void;
  onMessage: (message: Buffer, from: Peer) => void;
  close(): void;
}

function tcpServer(fd: number): Served {
  const connections = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    served.onConnection(connection);
  });
  server.listen({ fd });
  const served: Served = {
    onConnection: (connection) => connection.destroy(),
    onMessage: () => undefined,
    send: () => undefined,
    close: () => {
      server.close();
      for (const connection of connections) connection.destroy();
    },
  };
  return served;
}

function udpServer(fd: number, six: boolean): Served {
  const socket = createSocket({ type: six ? 'udp6' : 'udp4', recvBufferSize: receiveBufferBytes });
  let closed = false;
  socket.on('message', (message, from) => served.onMessage(message, from));
  // A reply to a client that is gone comes back as an error of the socket; the next client is served.
  socket.on('error', () => undefined);
  socket.bind({ fd });
  const served: Served = {
    onConnection: () => undefined,
    onMessage: () => undefined,
    send: (message, to) => {
      if (!closed) socket.send(message, to.port, to.address);
    },
    close: () => {
      closed = true;
      socket.close();
    },
  };
  return served;
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

/** A UDP socket of its own port that talks to one peer only. */
export interface UdpFlow {
  send(message: Uint8Array): void;
  onMessage(handler: (message: Buffer) => void): void;
  /** The peer's host said that nobody is there. */
  onRefused(handler: () => void): void;
  close(): void;
}

/** @throws HostError `HOST_ENETUNREACH` and the like */
export function connectUdp(to: Peer, namespace?: Namespace): UdpFlow {
  const fd = within(namespace, () => connected(to, 'udp'));
  const socket = createSocket(isIPv6(to.address) ? 'udp6' : 'udp4');
  let refused = (): void => undefined;
  socket.on('error', () => refused());
  socket.bind({ fd });
  return {
    // The kernel has connected it; told of no address, Node would look for one: hence the explicit peer.
    send: (message) => sendConnected(fd, message, () => refused()),
    onMessage: (handler) => socket.on('message', handler),
    onRefused: (handler) => {
      refused = handler;
    },
    close: once(() => socket.close()),
  };
}

/** A TCP connection, under way: write at once, an `error` event tells when it could not be made. */
export function connectTcp(to: Peer, namespace?: Namespace): Socket {
  const fd = within(namespace, () => connected(to, 'tcp'));
  return new NetSocket({ fd, readable: true, writable: true, allowHalfOpen: true });
}

function connected(to: Peer, transport: 'tcp' | 'udp'): number {
  const where = `${to.address}:${to.port}/${transport}`;
  return withSocket(where, to.address, transport, (fd) => {
    const connect = native('libc.so.6', 'int connect(int fd, const void *address, uint32_t length)');
    const address = socketAddress(to.address, to.port);
    try {
      checked(`connect to ${where}`, () => connect(fd, address, address.length));
    } catch (error) {
      if (!(error instanceof HostError && error.code === 'HOST_EINPROGRESS')) throw error;
    }
  });
}

function sendConnected(fd: number, message: Uint8Array, failed: () => void): void {
  const send = native('libc.so.6', 'long send(int fd, const void *bytes, size_t length, int flags)');
  if (Number(send(fd, message, message.length, 0)) === -1) setImmediate(failed);
}

function withSocket(
  where: string,
  address: string,
  transport: Transport,
  prepare: (fd: number) => void,
): number {
  const { type, protocol } = kinds[transport];
  const family = isIPv6(address) ? AF_INET6 : AF_INET;
  const socket = native('libc.so.6', 'int socket(int family, int type, int protocol)');
  const fd = checked(`open a socket for ${where}`, () =>
    socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol),
  );
  try {
    prepare(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * With SO_REUSEADDR, which connections inherit: once ended, they do not keep the port from the next owner.
 * While the socket listens nobody else can bind, with the option or without.
 */
function listen(fd: number): void {
  setOption(fd, SOL_SOCKET, SO_REUSEADDR);
  const call = native('libc.so.6', 'int listen(int fd, int backlog)');
  checked('listen', () => call(fd, backlog));
}

function setOption(fd: number, level: number, name: number): void {
  const setsockopt = native(
    'libc.so.6',
    'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
  );
  checked('set a socket option', () => setsockopt(fd, level, name, Buffer.from([1, 0, 0, 0]), 4));
}

/** `struct sockaddr_in` or `struct sockaddr_in6`. */
function socketAddress(address: string, port: number): Buffer {
  const six = isIPv6(address);
  const encoded = Buffer.alloc(six ? 28 : 16);
  encoded.writeUInt16LE(six ? AF_INET6 : AF_INET, 0);
  encoded.writeUInt16BE(port, 2);
  addressBytes(address).copy(encoded, six ? 8 : 4);
  return encoded;
}

function portOf(fd: number): number {
  const getsockname = native(
    'libc.so.6',
    'int getsockname(int fd, _Out_ void *address, _Inout_ uint32_t *length)',
  );
  const address = Buffer.alloc(28);
  checked('read a socket’s address', () => getsockname(fd, address, [address.length]));
  return address.readUInt16BE(2);
}

function isInUse(error: unknown): boolean {
  return error instanceof HostError && error.code === 'HOST_EADDRINUSE';
}
