/**
 * The thorough reader: all of YAML to nodes, and what is wrong with it. It reads what the quick one leaves.
 * Resolves anchors and merge keys itself, so that places survive and alias bombs do not pay.
 * Everything the `yaml` package knows stays behind this file.
 */
import {
  Composer,
  type CST,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type YAMLMap,
  type Document as YamlDocument,
} from 'yaml';
import { type AliasFault, Anchors, aliasedLimit, depthLimit } from './aliases.ts';
import { addMerged, type Merged, mergedBy } from './merge-keys.ts';
import { type Entry, entryOf, list, map, type Node, scalar, withTag } from './node.ts';
import type { Finding, Problems } from './problems.ts';
import { firstUnusual } from './quick/read.ts';
import { resolvePlain } from './scalars.ts';
import { rangeOf, type Source, type Span } from './source.ts';
import { through } from './trace.ts';
import { reportSyntax } from './yaml-errors.ts';

/**
 * The documents of a file, empty ones left out. A document with mistakes is reported and left out too,
 * unless the mistake could be stepped over (a duplicate key).
 */
export function parseYaml(source: Source, problems: Problems): readonly Node[] {
  const documents: Node[] = [];
  for (const document of parsed(source, problems)) {
    if (document.errors.length > 0) {
      reportSyntax(document, source, problems);
      continue;
    }
    if (document.contents === null || isEmptyScalar(document.contents)) continue;
    const node = new Converter(source, problems).convert(document.contents, 0);
    if (node !== undefined) documents.push(node);
  }
  return documents;
}

/** The package's documents. It does not mind any depth until the stack ends, so that is measured in between. */
function* parsed(source: Source, problems: Problems): Generator<YamlDocument.Parsed> {
  if (source.text.length > thoroughLimit) {
    const start = firstUnusual(source) ?? 0;
    problems.add({
      code: 'COMPOSE_TOO_BIG',
      message: `here is a mistake, or YAML that is hardly ever written; of a file of more than ${thoroughLimit >> 20} MiB no more can be told`,
      at: { source, start, end: start + 1 },
      hint: 'mend it, or split the file with `include`: in a smaller one the mistake is explained',
    });
    return;
  }
  const composer = new Composer<ParsedNode, true>({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const token of new Parser().parse(source.text)) {
    const start = tooDeep(token);
    if (start !== undefined) {
      problems.add(deepNesting({ source, start, end: start + 1 }));
      return;
    }
    yield* composer.next(token);
  }
  yield* composer.end(false, source.text.length);
}

/** The package needs some hundred times a text's size of memory. */
const thoroughLimit = 4 << 20;

/** Where, in the syntax tree, mappings and lists are too many within each other. */
function tooDeep(document: CST.Token): number | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: document, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > depthLimit) return token.offset;
    if (token.type === 'document' && token.value !== undefined) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

function deepNesting(at: Span): Finding {
  return {
    code: 'COMPOSE_YAML_DEPTH',
    message: `more than ${depthLimit} mappings and lists within each other`,
    at,
    hint: 'no Compose file is that deep: is a bracket left open?',
  };
}

function isEmptyScalar(node: ParsedNode): boolean {
  return isScalar(node) && node.source === '' && node.type === 'PLAIN';
}

class Converter {
  readonly #source: Source;
  readonly #problems: Problems;
  readonly #anchors = new Anchors();

  constructor(source: Source, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
  }

  /** `depth` mappings and lists hold it. */
  convert(yaml: ParsedNode, depth: number): Node | undefined {
    if (isAlias(yaml)) return this.#alias(yaml.source, this.#span(yaml), depth);
    const read = (): Node | undefined => tagged(this.#convertOwn(yaml, depth), yaml.tag);
    return yaml.anchor === undefined ? read() : this.#anchors.define(yaml.anchor, depth, read);
  }

  #convertOwn(yaml: ParsedNode, outer: number): Node | undefined {
    const at = this.#span(yaml);
    const depth = isCollection(yaml) ? outer + 1 : outer;
    this.#anchors.count(depth);
    if (isMap(yaml)) return this.#map(yaml as YAMLMap.Parsed, at, depth);
    if (isSeq(yaml)) {
      const items: Node[] = [];
      for (const item of yaml.items) {
        const node = this.convert(item as ParsedNode, depth);
        if (node !== undefined) items.push(node);
      }
      return list(items, at);
    }
    if (!isScalar(yaml)) return undefined;
    const text = yaml.source ?? String(yaml.value ?? '');
    // `!!int "5"` is a number, `!!str 5` is none.
    if (resolvedTag.test(yaml.tag ?? '')) return scalar(resolvePlain(String(yaml.value)), at);
    const literal = yaml.type !== 'PLAIN' || yaml.tag === 'tag:yaml.org,2002:str';
    return scalar(literal ? String(yaml.value) : resolvePlain(text), at);
  }

  #map(yaml: YAMLMap.Parsed, at: Span, depth: number): Node {
    const entries = new Map<string, Entry>();
    const merged: Merged[] = [];
    for (const pair of yaml.items) {
      const keySpan = pair.key === null ? at : this.#span(pair.key);
      const value = pair.value === null ? scalar(null, keySpan) : this.convert(pair.value, depth);
      if (value === undefined) continue;
      if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<') {
        this.#collectMerged(value, keySpan, merged);
        continue;
      }
      const key = this.#key(pair.key, keySpan, depth);
      if (key === undefined) continue;
      const first = entries.get(key);
      if (first !== undefined) {
        const { line } = rangeOf(first);
        this.#problems.add({
          code: 'COMPOSE_DUPLICATE_KEY',
          message: `mapping key "${key}" already defined at line ${line}`,
          at: keySpan,
          hint: 'keep one of the two: YAML would silently use the last',
        });
        continue;
      }
      entries.set(key, entryOf(keySpan, value));
    }
    addMerged(entries, merged);
    return map(entries, at);
  }

  #collectMerged(value: Node, at: Span, merged: Merged[]): void {
    const found = mergedBy(value, at);
    if (found !== undefined) {
      merged.push(...found);
      return;
    }
    this.#problems.add({
      code: 'COMPOSE_YAML',
      message: 'map merge requires map or sequence of maps as the value',
      at,
      hint: 'write `<<: *anchor` or `<<: [*one, *other]`',
    });
  }

  #key(key: ParsedNode | null, at: Span, depth: number): string | undefined {
    const node = key === null ? undefined : this.convert(key, depth);
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

  #alias(name: string, at: Span, depth: number): Node | undefined {
    const node = this.#anchors.follow(name, depth);
    if (typeof node !== 'string') return through(node, { how: 'alias', at });
    this.#problems.add(aliasFaults[node](name, at));
    return undefined;
  }

  #span(node: ParsedNode): Span {
    return { source: this.#source, start: node.range[0], end: node.range[1] };
  }
}

const aliasFaults: Readonly<Record<AliasFault, (name: string, at: Span) => Finding>> = {
  unknown: (name, at) => ({ code: 'COMPOSE_YAML_ALIAS', message: `unknown anchor "${name}"`, at }),
  cycle: (name, at) => ({
    code: 'COMPOSE_YAML_ALIAS',
    message: `anchor "${name}" contains an alias to itself`,
    at,
  }),
  size: (_, at) => ({
    code: 'COMPOSE_YAML_ALIAS',
    message: `aliases expand to more than ${aliasedLimit} values`,
    at,
    hint: 'anchors that multiply each other cannot be loaded; write out what is meant',
  }),
  depth: (_, at) => deepNesting(at),
};

const tags: Readonly<Record<string, 'reset' | 'override' | undefined>> = {
  '!reset': 'reset',
  '!override': 'override',
};

const resolvedTag = /^tag:yaml\.org,2002:(?:int|float|bool|null)$/;

function tagged(node: Node | undefined, tag: string | undefined): Node | undefined {
  const known = tag === undefined ? undefined : tags[tag];
  return node === undefined || known === undefined ? node : withTag(node, known);
}
