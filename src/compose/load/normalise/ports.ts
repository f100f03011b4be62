/** Short port entries become one long entry for each target port. */
import { type Entry, entryOf, map, type Node, scalar, withItems } from '../node.ts';
import { parsePort, type ShortPort } from '../ports.ts';
import type { RewriteContext } from '../rewrite.ts';
import type { Span } from '../source.ts';
import type { NormaliseContext } from './index.ts';

export function longPorts(node: Node, at: RewriteContext<NormaliseContext>): Node {
  if (node.kind !== 'list') return node;
  const seen = new Set<string>();
  const items: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    // Null is what is left of one that was refused.
    if (item.kind !== 'scalar' || item.value === null) {
      items.push(item);
      continue;
    }
    const text = String(item.value);
    const parsed = parsePort(text);
    if ('problem' in parsed) {
      if (at.context.lenient) return node;
      at.context.problems.add({
        code: 'COMPOSE_PORT',
        message: `${at.path}[${index}]: ${parsed.problem}`,
        at: item,
        hint: 'write "[address:][published:]target[/tcp|/udp]", for example "127.0.0.1:8080:80"',
      });
      items.push(scalar(null, item));
      continue;
    }
    for (const port of parsed.ports) {
      const { target, published = '', hostIp = '', protocol } = port;
      const key = `${hostIp}:${published}:${target}/${protocol}`;
      if (seen.has(key)) continue;
      seen.add(key);
      items.push(longPort(port, item));
    }
  }
  return withItems(node, items);
}

function longPort({ target, published, hostIp, protocol }: ShortPort, at: Span): Node {
  const entries = new Map<string, Entry>();
  const add = (key: string, value: string | number | undefined): void => {
    if (value !== undefined) entries.set(key, entryOf(at, scalar(value, at)));
  };
  add('mode', 'ingress');
  add('host_ip', hostIp);
  add('target', target);
  add('published', published);
  add('protocol', protocol);
  return map(entries, at);
}
