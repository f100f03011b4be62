/** What two services cannot both have: a container name, a published port, a fixed address. */
import { child, entriesOf, itemsOf, type Node, stringOf } from '../node.ts';
import { parseRange } from '../ports.ts';
import type { Problems } from '../problems.ts';
import type { Span } from '../source.ts';
import type { ServicePlace, Whole } from './index.ts';

export function checkBetweenServices({ enabled, problems }: Whole): void {
  const names = new Map<string, string>();
  for (const { name, service } of enabled) {
    const container = child(service, 'container_name');
    claim(names, stringOf(container), name, (taken, owner) =>
      problems.add({
        code: 'COMPOSE_CONFLICT',
        message: `services.${name}: container name "${taken}" is already in use by service "${owner}"`,
        at: container,
        hint: 'container names are unique on a machine; take one of the two out',
      }),
    );
  }
}

export function checkClashes({ enabled, problems }: Whole): void {
  const addresses = new Map<string, string>();
  const ports: PublishedPort[] = [];
  for (const { name, service } of enabled) {
    for (const [network, { value }] of entriesOf(child(service, 'networks'))) {
      for (const key of ['ipv4_address', 'ipv6_address']) {
        const address = child(value, key);
        const text = stringOf(address);
        if (text === undefined || text === '') continue;
        claim(addresses, `${text} on network ${network}`, name, (taken, owner) =>
          problems.add({
            code: 'COMPOSE_CONFLICT',
            message: `services.${name}: ${taken} is already the address of service "${owner}"`,
            at: address,
            hint: 'give one of the two another address',
          }),
        );
      }
    }
    for (const port of claimedPorts({ name, service })) checkPort(port, ports, problems);
  }
}

function claim(
  taken: Map<string, string>,
  what: string | undefined,
  service: string,
  refuse: (what: string, owner: string) => void,
): void {
  if (what === undefined || what === '') return;
  const owner = taken.get(what);
  if (owner === undefined) taken.set(what, service);
  else refuse(what, owner);
}

export interface PublishedPort {
  readonly at: Span;
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
}

/** The ports of the host that a service takes. Only single ones: of a range any free one is taken. */
export function claimedPorts({ name, service }: Pick<ServicePlace, 'name' | 'service'>): PublishedPort[] {
  return itemsOf(child(service, 'ports')).flatMap((node) => {
    const published = textOf(child(node, 'published'));
    const range = published === undefined ? undefined : parseRange(published);
    if (range === undefined || range.start !== range.end || range.start === 0) return [];
    const host = textOf(child(node, 'host_ip')) ?? '';
    const protocol = textOf(child(node, 'protocol')) ?? 'tcp';
    return [{ at: node, service: name, host, port: range.start, protocol }];
  });
}

function checkPort(port: PublishedPort, before: PublishedPort[], problems: Problems): void {
  const { service } = port;
  const other = before.find((each) => clash(each, port));
  if (other !== undefined) {
    problems.add({
      code: 'COMPOSE_PORT',
      message: `services.${service}: port ${port.port}/${port.protocol} is already published by service "${other.service}"`,
      at: port.at,
      hint: 'publish one of the two on another host port or address',
    });
  }
  before.push(port);
}

/** Whether both cannot be published at once. */
export function clash(a: PublishedPort, b: PublishedPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.host === b.host || isAny(a.host) || isAny(b.host);
}

function isAny(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}
