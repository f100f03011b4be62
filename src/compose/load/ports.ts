/** The short syntax of `ports`: `[address:][published[-published]:]target[-target][/protocol]`. Exported for `run -p` too. */

export interface ShortPort {
  readonly target: number;
  /** One port or a range `"8000-8003"` to pick from. */
  readonly published?: string;
  readonly hostIp?: string;
  readonly protocol: string;
}

export type ParsedPort = { readonly ports: readonly ShortPort[] } | { readonly problem: string };

/**
 * One mapping for each target port. A published range as long as the target's pairs up with it;
 * a longer one for a single target is a range to pick from.
 */
export function parsePort(text: string): ParsedPort {
  return parseCommon(text) ?? parseAny(text);
}

/** `address:published:target` in full, as most are, without ranges and a protocol. */
const common = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5}):(\d{1,5})$/;

function parseCommon(text: string): ParsedPort | undefined {
  const match = common.exec(text);
  if (match === null) return undefined;
  const hostIp = match[1]!;
  const published = Number(match[2]);
  const target = Number(match[3]);
  if (published > highest || target > highest || !isIPv4(hostIp)) return undefined;
  return { ports: [{ target, published: String(published), hostIp, protocol: 'tcp' }] };
}

const highest = 65535;

function parseAny(text: string): ParsedPort {
  const [spec, protocol] = splitProtocol(text);
  if (!/^(tcp|udp|sctp)$/.test(protocol)) return { problem: `Invalid proto: ${protocol}` };
  const parts = splitAddress(spec);
  if ('problem' in parts) return parts;
  const { hostIp, published, target } = parts;
  if (target === '') return { problem: `No port specified: ${text}<empty>` };
  const targets = parseRange(target);
  if (targets === undefined) return { problem: `Invalid containerPort: ${target}` };
  if (published === '') return { ports: expand(targets, () => undefined, hostIp, protocol) };
  const hosts = parseRange(published);
  if (hosts === undefined) return { problem: `Invalid hostPort: ${published}` };
  const length = targets.end - targets.start;
  if (hosts.end - hosts.start === length) {
    return { ports: expand(targets, (index) => String(hosts.start + index), hostIp, protocol) };
  }
  if (length !== 0) {
    return { problem: `Invalid ranges specified for container and host Ports: ${target} and ${published}` };
  }
  return { ports: expand(targets, () => `${hosts.start}-${hosts.end}`, hostIp, protocol) };
}

function splitProtocol(text: string): [string, string] {
  const slash = text.lastIndexOf('/');
  return slash === -1 ? [text, 'tcp'] : [text.slice(0, slash), text.slice(slash + 1).toLowerCase()];
}

function splitAddress(
  spec: string,
): { hostIp: string; published: string; target: string } | { problem: string } {
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(spec);
  if (bracketed !== null) {
    const [published = '', target] = bracketed[2]!.split(':');
    if (target === undefined) return { hostIp: bracketed[1]!, published: '', target: published };
    return isIPv6(bracketed[1]!)
      ? { hostIp: bracketed[1]!, published, target }
      : { problem: `Invalid ip address: ${bracketed[1]}` };
  }
  const fields = spec.split(':');
  if (fields.length === 1) return { hostIp: '', published: '', target: fields[0]! };
  if (fields.length === 2) return { hostIp: '', published: fields[0]!, target: fields[1]! };
  const hostIp = fields.slice(0, -2).join(':');
  if (fields.length > 3) {
    return { problem: `Invalid ip address ${hostIp}: write an IPv6 address in brackets` };
  }
  if (hostIp !== '' && !isIPv4(hostIp)) return { problem: `Invalid ip address: ${hostIp}` };
  return { hostIp, published: fields.at(-2)!, target: fields.at(-1)! };
}

export function isIPv4(text: string): boolean {
  return ipv4.test(text);
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

export function isIPv6(text: string): boolean {
  const [address] = text.split('%');
  if (address === undefined || !address.includes(':') || !/^[0-9a-fA-F:.]+$/.test(address)) return false;
  const halves = address.split('::');
  if (halves.length > 2 || /:::|^:[^:]|[^:]:$/.test(address)) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const embedded = last?.includes('.') === true;
  if (embedded && !isIPv4(last!)) return false;
  const plain = embedded ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (embedded ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

export function parseRange(text: string): { start: number; end: number } | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2] ?? match[1]);
  return start <= end && end <= highest ? { start, end } : undefined;
}

function expand(
  targets: { start: number; end: number },
  publishedAt: (index: number) => string | undefined,
  hostIp: string,
  protocol: string,
): readonly ShortPort[] {
  const ports: ShortPort[] = [];
  for (let target = targets.start; target <= targets.end; target++) {
    const published = publishedAt(target - targets.start);
    ports.push({
      target,
      ...(published === undefined ? {} : { published }),
      ...(hostIp === '' ? {} : { hostIp }),
      protocol,
    });
  }
  // In the reference's order, which is that of the text: 10/tcp before 9/tcp.
  return ports.sort((a, b) => (`${a.target}/` < `${b.target}/` ? -1 : 1));
}
