/**
 * YAML text to nodes. Resolves anchors and merge keys itself, so that places survive and alias bombs do not pay.
 * Everything the `yaml` package knows stays behind this file.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  visit,
  type YAMLMap,
  type YAMLParseError,
  type Document as YamlDocument,
} from 'yaml';
import { type Entry, list, type MapNode, map, type Node, scalar } from './node.ts';
import type { Problems } from './problems.ts';
import { resolvePlain } from './scalars.ts';
import type { Source, Span } from './source.ts';
import { takingPlace, through } from './trace.ts';

/** More nodes than this after following every alias is taken for an attack, not a project. */
const nodeLimit = 500_000;

/**
 * The documents of a file, empty ones left out. A document with mistakes is reported and left out too,
 * unless the mistake could be stepped over (a duplicate key).
 */
export function parseYaml(source: Source, problems: Problems): readonly Node[] {
  const parsed = parseAllDocuments(source.text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(parsed)) return [];
  const documents: Node[] = [];
  for (const document of parsed as YamlDocument.Parsed[]) {
    if (document.errors.length > 0) {
      reportSyntax(document, source, problems);
      continue;
    }
    if (document.contents === null || isEmptyScalar(document.contents)) continue;
    const node = new Converter(source, problems).convert(document.contents);
    if (node !== undefined) documents.push(node);
  }
  return documents;
}

function isEmptyScalar(node: ParsedNode): boolean {
  return isScalar(node) && node.source === '' && node.type === 'PLAIN';
}

function reportSyntax(document: YamlDocument.Parsed, source: Source, problems: Problems): void {
  for (const error of document.errors) {
    const open = openedAt(document, error);
    if (open !== undefined) {
      const at = { source, start: open, end: open + 1 };
      const sign = source.text[open] ?? '';
      const hint = `write the closing ${closing[sign] ?? sign}`;
      problems.add({ code: 'COMPOSE_YAML', message: `what begins with this ${sign} never ends`, at, hint });
      // From here on everything was read as a part of it.
      return;
    }
    const at: Span = { source, start: error.pos[0], end: error.pos[1] };
    problems.add({ code: 'COMPOSE_YAML', message: error.message, at, hint: syntaxHints[error.code] });
  }
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** Where the quoted text or the bracket begins that ends, by mistake, where the error is. */
function openedAt(document: YamlDocument.Parsed, { pos, message }: YAMLParseError): number | undefined {
  if (!/^Missing closing .quote|end with a [\]}]$/.test(message)) return undefined;
  let start: number | undefined;
  visit(document, {
    Node: (_key, node) => {
      const [from, to] = node.range ?? [];
      const opens = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow;
      if (opens && to === pos[0] && from !== undefined) start = Math.max(start ?? 0, from);
    },
  });
  return start;
}

const syntaxHints: Readonly<Record<string, string | undefined>> = {
  TAB_AS_INDENT: 'indent with spaces; YAML does not allow tabs there',
  BAD_INDENT: 'align this line with the other entries of the same list or mapping',
  BLOCK_AS_IMPLICIT_KEY: 'a value that holds ": " must be quoted',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing after the key, or a quote left open?',
  MISSING_CHAR: 'is a quote, bracket or ":" missing here?',
  UNEXPECTED_TOKEN: 'quote the value if it starts with one of @ ` % & * ! | > { [',
  BAD_SCALAR_START: 'quote the value: it starts with a character that YAML keeps for itself',
};

/** A mapping that `<<` at this place merges into another one. */
interface Merged {
  readonly node: MapNode;
  readonly at: Span;
}

/** Holds one document's anchors. */
class Converter {
  readonly #source: Source;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, { node: Node | undefined; size: number }>();
  #size = 0;

  constructor(source: Source, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
  }

  convert(yaml: ParsedNode): Node | undefined {
    if (isAlias(yaml)) return this.#alias(yaml.source, this.#span(yaml));
    const anchor = 'anchor' in yaml ? yaml.anchor : undefined;
    const before = this.#size;
    // Known but not finished: an alias to it from inside is a cycle.
    if (anchor !== undefined) this.#anchors.set(anchor, { node: undefined, size: 0 });
    const node = tagged(this.#convertOwn(yaml), yaml.tag);
    if (anchor !== undefined) this.#anchors.set(anchor, { node, size: this.#size - before });
    return node;
  }

  #convertOwn(yaml: ParsedNode): Node | undefined {
    this.#size += 1;
    const at = this.#span(yaml);
    if (isMap(yaml)) return this.#map(yaml as YAMLMap.Parsed, at);
    if (isSeq(yaml)) {
      const items: Node[] = [];
      for (const item of yaml.items) {
        const node = this.convert(item as ParsedNode);
        if (node !== undefined) items.push(node);
      }
      return list(items, at);
    }
    if (!isScalar(yaml)) return undefined;
    const text = yaml.source ?? String(yaml.value ?? '');
    const literal = yaml.type !== 'PLAIN' || yaml.tag === 'tag:yaml.org,2002:str';
    return scalar(literal ? String(yaml.value) : resolvePlain(text), at);
  }

  #map(yaml: YAMLMap.Parsed, at: Span): Node {
    const entries = new Map<string, Entry>();
    const merged: Merged[] = [];
    for (const pair of yaml.items) {
      const keySpan = pair.key === null ? at : this.#span(pair.key);
      const value = pair.value === null ? scalar(null, keySpan) : this.convert(pair.value);
      if (value === undefined) continue;
      if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<') {
        this.#collectMerged(value, keySpan, merged);
        continue;
      }
      const key = this.#key(pair.key, keySpan);
      if (key === undefined) continue;
      const first = entries.get(key);
      if (first !== undefined) {
        const line = this.#lineOf(first.key);
        this.#problems.add({
          code: 'COMPOSE_DUPLICATE_KEY',
          message: `mapping key "${key}" already defined at line ${line}`,
          at: keySpan,
          hint: 'keep one of the two: YAML would silently use the last',
        });
        continue;
      }
      entries.set(key, { key: keySpan, value });
    }
    for (const { node, at: mergedAt } of merged) {
      for (const [key, entry] of node.entries) {
        const own = entries.get(key);
        if (own !== undefined) entries.set(key, { key: own.key, value: takingPlace(own.value, entry.value) });
        // A tag speaks for the place it is written at, not for those that merge it in.
        else if (entry.value.tag !== 'reset')
          entries.set(key, {
            key: entry.key,
            value: through(entry.value, { how: 'merge key', at: mergedAt }),
          });
      }
    }
    return map(entries, at);
  }

  #collectMerged(value: Node, at: Span, merged: Merged[]): void {
    const maps = value.kind === 'list' ? value.items : [value];
    for (const each of maps) {
      if (each.kind === 'map') merged.push({ node: each, at });
      else {
        this.#problems.add({
          code: 'COMPOSE_YAML',
          message: 'map merge requires map or sequence of maps as the value',
          at,
          hint: 'write `<<: *anchor` or `<<: [*one, *other]`',
        });
      }
    }
  }

  #key(key: ParsedNode | null, at: Span): string | undefined {
    const node = key === null ? undefined : this.convert(key);
    if (node?.kind === 'scalar' && typeof node.value === 'string') return node.value;
    const shown = node?.kind === 'scalar' ? String(node.value) : 'this key';
    this.#problems.add({
      code: 'COMPOSE_KEY_TYPE',
      message: `non-string key: ${shown}`,
      at,
      hint: node?.kind === 'scalar' ? `write it in quotes: "${shown}"` : 'keys must be plain words',
    });
    return undefined;
  }

  #alias(name: string, at: Span): Node | undefined {
    const known = this.#anchors.get(name);
    if (known?.node === undefined) {
      const message =
        known === undefined ? `unknown anchor "${name}"` : `anchor "${name}" contains an alias to itself`;
      this.#problems.add({ code: 'COMPOSE_YAML_ALIAS', message, at });
      return undefined;
    }
    this.#size += known.size;
    if (this.#size > nodeLimit) {
      this.#problems.add({
        code: 'COMPOSE_YAML_ALIAS',
        message: `aliases expand to more than ${nodeLimit} values`,
        at,
        hint: 'anchors that multiply each other cannot be loaded; write out what is meant',
      });
      return undefined;
    }
    return through(known.node, { how: 'alias', at });
  }

  #span(node: ParsedNode): Span {
    return { source: this.#source, start: node.range[0], end: node.range[1] };
  }

  #lineOf(span: Span): number {
    let line = 1;
    for (const start of this.#source.lineStarts.slice(1)) {
      if (start > span.start) break;
      line += 1;
    }
    return line;
  }
}

const tags: Readonly<Record<string, 'reset' | 'override' | undefined>> = {
  '!reset': 'reset',
  '!override': 'override',
};

function tagged(node: Node | undefined, tag: string | undefined): Node | undefined {
  const known = tag === undefined ? undefined : tags[tag];
  return node === undefined || known === undefined ? node : { ...node, tag: known };
}
