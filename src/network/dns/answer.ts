/** What a container is told: a pure function of its question, the zone and who it is. */
import { addressBytes } from '../../host/netlink-addresses.ts';
import type { Question, ResourceRecord } from './message.ts';
import {
  encodeError,
  encodeName,
  encodeResponse,
  headerOf,
  internet,
  questionOf,
  recordType,
  responseCode,
  udpLimit,
} from './message.ts';
import type { Endpoint, Zone } from './zone.ts';
import { canonical } from './zone.ts';

export interface Asker {
  /** Ids of the networks it is on, the one of the default route first. */
  readonly networkIds: readonly string[];
  /** False: on internal networks only, so names that no container has do not exist. */
  readonly forwards: boolean;
}

export type Answer =
  | { readonly kind: 'response'; readonly message: Buffer }
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
  const header = headerOf(query);
  if (header === 'not-a-query') return { kind: 'ignore' };
  if (header === 'other-operation') return respond(encodeError(query, responseCode.notImplemented));
  const question = header === 'query' ? questionOf(query) : undefined;
  if (question === undefined) return respond(encodeError(query, responseCode.format));

  const maxBytes = options.transport === 'tcp' ? maxTcpBytes : udpLimit(query, question.end);
  const say = (code: number, records: readonly ResourceRecord[] = []): Answer =>
    respond(encodeResponse(query, question.end, { code, records: rotated(records, options.turn), maxBytes }));

  if (question.type === recordType.AXFR || question.type === recordType.IXFR)
    return say(responseCode.refused);
  const records = recordsFor(question, zone, asker);
  if (records !== undefined) return say(responseCode.ok, records);
  return asker.forwards ? { kind: 'forward' } : say(responseCode.noName);
}

function respond(message: Buffer): Answer {
  return { kind: 'response', message };
}

/**
 * `undefined`: not a name of ours. Empty: a name of ours without such a record, which must not be an error, or
 * clients that ask for AAAA first give the name up.
 */
function recordsFor(question: Question, zone: Zone, asker: Asker): ResourceRecord[] | undefined {
  if (question.class !== internet || question.name === undefined) return undefined;
  const address = reverseAddress(question.name);
  if (address !== undefined) {
    const owner = zone.owner(asker.networkIds, canonical(address));
    return owner === undefined ? undefined : nameRecords(owner, question.type);
  }
  const endpoints = zone.lookup(asker.networkIds, question.name);
  return endpoints?.flatMap((endpoint) => addressRecords(endpoint, question.type));
}

function addressRecords({ ipv4, ipv6 }: Endpoint, type: number): ResourceRecord[] {
  const any = type === recordType.ANY;
  return [
    ...(any || type === recordType.A ? [{ type: recordType.A, data: addressBytes(ipv4) }] : []),
    ...(ipv6 !== undefined && (any || type === recordType.AAAA)
      ? [{ type: recordType.AAAA, data: addressBytes(ipv6) }]
      : []),
  ];
}

function nameRecords(owner: Endpoint, type: number): ResourceRecord[] {
  if (type !== recordType.PTR && type !== recordType.ANY) return [];
  return [{ type: recordType.PTR, data: encodeName(`${owner.containerName}.${owner.networkName}`) }];
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
