/**
 * Answers the same question again without thinking again: the encoded answer is kept, and only the query's id
 * is put into a copy. That is the difference between some 20,000 and 100,000 answers a second.
 */
import type { Answer, Asker } from './answer.ts';
import { answer } from './answer.ts';
import { isTruncated, plainBytes, questionEnd } from './message.ts';
import type { Zone } from './zone.ts';

export type Respond = (query: Buffer, transport: 'udp' | 'tcp') => Answer;

/** Clients that vary the case of letters make many keys of one name; then the memory starts anew. */
const maxRemembered = 1024;
/** So many orders of a scaled service's addresses are kept. */
const maxVariants = 16;

interface Remembered {
  readonly variants: readonly Buffer[];
  turn: number;
}

export function createResponder(zone: Zone, asker: Asker): Respond {
  const remembered = new Map<string, Remembered>();
  let version = zone.version;
  let turn = 0;

  const recall = (key: string): Remembered | undefined => {
    if (zone.version !== version) {
      remembered.clear();
      version = zone.version;
    }
    return remembered.get(key);
  };

  return (query, transport) => {
    const key = keyOf(query);
    const known = recall(key);
    if (known !== undefined) return { kind: 'response', message: next(known, query) };
    turn += 1;
    const fresh = answer(query, zone, asker, { transport, turn });
    // Larger answers, and those cut short, depend on what the client takes, and are made each time.
    if (fresh.kind !== 'response' || fresh.message.length > plainBytes || isTruncated(fresh.message))
      return fresh;
    const variants = variantsOf(fresh.message, (number) =>
      answer(query, zone, asker, { transport, turn: turn + number }),
    );
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, { variants, turn: 0 });
    return fresh;
  };
}

function next(known: Remembered, query: Buffer): Buffer {
  known.turn = (known.turn + 1) % known.variants.length;
  const message = Buffer.from(known.variants[known.turn]!);
  message[0] = query[0]!;
  message[1] = query[1]!;
  return message;
}

function variantsOf(first: Buffer, make: (number: number) => Answer): Buffer[] {
  const count = Math.min(maxVariants, Math.max(1, first.length < 12 ? 1 : first.readUInt16BE(6)));
  const others = Array.from({ length: count - 1 }, (_, index) => make(index + 1));
  return [first, ...others.flatMap((other) => (other.kind === 'response' ? [other.message] : []))];
}

/**
 * Everything that an answer below 512 bytes depends on: flags, counts and the question. What follows the
 * question (a cookie, for one, which is different each time) does not matter to it.
 */
function keyOf(query: Buffer): string {
  const hasMore = query.length > 11 && (query[11] !== 0 || query[10] !== 0);
  return query.toString('latin1', 2, hasMore ? questionEnd(query) : query.length);
}
