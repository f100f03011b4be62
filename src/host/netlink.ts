/**
 * The kernel's network configuration, asked in-process. The slow half (the kernel takes its one lock while
 * it reads a batch) runs on a worker thread; the acknowledgements are then already waiting.
 */
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { HostError } from '../errors.ts';
import { checked, native } from './libc.ts';
import type { Namespace } from './namespaces.ts';
import { within } from './namespaces.ts';
import type { Acknowledgement, Message } from './netlink-decode.ts';
import { acknowledgement, addressOf, linkOf, messagesOf, routeOf } from './netlink-decode.ts';
import { encodeDump, encodeOp, messageType } from './netlink-encode.ts';
import type { AddressEntry, Link, NetlinkOp, RouteEntry } from './netlink-ops.ts';
import { describe } from './netlink-ops.ts';

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

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
/** Acknowledgements without the echoed request, with the kernel's explanation. */
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const MSG_DONTWAIT = 0x40;

/** Acknowledgements must fit the socket's receive buffer. */
const batchSize = 64;
const receiveBytes = 64 * 1024;

/** A netlink socket in the namespace; it stays there whatever the namespace's processes do. */
export function openNetlink(namespace?: Namespace): Netlink {
  const fd = within(namespace, openSocket);
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

function openSocket(): number {
  const socket = native('libc.so.6', 'int socket(int family, int type, int protocol)');
  const fd = checked('open a netlink socket', () =>
    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE),
  );
  const setsockopt = native(
    'libc.so.6',
    'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
  );
  const on = Buffer.from([1, 0, 0, 0]);
  for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK]) setsockopt(fd, SOL_NETLINK, option, on, 4);
  return fd;
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

function refusal(what: string, answer: Acknowledgement): HostError {
  const name = errnoName(answer.errno);
  const explanation = answer.explanation === undefined ? '' : ` (${answer.explanation})`;
  return new HostError(`HOST_${name}`, `cannot ${what}: ${name}${explanation}`);
}

export function errnoName(errno: number): string {
  const found = Object.entries(constants.errno).find(([, value]) => value === errno);
  return found?.[0] ?? `errno ${errno}`;
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

function send(fd: number, bytes: Buffer): Promise<void> {
  const call = native('libc.so.6', 'long send(int fd, const void *bytes, size_t length, int flags)');
  return new Promise((resolve, reject) => {
    call.async(fd, bytes, bytes.length, 0, (error: unknown, sent: number) => {
      if (error !== null) reject(error);
      else if (Number(sent) === bytes.length) resolve();
      else reject(new HostError('HOST_NETLINK', 'the kernel did not take a netlink message'));
    });
  });
}

function received(fd: number): Buffer {
  const buffer = Buffer.allocUnsafe(receiveBytes);
  const recv = native('libc.so.6', 'long recv(int fd, _Out_ void *bytes, size_t length, int flags)');
  const length = checked('read from the kernel over netlink', () =>
    Number(recv(fd, buffer, buffer.length, MSG_DONTWAIT)),
  );
  return buffer.subarray(0, length);
}

/** Each further part of a dump is made under the kernel's lock when it is read. */
function receivedLater(fd: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(receiveBytes);
  const recv = native('libc.so.6', 'long recv(int fd, _Out_ void *bytes, size_t length, int flags)');
  return new Promise((resolve, reject) => {
    recv.async(fd, buffer, buffer.length, 0, (error: unknown, length: number) => {
      if (error !== null) reject(error);
      else if (Number(length) > 0) resolve(buffer.subarray(0, Number(length)));
      else reject(new HostError('HOST_NETLINK', 'the kernel ended a netlink answer early'));
    });
  });
}
