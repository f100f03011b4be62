/**
 * Questions about names that no container has, put to the resolvers of the host (or to those the service names).
 * One after the other: who is silent for four seconds, fails or refuses is passed over.
 */
import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Question } from 'dns-packet';
import { HostError } from '../../errors.ts';
import type { UdpFlow } from '../../host/sockets.ts';
import { frame, frames } from './framing.ts';
import { encodeResponse, headOf, responseCode } from './message.ts';
import { maxServers } from './resolv-conf.ts';

/** How to reach a resolver: from the namespace that the question must leave from. */
export interface Upstream {
  servers(): Promise<readonly string[]>;
  udp(server: string): UdpFlow;
  tcp(server: string): Duplex;
}

export interface Forwarder {
  /** Always answers: with the resolver's own words, or SERVFAIL when none has any, or REFUSED when too many wait. */
  forward(query: Buffer, upstream: Upstream, transport: 'udp' | 'tcp'): Promise<Buffer>;
  close(): void;
}

const timeoutMs = 4_000;
const maxInFlight = 1024;

export function createForwarder(limits = { timeoutMs, maxInFlight }): Forwarder {
  const closing = new AbortController();
  let inFlight = 0;
  return {
    forward: async (query, upstream, transport) => {
      if (inFlight >= limits.maxInFlight) return encodeResponse(query, { code: responseCode.refused });
      inFlight += 1;
      try {
        return await askEach(query, upstream, {
          transport,
          timeoutMs: limits.timeoutMs,
          signal: closing.signal,
        });
      } finally {
        inFlight -= 1;
      }
    },
    close: () => closing.abort(),
  };
}

/** What a server said, as it said it. */
interface Reply {
  readonly message: Buffer;
  /** The server neither failed nor refused; that a name does not exist is help. */
  readonly isHelpful: boolean;
  readonly isTruncated: boolean;
}

interface Exchange {
  readonly transport: 'udp' | 'tcp';
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function askEach(query: Buffer, upstream: Upstream, exchange: Exchange): Promise<Buffer> {
  const id = query.readUInt16BE(0);
  let unhelpful: Buffer | undefined;
  for (const server of (await serversOf(upstream)).slice(0, maxServers)) {
    if (exchange.signal.aborted) break;
    const reply = await ask(query, server, upstream, exchange);
    if (reply === undefined) continue;
    if (reply.isHelpful) return withId(reply.message, id);
    unhelpful ??= reply.message;
  }
  return withId(unhelpful ?? encodeResponse(query, { code: responseCode.failure }), id);
}

/** The machine's list may be unreadable for a moment. */
async function serversOf(upstream: Upstream): Promise<readonly string[]> {
  try {
    return await upstream.servers();
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

/** A truncated answer is fetched whole when the client can take it whole; else the mark is passed on. */
async function ask(
  query: Buffer,
  server: string,
  upstream: Upstream,
  exchange: Exchange,
): Promise<Reply | undefined> {
  // An id that nobody can guess, on a port that nobody can guess: who cannot see the question cannot answer it.
  const asked = withId(query, randomInt(0x1_0000));
  const short = await overUdp(asked, server, upstream, exchange);
  if (short === undefined || !short.isTruncated || exchange.transport === 'udp') return short;
  return (await overTcp(asked, server, upstream, exchange)) ?? short;
}

function overUdp(
  asked: Buffer,
  server: string,
  upstream: Upstream,
  exchange: Exchange,
): Promise<Reply | undefined> {
  return within(exchange, (settle) => {
    const flow = opened(() => upstream.udp(server));
    if (flow === undefined) {
      settle(undefined);
      return () => undefined;
    }
    flow.onMessage((message) => {
      const accepted = replyTo(asked, message);
      if (accepted !== undefined) settle(accepted);
    });
    flow.onRefused(() => settle(undefined));
    flow.send(asked);
    return () => flow.close();
  });
}

function overTcp(
  asked: Buffer,
  server: string,
  upstream: Upstream,
  exchange: Exchange,
): Promise<Reply | undefined> {
  return within(exchange, (settle) => {
    const connection = opened(() => upstream.tcp(server));
    if (connection === undefined) {
      settle(undefined);
      return () => undefined;
    }
    const read = frames((message) => settle(replyTo(asked, message)));
    connection.on('data', read);
    connection.on('error', () => settle(undefined));
    connection.on('close', () => settle(undefined));
    connection.write(frame(asked));
    return () => connection.destroy();
  });
}

/** Settles once: with an answer, at the time limit, or when the forwarder closes. */
function within(
  exchange: Exchange,
  start: (settle: (reply: Reply | undefined) => void) => () => void,
): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    let end: (() => void) | undefined;
    let settled = false;
    const settle = (reply: Reply | undefined): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      exchange.signal.removeEventListener('abort', giveUp);
      end?.();
      resolve(reply);
    };
    const giveUp = (): void => settle(undefined);
    const timer = setTimeout(giveUp, exchange.timeoutMs);
    exchange.signal.addEventListener('abort', giveUp, { once: true });
    end = start(settle);
    if (settled) end();
  });
}

/** A resolver without a route to it is as good as a silent one, and so is any once the asker's namespace is gone. */
function opened<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** Same id, same question: anything else is somebody else's answer, or nobody's. */
function replyTo(asked: Buffer, message: Buffer): Reply | undefined {
  const head = headOf(message);
  if (head === undefined || !head.flag_qr || head.id !== asked.readUInt16BE(0)) return undefined;
  const reply = {
    message,
    isHelpful: head.rcode !== 'SERVFAIL' && head.rcode !== 'REFUSED',
    isTruncated: head.flag_tc,
  };
  const [mine] = headOf(asked)?.questions ?? [];
  const [theirs] = head.questions ?? [];
  // Servers may leave the question out of an error.
  if (theirs === undefined) return reply.isHelpful ? undefined : reply;
  return mine !== undefined && isSame(mine, theirs) ? reply : undefined;
}

function isSame(one: Question, other: Question): boolean {
  return one.type === other.type && one.name.toLowerCase() === other.name.toLowerCase();
}

function withId(message: Buffer, id: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(id, 0);
  return copy;
}
