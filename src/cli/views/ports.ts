/** Published ports, as `ps` and `port` print them. */
import type { ContainerView } from '../../agent/protocol.ts';

/** One row of `ps --format json`'s `Publishers`. */
export interface Publisher {
  readonly URL: string;
  readonly TargetPort: number;
  readonly PublishedPort: number;
  readonly Protocol: string;
}

/** A port without a host address is published on both families; Docker lists each. */
export function publishers(ports: ContainerView['ports']): Publisher[] {
  const all = ports.flatMap(({ target, protocol, hostIp, hostPort }) =>
    addresses(hostIp, hostPort).map((URL) => ({
      URL,
      TargetPort: target,
      PublishedPort: hostPort,
      Protocol: protocol,
    })),
  );
  const seen = new Set<string>();
  return all.sort(byPort).filter((port) => {
    const key = JSON.stringify(port);
    return !seen.has(key) && seen.add(key);
  });
}

function addresses(hostIp: string, hostPort: number): string[] {
  if (hostPort === 0) return [''];
  return hostIp === '' ? ['0.0.0.0', '::'] : [hostIp];
}

function byPort(a: Publisher, b: Publisher): number {
  return (
    a.TargetPort - b.TargetPort ||
    Number(a.URL.includes(':')) - Number(b.URL.includes(':')) ||
    compare(a.URL, b.URL) ||
    a.PublishedPort - b.PublishedPort ||
    compare(a.Protocol, b.Protocol)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * `0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 9000/tcp`. Neighbouring ports that keep their number become a range,
 * and come first.
 * @see docker/cli DisplayablePorts
 */
export function displayPorts(ports: readonly Publisher[]): string {
  const ranges = new Map<
    string,
    { readonly ip: string; readonly protocol: string; first: number; last: number }
  >();
  const closed: string[] = [];
  const mappings: string[] = [];
  for (const { URL, TargetPort, PublishedPort, Protocol } of ports) {
    if (URL !== '' && PublishedPort !== TargetPort) {
      mappings.push(`${hostPort(URL, PublishedPort)}->${TargetPort}/${Protocol}`);
      continue;
    }
    const key = `${URL}/${Protocol}`;
    const range = ranges.get(key);
    if (range?.last === TargetPort - 1) {
      range.last = TargetPort;
      continue;
    }
    if (range !== undefined) closed.push(displayRange(range));
    ranges.set(key, { ip: URL, protocol: Protocol, first: TargetPort, last: TargetPort });
  }
  return [...closed, ...[...ranges.values()].map(displayRange), ...mappings].join(', ');
}

function displayRange(range: { ip: string; protocol: string; first: number; last: number }): string {
  const ports = range.first === range.last ? `${range.first}` : `${range.first}-${range.last}`;
  const published = range.ip === '' ? '' : `${hostPort(range.ip, ports)}->`;
  return `${published}${ports}/${range.protocol}`;
}

export function hostPort(ip: string, port: number | string): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
