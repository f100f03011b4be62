/** Netlink sockets: opened in a namespace, written on a worker thread, read where the answer is known to be. */
import { HostError } from '../errors.ts';
import { checked, errnoName, native, offThread } from './libc.ts';
import type { Namespace } from './namespaces.ts';
import { within } from './namespaces.ts';
import type { Acknowledgement } from './netlink-decode.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
/** `NETLINK_ROUTE`: interfaces, addresses, routes. `NETLINK_NETFILTER`: connection tracking. */
export const netlinkFamily = { route: 0, netfilter: 12 } as const;
const SOL_NETLINK = 270;
/** Acknowledgements without the echoed request, with the kernel's explanation. */
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const MSG_DONTWAIT = 0x40;

const receiveBytes = 64 * 1024;

export function openNetlinkSocket(family: number, namespace?: Namespace): number {
  return within(namespace, () => openHere(family));
}

function openHere(family: number): number {
  const socket = native('libc.so.6', 'int socket(int family, int type, int protocol)');
  const fd = checked('open a netlink socket', () => socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family));
  const setsockopt = native(
    'libc.so.6',
    'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
  );
  const on = Buffer.from([1, 0, 0, 0]);
  for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK]) setsockopt(fd, SOL_NETLINK, option, on, 4);
  return fd;
}

/** Takes the kernel as long as it takes to carry out what was asked. */
export async function send(fd: number, bytes: Buffer): Promise<void> {
  const call = native('libc.so.6', 'long send(int fd, const void *bytes, size_t length, int flags)');
  const sent = Number(await offThread(call, fd, bytes, bytes.length, 0));
  if (sent !== bytes.length) throw new HostError('HOST_NETLINK', 'the kernel did not take a netlink message');
}

/** An answer that is already there. */
export function received(fd: number): Buffer {
  const buffer = Buffer.allocUnsafe(receiveBytes);
  const recv = native('libc.so.6', 'long recv(int fd, _Out_ void *bytes, size_t length, int flags)');
  const length = checked('read from the kernel over netlink', () =>
    Number(recv(fd, buffer, buffer.length, MSG_DONTWAIT)),
  );
  return buffer.subarray(0, length);
}

/** Each further part of a dump is made under the kernel's lock when it is read. */
export async function receivedLater(fd: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(receiveBytes);
  const recv = native('libc.so.6', 'long recv(int fd, _Out_ void *bytes, size_t length, int flags)');
  const length = Number(await offThread(recv, fd, buffer, buffer.length, 0));
  if (length <= 0) throw new HostError('HOST_NETLINK', 'the kernel ended a netlink answer early');
  return buffer.subarray(0, length);
}

/** The kernel said no, and perhaps why. */
export function refusal(what: string, answer: Acknowledgement): HostError {
  const name = errnoName(answer.errno);
  const explanation = answer.explanation === undefined ? '' : ` (${answer.explanation})`;
  return new HostError(`HOST_${name}`, `cannot ${what}: ${name}${explanation}`);
}
