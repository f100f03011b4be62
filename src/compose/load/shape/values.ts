/** Single values of the canonical form: text, numbers, sizes, durations, pairs, commands. */
import type { Json } from '../../model/project.ts';
import { formatDuration, parseDuration } from '../durations.ts';
import { asHosts, asSequence } from '../merge.ts';
import { child, define, type MapNode, type Node, toJson } from '../node.ts';
import { byText, sortedKeys } from '../order.ts';
import type { Problems } from '../problems.ts';
import { scalarText } from '../scalars.ts';
import { shellWords } from '../shell-words.ts';
import { parseSize } from '../sizes.ts';
import type { Shape } from './types.ts';

/** What all values of a tree are printed with. */
export interface Printing {
  readonly tree: MapNode;
  readonly problems: Problems;
}

type Leaf = Exclude<Shape, { kind: 'struct' | 'list' | 'map' }>;

export function shapeValue(node: Node, shape: Leaf, at: Printing): Json | undefined {
  if (shape.kind === 'raw') return toJson(node);
  if (shape.kind === 'pairs') return pairs(node, shape.nullable);
  if (node.kind === 'scalar' && node.value === null) return undefined;
  return leaves[shape.kind](node, at);
}

type Print = (node: Node, at: Printing) => Json | undefined;

const leaves: Readonly<Record<Exclude<Leaf['kind'], 'raw' | 'pairs'>, Print>> = {
  string: (node) => textOf(node),
  boolean: (node, at) => {
    const text = textOf(node)?.toLowerCase();
    const value = text === 'true' ? true : text === 'false' ? false : undefined;
    return value ?? refuse(node, at, 'COMPOSE_TYPE', `invalid boolean: ${text}`, 'write true or false');
  },
  integer,
  natural: (node, at) => {
    const value = integer(node, at);
    if (value === undefined || value >= 0) return value;
    return refuse(node, at, 'COMPOSE_TYPE', `${value} is too low: 0 is the least`, 'write how many');
  },
  number: (node, at) => {
    const value = number(node, at, /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/, 'a number');
    return value === undefined ? undefined : single(value);
  },
  size,
  duration: (node, at) => {
    const text = textOf(node) ?? '';
    const nanos = parseDuration(text);
    return nanos === undefined
      ? refuse(
          node,
          at,
          'COMPOSE_DURATION',
          `invalid duration "${text}"`,
          /^\d+$/.test(text) ? `write a unit: ${text}s` : 'write it like 30s, 1m30s or 500ms',
        )
      : formatDuration(nanos);
  },
  mode: (node, at) => {
    const bits = fileMode(node);
    return bits === undefined
      ? refuse(
          node,
          at,
          'COMPOSE_TYPE',
          `invalid file mode ${textOf(node)}`,
          'write octal digits, such as "0440"',
        )
      : `0${bits.toString(8)}`;
  },
  command: (node, at) => {
    if (node.kind === 'list') return node.items.map((item) => textOf(item) ?? '');
    const { words, problem } = shellWords(textOf(node) ?? '');
    return problem === undefined
      ? [...words]
      : refuse(
          node,
          at,
          'COMPOSE_COMMAND',
          `cannot split into words: ${problem}`,
          'write the command as a list',
        );
  },
  healthtest: (node) =>
    node.kind === 'list' ? node.items.map((item) => textOf(item) ?? '') : ['CMD-SHELL', textOf(node) ?? ''],
  hosts,
  keys: (node) => {
    if (node.kind !== 'map') return asSequence(node).items.map((item) => textOf(item) ?? '');
    const pairs = [...node.entries].map(([id, { value }]) => {
      const path = textOf(value);
      return path === undefined || path === '' ? id : `${id}=${path}`;
    });
    return pairs.sort(byText);
  },
  // Zeros too, which the reference leaves out: without them it could not be loaded again.
  ulimit: (node, at) => {
    if (node.kind === 'scalar') return integer(node, at);
    const bounds = ['soft', 'hard'].map((key) => {
      const bound = child(node, key);
      return [key, (bound === undefined ? undefined : integer(bound, at)) ?? 0];
    });
    return Object.fromEntries(bounds);
  },
  count: (node, at) => {
    const text = textOf(node);
    if (text === 'all') return -1;
    if (text !== undefined && /^-?\d+$/.test(text)) return Number(text);
    return refuse(
      node,
      at,
      'COMPOSE_VALUE',
      `invalid value "${text}", the only value allowed is 'all' or a number`,
      'write `all` or how many',
    );
  },
};

export function textOf(node: Node): string | undefined {
  return node.kind === 'scalar' && node.value !== null ? scalarText(node.value) : undefined;
}

function number(node: Node, at: Printing, pattern: RegExp, what: string): number | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'number') return node.value;
  const text = textOf(node) ?? '';
  return pattern.test(text)
    ? Number(text)
    : refuse(node, at, 'COMPOSE_TYPE', `invalid number "${text}"`, `write ${what}`);
}

/** The shortest number that single precision does not tell from this one: the reference keeps no more digits. */
function single(value: number): number {
  const kept = Math.fround(value);
  if (!Number.isFinite(kept)) return value;
  let digits = 1;
  while (Math.fround(Number(kept.toPrecision(digits))) !== kept) digits += 1;
  return Number(kept.toPrecision(digits));
}

/** The schema takes any number for some of them; what is behind its point is cut off, as the reference does. */
function integer(node: Node, at: Printing): number | undefined {
  const value = number(node, at, /^[-+]?\d+$/, 'a whole number');
  return value === undefined ? undefined : Math.trunc(value);
}

/** Bytes as decimal text. */
function size(node: Node, at: Printing): Json | undefined {
  const text = textOf(node) ?? '';
  const bytes = parseSize(text);
  if (bytes === undefined) {
    return refuse(node, at, 'COMPOSE_SIZE', `invalid size "${text}"`, 'write it like 512k, 64m or 1.5gb');
  }
  return bytes === 0 ? undefined : String(bytes);
}

/** Numbers are bits already (YAML has read `0440`), text is octal digits. */
function fileMode(node: Node): number | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (typeof node.value === 'number')
    return Number.isInteger(node.value) && node.value >= 0 ? node.value : undefined;
  const text = String(node.value);
  return /^(0o?)?[0-7]+$/.test(text) ? Number.parseInt(text.replace('o', ''), 8) : undefined;
}

function pairs(node: Node, nullable: boolean): Json | undefined {
  const read = pairsIn(node, nullable);
  const result: Record<string, Json> = {};
  sortedKeys(read).forEach((key) => {
    define(result, key, read.get(key)!);
  });
  return read.size === 0 ? undefined : result;
}

/** Not in order yet. */
export function pairsIn(node: Node, nullable: boolean): ReadonlyMap<string, string | null> {
  const read = new Map<string, string | null>();
  const none = nullable ? null : '';
  if (node.kind === 'map') {
    node.entries.forEach(({ value }, key) => {
      read.set(key, textOf(value) ?? none);
    });
    return read;
  }
  asSequence(node).items.forEach((item) => {
    const text = textOf(item) ?? '';
    const equals = text.indexOf('=');
    if (equals === -1) read.set(text, none);
    else read.set(text.slice(0, equals), text.slice(equals + 1));
  });
  return read;
}

/** `host:address`, `host=address,address` and maps, sorted; brackets around IPv6 are dropped. */
function hosts(node: Node, at: Printing): Json {
  const pairs = asHosts(node).items.flatMap((item) => {
    const text = textOf(item) ?? '';
    const [host, addresses] = splitHost(text);
    const refuseHost = (message: string): [] => {
      refuse(item, at, 'COMPOSE_VALUE', message, hostHint, node.kind === 'list' ? item : node);
      return [];
    };
    if (addresses === undefined) return refuseHost(`"${text}" has no address`);
    if (host === '' || /[:=]/.test(host)) return refuseHost(`"${host}" cannot be the name of a host`);
    return addresses.split(',').map((address) => `${host}=${address.replace(/^\[(.+)\]$/, '$1')}`);
  });
  return pairs.sort(byText);
}

function splitHost(text: string): [string, string | undefined] {
  const at = text.indexOf(text.includes('=') ? '=' : ':');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const hostHint = 'write "name=address", such as "db=10.0.0.5" or "host.docker.internal=host-gateway"';

/** `where`: the value of the tree that this one is of. */
function refuse(
  node: Node,
  { tree, problems }: Printing,
  code: string,
  message: string,
  hint: string,
  where = node,
): undefined {
  // A variable that could not be replaced has been blamed; what is left of it says nothing more.
  if (problems.blames(node)) return undefined;
  problems.add({ code, message: `${pathTo(where, tree)}: ${message}`, at: node, hint });
  return undefined;
}

/** Looked for when it is needed: a path for each value would take longer than to print it. */
function pathTo(wanted: Node, node: Node, path = ''): string | undefined {
  if (node === wanted) return path;
  if (node.kind === 'scalar') return undefined;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const found = pathTo(wanted, item, `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const [key, { value }] of node.entries) {
    const found = pathTo(wanted, value, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
