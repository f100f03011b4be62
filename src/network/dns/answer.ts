/** What a container is told: a pure function of its question, the zone and who it is. */
import type { Question } from 'dns-packet';
import type { DnsRecord } from './message.ts';
import {
  encodeError,
  encodeResponse,
  isAnswer,
  queryOf,
  responseCode,
  ttlSeconds,
  udpLimit,
} from './message.ts';
import type { Zone } from './zone.ts';
import { canonical } from './zone.ts';

export interface Asker {
  /** Ids of the networks it is on, the one of the default route first. */
  readonly networkIds: readonly string[];
  /** False: on internal networks only, so names that no container has do not exist. */
  readonly forwards: boolean;
}

export type Answer =
  | { readonly kind: 'response'; readonly message: Buffer }
  /** Not a question that can be answered; the message says why. */
  | { readonly kind: 'rejection'; readonly message: Buffer }
  /** No name of ours: whoever answers, it is not this zone. */
  | { readonly kind: 'forward' }
  /** Not a question; answering it would make a loop. */
  | { readonly kind: 'ignore' };

const maxTcpBytes = 65_535;

/** @param turn how often the name was asked before: the first of several addresses takes turns */
export function answer(
  query: Buffer,
  zone: Zone,
  asker: Asker,
  options: { readonly transport: 'udp' | 'tcp'; readonly turn: number },
): Answer {
  if (isAnswer(query)) return { kind: 'ignore' };
  const head = queryOf(query);
  const question = head?.questions?.[0];
  if (head === undefined || question === undefined) return reject(query, responseCode.format);
  if (head.opcode !== 'QUERY') return reject(query, responseCode.notImplemented);

  const maxBytes = options.transport === 'tcp' ? maxTcpBytes : udpLimit(head);
  const say = (code: number, records: readonly DnsRecord[] = []): Answer => ({
    kind: 'response',
    message: encodeResponse(query, { code, records: rotated(records, options.turn), maxBytes }),
  });

  if (question.type === 'AXFR' || question.type === 'IXFR') return say(responseCode.refused);
  const records = recordsFor(question, zone, asker);
  if (records !== undefined) return say(responseCode.ok, records);
  return asker.forwards ? { kind: 'forward' } : say(responseCode.noName);
}

function reject(query: Buffer, code: number): Answer {
  return { kind: 'rejection', message: encodeError(query, code) };
}

/**
 * `undefined`: not a name of ours. Empty: a name of ours without such a record, which must not be an error, or
 * clients that ask for AAAA first give the name up.
 */
function recordsFor(question: Question, zone: Zone, asker: Asker): DnsRecord[] | undefined {
  if (question.class !== 'IN') return undefined;
  // dns-packet's types know no "ANY".
  const { name, type }: { name: string; type: string } = question;
  const asked = name.toLowerCase();
  const wants = (one: string): boolean => type === one || type === 'ANY';
  const address = reverseAddress(asked);
  if (address !== undefined) {
    const owner = zone.owner(asker.networkIds, canonical(address));
    if (owner === undefined) return undefined;
    const data = `${owner.containerName}.${owner.networkName}`;
    return wants('PTR') ? [{ type: 'PTR', name, ttl: ttlSeconds, data }] : [];
  }
  const endpoints = zone.lookup(asker.networkIds, asked);
  return endpoints?.flatMap(({ ipv4, ipv6 }): DnsRecord[] => [
    ...(wants('A') ? [{ type: 'A', name, ttl: ttlSeconds, data: ipv4 } as const] : []),
    ...(wants('AAAA') && ipv6 !== undefined
      ? [{ type: 'AAAA', name, ttl: ttlSeconds, data: ipv6 } as const]
      : []),
  ]);
}

/** The address in `2.0.18.172.in-addr.arpa` or in the nibbles of `ip6.arpa`. */
function reverseAddress(name: string): string | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/.exec(name);
  if (four !== null) return four.slice(1).reverse().join('.');
  if (!/^([0-9a-f]\.){32}ip6\.arpa$/.test(name)) return undefined;
  const digits = name.slice(0, 63).split('.').reverse().join('');
  return (digits.match(/.{4}/g) ?? []).join(':');
}

function rotated<T>(values: readonly T[], turn: number): readonly T[] {
  if (values.length < 2) return values;
  const first = turn % values.length;
  return [...values.slice(first), ...values.slice(0, first)];
}
