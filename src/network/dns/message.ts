/**
 * DNS messages as this resolver reads and writes them: dns-packet knows the format, here is what it is trusted
 * with. @see RFC 1035 §4, RFC 6891
 */
import type { DecodedPacket, Answer as DnsRecord } from 'dns-packet';
import { decode, encode, encodingLength, RECURSION_AVAILABLE, TRUNCATED_RESPONSE } from 'dns-packet';

export type { DnsRecord };

export const responseCode = {
  ok: 0,
  format: 1,
  failure: 2,
  noName: 3,
  notImplemented: 4,
  refused: 5,
} as const;

/** Docker's. Names move only with containers, and clients that cache longer than we know are told so. */
export const ttlSeconds = 600;

/** The size of an answer over UDP to a client that says nothing of its own. */
export const plainBytes = 512;

const headerBytes = 12;

/** The beginning of a message; dns-packet's types leave out what it makes of the header's two numbers. */
export type Head = DecodedPacket & { readonly opcode: string; readonly rcode: string };

/**
 * Header and question, and nothing behind them; `undefined` when they cannot be read. dns-packet takes counts at
 * their word and follows every pointer: a stranger's whole message could keep it busy for half a second.
 */
export function headOf(message: Buffer): Head | undefined {
  return beginningOf(message, 0);
}

/** Header, question and the record directly behind it, which is where clients put what they can do (OPT). */
export function queryOf(message: Buffer): Head | undefined {
  const hasOneMore = message.length > headerBytes && message.readUInt32BE(6) === 0;
  return beginningOf(message, hasOneMore && message.readUInt16BE(10) > 0 ? 1 : 0);
}

function beginningOf(message: Buffer, additionals: 0 | 1): Head | undefined {
  if (message.length < headerBytes) return undefined;
  const questions = message.readUInt16BE(4);
  // Nobody asks two questions in one.
  if (questions > 1 || (questions === 1 && questionEnd(message) > message.length)) return undefined;
  const beginning = Buffer.from(message);
  beginning.fill(0, 6, headerBytes);
  beginning[headerBytes - 1] = additionals;
  try {
    return decode(beginning) as Head;
  } catch {
    // Whatever dns-packet throws (it reads past the end, too), its one reason is that the message is malformed.
    return undefined;
  }
}

/** Answering what is an answer already would make a loop. */
export function isAnswer(message: Buffer): boolean {
  return message.length < headerBytes || (message[2]! & 0x80) !== 0;
}

/** Whether records were left out for want of room. */
export function isTruncated(message: Buffer): boolean {
  return message.length > 2 && (message[2]! & 0x02) !== 0;
}

/** The largest UDP answer that the client takes. */
export function udpLimit(query: Head): number {
  const [opt] = query.additionals ?? [];
  return opt?.type === 'OPT' ? Math.max(plainBytes, opt.udpPayloadSize) : plainBytes;
}

/**
 * Where the question ends, without reading it: behind its name's last label, which is empty. Beyond every message's
 * end when it is no proper one: a question has nothing before it that its name could point at.
 */
export function questionEnd(message: Buffer): number {
  let at = headerBytes;
  for (let length = message[at]; length; length = message[at]) {
    if (length > 63) return Number.POSITIVE_INFINITY;
    at += 1 + length;
  }
  return at + 5;
}

/**
 * The answer to a query whose question can be read: the question again, byte for byte (letters' case and all),
 * and the records. Those that do not fit are left out, and the answer is marked as truncated. No OPT record is
 * added: none but an EDNS server may, and this is none.
 */
export function encodeResponse(
  query: Buffer,
  answer: { readonly code: number; readonly records?: readonly DnsRecord[]; readonly maxBytes?: number },
): Buffer {
  const { code, records = [], maxBytes = plainBytes } = answer;
  const question = query.subarray(headerBytes, questionEnd(query));
  let room = maxBytes - headerBytes - question.length;
  const fitting = records.filter((record) => {
    room -= encodingLength({ answers: [record] }) - headerBytes;
    return room >= 0;
  });
  const truncated = fitting.length < records.length ? TRUNCATED_RESPONSE : 0;
  const message = headed(query, code | truncated, fitting);
  message.writeUInt16BE(1, 4);
  return Buffer.concat([message.subarray(0, headerBytes), question, message.subarray(headerBytes)]);
}

/** An answer without question or records, to a query of which nothing but the header may be believed. */
export function encodeError(query: Buffer, code: number): Buffer {
  return headed(query, code, []);
}

const askedAgain = 0x7900;

/** The query's id, operation and wish for recursion come back with the answer. */
function headed(query: Buffer, flags: number, answers: readonly DnsRecord[]): Buffer {
  return encode({
    type: 'response',
    id: query.readUInt16BE(0),
    flags: (query.readUInt16BE(2) & askedAgain) | RECURSION_AVAILABLE | flags,
    answers: [...answers],
  });
}
