/** Short port entries become one long entry for each target port. */
import { fromJson, type Node } from '../node.ts';
import { parsePort } from '../ports.ts';
import type { RewriteContext } from '../rewrite.ts';
import type { NormaliseContext } from './index.ts';

export function longPorts(node: Node, at: RewriteContext<NormaliseContext>): Node {
  if (node.kind !== 'list') return node;
  const seen = new Set<string>();
  const items: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    if (item.kind !== 'scalar') {
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
        at: item.at,
        hint: 'write "[address:][published:]target[/tcp|/udp]", for example "127.0.0.1:8080:80"',
      });
      continue;
    }
    for (const { target, published, hostIp, protocol } of parsed.ports) {
      const key = `${hostIp ?? ''}:${published ?? ''}:${target}/${protocol}`;
      if (seen.has(key)) continue;
      seen.add(key);
      items.push(
        fromJson(
          {
            mode: 'ingress',
            ...(hostIp === undefined ? {} : { host_ip: hostIp }),
            target,
            ...(published === undefined ? {} : { published }),
            protocol,
          },
          item.at,
        ),
      );
    }
  }
  return { ...node, items };
}
