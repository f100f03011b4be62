/**
 * Clients over IPv6 reach a published port through the agent: the kernel translates no addresses between the
 * families, and none at all for ::1.
 */
import type { Duplex } from 'node:stream';
import { HostError } from '../errors.ts';
import type { BoundSocket, Peer, UdpFlow } from '../host/sockets.ts';
import type { NetworkKernel } from './kernel.ts';
import type { PortBinding } from './network.ts';

/**
 * Sends on to the container's address what arrives at the socket. The answer ends that: from then on, who
 * connects is refused at once.
 */
export function relay(
  socket: BoundSocket,
  binding: PortBinding,
  address: string,
  kernel: NetworkKernel,
): () => void {
  const to = { address, port: binding.target };
  switch (binding.protocol) {
    case 'tcp':
      return relayTcp(socket, () => kernel.connectTcp(to));
    case 'udp':
      return relayUdp(socket, () => kernel.connectUdp(to));
    case 'sctp':
      return () => undefined;
  }
}

function relayTcp(socket: BoundSocket, connect: () => Duplex): () => void {
  socket.serveTcp((client) => {
    const container = reached(connect);
    if (container === undefined) return void client.resetAndDestroy();
    client.pipe(container).pipe(client);
    client.on('error', () => container.destroy());
    container.on('error', () => client.resetAndDestroy());
    client.on('close', () => container.destroy());
    container.on('close', () => client.destroy());
  });
  return () => socket.serveTcp((client) => client.resetAndDestroy());
}

/** A client that was silent for so long is taken for another one when it comes back. */
const idleMs = 90_000;
const maxClients = 1024;

interface Client {
  send(message: Buffer): void;
  end(): void;
}

function relayUdp(socket: BoundSocket, connect: () => UdpFlow): () => void {
  const clients = new Map<string, Client>();
  const sender = socket.serveUdp((message, from) => {
    const key = `${from.address} ${from.port}`;
    const client = clients.get(key) ?? (clients.size < maxClients ? admit(key, from) : undefined);
    client?.send(message);
  });

  const admit = (key: string, from: Peer): Client | undefined => {
    const flow = reached(connect);
    if (flow === undefined) return undefined;
    const end = (): void => {
      clearTimeout(timer);
      clients.delete(key);
      flow.close();
    };
    const timer = setTimeout(end, idleMs).unref();
    flow.onMessage((reply) => {
      timer.refresh();
      sender.send(reply, from);
    });
    const client: Client = {
      send: (message) => {
        timer.refresh();
        flow.send(message);
      },
      end,
    };
    clients.set(key, client);
    return client;
  };

  return () => {
    socket.serveUdp(() => undefined);
    for (const client of [...clients.values()]) client.end();
  };
}

/** The network may have gone a moment ago; then nobody is there. */
function reached<T>(connect: () => T): T | undefined {
  try {
    return connect();
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
