/** The parts of a DNS message that this resolver reads and writes itself. @see RFC 1035 §4, RFC 6891 */

export const recordType = { A: 1, PTR: 12, AAAA: 28, OPT: 41, IXFR: 251, AXFR: 252, ANY: 255 } as const;
export const responseCode = {
  ok: 0,
  format: 1,
  failure: 2,
  noName: 3,
  notImplemented: 4,
  refused: 5,
} as const;
export const internet = 1;

/** Docker's. Names move only with containers, and clients that cache longer than we know are told so. */
export const ttlSeconds = 600;

const headerBytes = 12;
const maxNameBytes = 255;
const flagBits = {
  response: 0x8000,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
};

export interface Question {
  /** Lower case, without the last dot; `undefined` when no container can have it (dots or bytes outside ASCII in a label). */
  readonly name: string | undefined;
  readonly type: number;
  readonly class: number;
  /** Where the question ends in the message. */
  readonly end: number;
}

export type Header = 'query' | 'not-a-query' | 'other-operation' | 'malformed';

/** What kind of message it is, as far as the first twelve bytes tell. */
export function headerOf(message: Buffer): Header {
  if (message.length < headerBytes || (message[2]! & 0x80) !== 0) return 'not-a-query';
  if ((message[2]! & 0x78) !== 0) return 'other-operation';
  return message.readUInt16BE(4) === 1 ? 'query' : 'malformed';
}

/** The one question of a query; `undefined` when it is cut short or compressed, which a question never is. */
export function questionOf(message: Buffer): Question | undefined {
  const labels: string[] = [];
  let nameable = true;
  let at = headerBytes;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63 || at - headerBytes > maxNameBytes) return undefined;
    at += 1;
    if (length === 0) break;
    const label = message.toString('latin1', at, at + length);
    nameable &&= /^[\x21-\x2d\x2f-\x7e]+$/.test(label);
    labels.push(label);
    at += length;
  }
  if (at + 4 > message.length) return undefined;
  return {
    name: nameable ? labels.join('.').toLowerCase() : undefined,
    type: message.readUInt16BE(at),
    class: message.readUInt16BE(at + 2),
    end: at + 4,
  };
}

/** The largest UDP answer that the client takes: what its OPT record says, else 512. */
export function udpLimit(query: Buffer, questionEnd: number): number {
  const hasOpt =
    query.readUInt16BE(10) > 0 &&
    query.readUInt32BE(6) >>> 16 === 0 &&
    query.length >= questionEnd + 11 &&
    query[questionEnd] === 0 &&
    query.readUInt16BE(questionEnd + 1) === recordType.OPT;
  return hasOpt ? Math.max(512, query.readUInt16BE(questionEnd + 3)) : 512;
}

export interface ResourceRecord {
  readonly type: number;
  readonly data: Buffer;
}

/**
 * The answer to the query: its question again, byte for byte, and the records, all of the question's name.
 * Names are written out where that fits, as Docker does; else compressed; else records are left out and the
 * answer is marked as truncated. No OPT record is added: none but an EDNS server may, and this is none.
 */
export function encodeResponse(
  query: Buffer,
  questionEnd: number,
  answer: { readonly code: number; readonly records?: readonly ResourceRecord[]; readonly maxBytes: number },
): Buffer {
  const records = answer.records ?? [];
  const question = query.subarray(headerBytes, questionEnd);
  const room = answer.maxBytes - headerBytes - question.length;
  const plain = records.map((record) => encodeRecord(question.subarray(0, -4), record));
  if (total(plain) <= room) return assemble(query, question, plain, answer.code);
  const compressed = records.map((record) => encodeRecord(toQuestionName, record));
  while (total(compressed) > room) compressed.pop();
  return assemble(query, question, compressed, answer.code, compressed.length < records.length);
}

/** An answer without records to a query of which nothing but the header may be believed. */
export function encodeError(query: Buffer, code: number): Buffer {
  return assemble(query, Buffer.alloc(0), [], code);
}

export function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const encoded = labels.map((label) => {
    const bytes = Buffer.from(label, 'latin1').subarray(0, 63);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  return Buffer.concat([...encoded, Buffer.from([0])]);
}

const toQuestionName = Buffer.from([0xc0, headerBytes]);

function encodeRecord(owner: Buffer, { type, data }: ResourceRecord): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(internet, 2);
  fixed.writeUInt32BE(ttlSeconds, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

function assemble(
  query: Buffer,
  question: Buffer,
  records: readonly Buffer[],
  code: number,
  truncated = false,
): Buffer {
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2);
  const asked = query.readUInt16BE(2);
  header.writeUInt16BE(
    flagBits.response |
      (asked & 0x7800) |
      (truncated ? flagBits.truncated : 0) |
      (asked & flagBits.recursionDesired) |
      flagBits.recursionAvailable |
      code,
    2,
  );
  header.writeUInt16BE(question.length === 0 ? 0 : 1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function total(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
