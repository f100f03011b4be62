/** What the kernel answers over rtnetlink: acknowledgements and dumps, as plain data. */
import { addressText } from './netlink-addresses.ts';
import { messageType } from './netlink-encode.ts';
import type { AddressEntry, Link, RouteEntry } from './netlink-ops.ts';

export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** The outcome of one operation. `errno` 0: done. */
export interface Acknowledgement {
  readonly sequence: number;
  readonly errno: number;
  /** The kernel's own explanation, when it has one. */
  readonly explanation?: string;
}

const headerBytes = 16;
const wasCapped = 0x100;
const hasAttributes = 0x200;

/** Cuts a datagram of the kernel's into its messages. */
export function messagesOf(datagram: Buffer): Message[] {
  const messages: Message[] = [];
  let at = 0;
  while (at + headerBytes <= datagram.length) {
    const length = datagram.readUInt32LE(at);
    if (length < headerBytes || at + length > datagram.length) break;
    messages.push({
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      sequence: datagram.readUInt32LE(at + 8),
      body: datagram.subarray(at + headerBytes, at + length),
    });
    at += aligned(length);
  }
  return messages;
}

/** Reads `struct nlmsgerr` and the explanation that may follow it. */
export function acknowledgement(message: Message): Acknowledgement {
  const errno = -message.body.readInt32LE(0);
  const { sequence } = message;
  if ((message.flags & hasAttributes) === 0) return { sequence, errno };
  const echoed = (message.flags & wasCapped) === 0 ? message.body.readUInt32LE(4) : headerBytes;
  const explanation = attributes(message.body.subarray(4 + aligned(echoed))).get(1);
  return explanation === undefined
    ? { sequence, errno }
    : { sequence, errno, explanation: string(explanation) };
}

export function linkOf(message: Message): Link | undefined {
  if (message.type !== messageType.newLink) return undefined;
  const found = attributes(message.body.subarray(16));
  return {
    index: message.body.readInt32LE(4),
    name: string(found.get(3) ?? Buffer.alloc(0)),
    mac: (found.get(1)?.toString('hex').match(/../g) ?? []).join(':'),
    up: (message.body.readUInt32LE(8) & 1) === 1,
    master: found.get(10)?.readUInt32LE(0) ?? 0,
  };
}

export function addressOf(message: Message): AddressEntry | undefined {
  if (message.type !== messageType.newAddress) return undefined;
  const found = attributes(message.body.subarray(8));
  // On a point-to-point link "address" is the other end and "local" is ours.
  const bytes = found.get(2) ?? found.get(1);
  if (bytes === undefined) return undefined;
  return {
    index: message.body.readUInt32LE(4),
    address: addressText(bytes),
    prefix: message.body[1]!,
  };
}

export function routeOf(message: Message): RouteEntry | undefined {
  if (message.type !== messageType.newRoute) return undefined;
  const found = attributes(message.body.subarray(12));
  const destination = found.get(1);
  return {
    index: found.get(4)?.readUInt32LE(0) ?? 0,
    prefix: message.body[1]!,
    ...(destination === undefined ? {} : { destination: addressText(destination) }),
  };
}

/** Values by type; flags of the type (nested, byte order) are dropped. */
function attributes(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || at + length > bytes.length) break;
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += aligned(length);
  }
  return found;
}

function aligned(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function string(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}
