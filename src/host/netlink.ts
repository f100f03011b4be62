/**
 * The kernel's network configuration, asked in-process. The slow half (the kernel takes its one lock while
 * it reads a batch) runs on a worker thread; the acknowledgements are then already waiting.
 */
import { closeSync } from 'node:fs';
import { native } from './libc.ts';
import type { Namespace } from './namespaces.ts';
import { within } from './namespaces.ts';
import type { Acknowledgement, Message } from './netlink-decode.ts';
import { acknowledgement, addressOf, linkOf, messagesOf, routeOf } from './netlink-decode.ts';
import { encodeDump, encodeOp, messageType } from './netlink-encode.ts';
import type { AddressEntry, Link, NetlinkOp, RouteEntry } from './netlink-ops.ts';
import { describe } from './netlink-ops.ts';
import {
  netlinkFamily,
  openNetlinkSocket,
  received,
  receivedLater,
  refusal,
  send,
} from './netlink-socket.ts';

export interface Netlink {
  /**
   * Carries the operations out, in order, in one message to the kernel. One that fails does not stop the
   * others; the first failure whose code is not tolerated is thrown when all have been tried.
   * @param tolerated such as `HOST_EEXIST`
   * @throws HostError `HOST_<errno>` saying which operation the kernel refused
   */
  apply(ops: readonly NetlinkOp[], tolerated?: readonly string[]): Promise<void>;
  links(): Promise<Link[]>;
  addresses(): Promise<AddressEntry[]>;
  routes(): Promise<RouteEntry[]>;
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}

/** Acknowledgements must fit the socket's receive buffer. */
const batchSize = 64;

/** A netlink socket in the namespace; it stays there whatever the namespace's processes do. */
export function openNetlink(namespace?: Namespace): Netlink {
  const fd = openNetlinkSocket(netlinkFamily.route, namespace);
  let sequence = 1;
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };
  const dump = <T>(type: Parameters<typeof encodeDump>[0], read: (message: Message) => T | undefined) =>
    inTurn(async () =>
      (await dumped(fd, encodeDump(type, sequence++))).flatMap((message) => read(message) ?? []),
    );
  return {
    apply: (ops, tolerated = []) =>
      inTurn(async () => {
        const first = sequence;
        sequence += ops.length;
        const answers = await carriedOut(fd, ops, first);
        refuse(ops, first, answers, tolerated);
      }),
    links: () => dump(messageType.getLink, linkOf),
    addresses: () => dump(messageType.getAddress, addressOf),
    routes: () => dump(messageType.getRoute, routeOf),
    close: () => inTurn(async () => closeSync(fd)),
  };
}

/** The interface's number in that namespace; 0 when there is none of that name. Waits for nobody. */
export function interfaceIndex(name: string, namespace?: Namespace): number {
  const lookup = native('libc.so.6', 'unsigned int if_nametoindex(const char *name)');
  return within(namespace, () => lookup(name));
}

async function carriedOut(
  fd: number,
  ops: readonly NetlinkOp[],
  first: number,
): Promise<Map<number, Acknowledgement>> {
  const answers = new Map<number, Acknowledgement>();
  for (let from = 0; from < ops.length; from += batchSize) {
    const batch = ops.slice(from, from + batchSize);
    await send(fd, Buffer.concat(batch.map((op, index) => encodeOp(op, first + from + index))));
    // The kernel has read the whole batch when send returns: nothing here waits.
    while (answers.size < from + batch.length) {
      for (const message of messagesOf(received(fd))) {
        if (message.type !== messageType.error) continue;
        const answer = acknowledgement(message);
        answers.set(answer.sequence, answer);
      }
    }
  }
  return answers;
}

function refuse(
  ops: readonly NetlinkOp[],
  first: number,
  answers: ReadonlyMap<number, Acknowledgement>,
  tolerated: readonly string[],
): void {
  for (const [index, op] of ops.entries()) {
    const answer = answers.get(first + index);
    if (answer === undefined || answer.errno === 0) continue;
    const error = refusal(describe(op), answer);
    if (!tolerated.includes(error.code)) throw error;
  }
}

async function dumped(fd: number, request: Buffer): Promise<Message[]> {
  await send(fd, request);
  const messages: Message[] = [];
  for (;;) {
    for (const message of messagesOf(await receivedLater(fd))) {
      if (message.type === messageType.done) return messages;
      if (message.type === messageType.error)
        throw refusal('list the network configuration', acknowledgement(message));
      messages.push(message);
    }
  }
}
