/** `volumes: ["./src:/app:ro"]`. */

import type { Json } from '../../model/project.ts';
import { type Entry, entryOf, fromJson, map, type Node, stringOf } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import { type Span, within } from '../source.ts';
import { parseVolume, type ShortMount } from '../volumes.ts';
import type { NormaliseContext } from './index.ts';

export function longVolume(node: Node, at: RewriteContext<NormaliseContext>): Node {
  const text = stringOf(node);
  if (text === undefined) return node;
  const parsed = parseVolume(text);
  if ('mount' in parsed) return longMount(parsed.mount, node);
  if (!at.context.lenient) {
    at.context.problems.add({
      code: 'COMPOSE_VOLUME',
      message: `${at.path}: ${parsed.problem}`,
      at: node,
      hint: text.includes(' - ')
        ? 'if these are several items, give all their dashes the same indentation'
        : 'write "source:target[:ro]": a path that starts with . or /, or the name of a volume',
    });
  }
  return node;
}

/** Source and target are blamed where they stand in the short form, as far as it is written there and no variable. */
function longMount(mount: ShortMount, at: Span): Node {
  const written = at.source.text.slice(at.start, at.end);
  const entries = new Map<string, Entry>();
  const add = (key: string, value: Json | undefined, place: Span): void => {
    if (value !== undefined) entries.set(key, entryOf(at, fromJson(value, place)));
  };
  add('type', mount.type, at);
  add('source', mount.source, part(at, written.indexOf(`${mount.source}:`), mount.source));
  add('target', mount.target, part(at, afterColon(written, mount.target), mount.target));
  add('read_only', mount.read_only, at);
  add('bind', mount.bind as Json | undefined, at);
  add('volume', mount.volume as Json | undefined, at);
  return map(entries, at);
}

function afterColon(written: string, target: string): number {
  const colon = written.indexOf(`:${target}`);
  return colon === -1 ? -1 : colon + 1;
}

function part(whole: Span, offset: number, text: string | undefined): Span {
  return offset === -1 || text === undefined || text === '' ? whole : within(whole, offset, text.length);
}
