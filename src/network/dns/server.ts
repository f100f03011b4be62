/** The resolver of one container: a UDP and a TCP socket in its namespace, so that the socket says who asks. */
import type { Duplex } from 'node:stream';
import type { BoundSocket } from '../../host/sockets.ts';
import type { Forwarder, Upstream } from './forward.ts';
import { frame, frames } from './framing.ts';
import type { Respond } from './responder.ts';

export interface ResolverSockets {
  readonly udp: BoundSocket;
  readonly tcp: BoundSocket;
}

export interface ResolverParts {
  readonly respond: Respond;
  readonly forwarder: Forwarder;
  readonly upstream: Upstream;
}

/** A client that says nothing for so long is cut off. */
const idleMs = 10_000;
const maxConnections = 64;
/** Nobody asks longer questions; who sends one means harm. */
const maxQueryBytes = 4_096;
/** A client that asks on and on and reads nothing is cut off. */
const maxUnreadBytes = 1024 * 1024;

/** Serves until the sockets are closed. */
export function serveNames(sockets: ResolverSockets, parts: ResolverParts): void {
  serveUdp(sockets.udp, parts);
  let connections = 0;
  sockets.tcp.serveTcp((connection) => {
    if (connections >= maxConnections) return void connection.destroy();
    connections += 1;
    connection.once('close', () => {
      connections -= 1;
    });
    connection.setTimeout(idleMs, () => connection.destroy());
    serveConnection(connection, parts);
  });
}

function serveUdp(socket: BoundSocket, { respond, forwarder, upstream }: ResolverParts): void {
  const sender = socket.serveUdp((query, from) => {
    const answer = respond(query, 'udp');
    if ('message' in answer) sender.send(answer.message, from);
    else if (answer.kind === 'forward')
      void forwarder.forward(query, upstream, 'udp').then((message) => sender.send(message, from));
  });
}

export function serveConnection(connection: Duplex, { respond, forwarder, upstream }: ResolverParts): void {
  let waiting = 0;
  let ended = false;
  const reply = (message: Buffer): void => {
    if (connection.writableLength > maxUnreadBytes) connection.destroy();
    else if (connection.writable) connection.write(frame(message));
  };
  const endWhenDone = (): void => {
    if (ended && waiting === 0) connection.end();
  };
  const forward = async (query: Buffer): Promise<void> => {
    waiting += 1;
    reply(await forwarder.forward(query, upstream, 'tcp'));
    waiting -= 1;
    endWhenDone();
  };
  const read = frames((query) => {
    if (query.length > maxQueryBytes) return void connection.destroy();
    const answer = respond(query, 'tcp');
    if ('message' in answer) reply(answer.message);
    else if (answer.kind === 'forward') void forward(query);
    // Who sends answers to a resolver, over a connection of his own, is confused.
    else connection.destroy();
  });
  connection.on('data', read);
  connection.on('error', () => connection.destroy());
  connection.on('end', () => {
    ended = true;
    endWhenDone();
  });
}
