/**
 * Go templates, as far as `--format` needs them: fields, pipes, functions, `range`, `if`, `with`.
 * A format that begins with `table` becomes lines under headings.
 */
import { TscomposeError } from '../../errors.ts';
import { table } from './table.ts';

type Data = unknown;
type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly pipe: Pipe }
  | {
      readonly kind: 'range' | 'if' | 'with';
      readonly pipe: Pipe;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };
/** Each call gets the answer of the one before as its last argument. */
type Pipe = readonly Call[];
type Call = readonly Term[];
type Term =
  | { readonly kind: 'path'; readonly keys: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'function'; readonly name: string };

/** Renders each row through the format. `headings` are used by `table` formats. */
export function renderRows(
  format: string,
  rows: readonly object[],
  headings: Readonly<Record<string, string | undefined>>,
): string {
  const isTable = /^table(\s|$)/.test(format);
  const source = format
    .replace(/^table\s*/, '')
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n');
  const template = parseTemplate(source);
  const lines = rows.map((row) => render(template, row));
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const header = render(template, headings);
  return table(
    header.split('\t'),
    lines.map((line) => line.split('\t')),
  );
}

/** Renders one value. */
export function renderTemplate(format: string, data: Data): string {
  return render(parseTemplate(format), data);
}

function parseTemplate(source: string): readonly Node[] {
  const pieces = source.split(/\{\{-?\s*(.*?)\s*-?\}\}/s);
  const cursor = { at: 0 };
  const nodes = parseBody(pieces, cursor);
  if (cursor.at < pieces.length) throw invalid(`unexpected {{${pieces[cursor.at]}}}`);
  return nodes;
}

/** Pieces alternate between text (even) and actions (odd). Stops in front of `end` and `else`. */
function parseBody(pieces: readonly string[], cursor: { at: number }): readonly Node[] {
  const nodes: Node[] = [];
  for (; cursor.at < pieces.length; cursor.at += 1) {
    const piece = pieces[cursor.at] ?? '';
    if (cursor.at % 2 === 0) {
      if (piece !== '') nodes.push({ kind: 'text', text: piece });
      continue;
    }
    if (piece === 'end' || piece === 'else') return nodes;
    const [, keyword, rest] = /^(range|if|with)\s+(.*)$/s.exec(piece) ?? [];
    if (keyword === undefined) {
      nodes.push({ kind: 'value', pipe: parsePipe(piece) });
      continue;
    }
    cursor.at += 1;
    const body = parseBody(pieces, cursor);
    let otherwise: readonly Node[] = [];
    if (pieces[cursor.at] === 'else') {
      cursor.at += 1;
      otherwise = parseBody(pieces, cursor);
    }
    if (pieces[cursor.at] !== 'end') throw invalid(`{{${piece}}} has no {{end}}`);
    nodes.push({ kind: keyword as 'range' | 'if' | 'with', pipe: parsePipe(rest ?? ''), body, otherwise });
  }
  return nodes;
}

function parsePipe(source: string): Pipe {
  const words = source.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|\||[^\s|]+/g) ?? [];
  const calls: Term[][] = [[]];
  for (const word of words) {
    if (word === '|') calls.push([]);
    else calls.at(-1)?.push(parseTerm(word));
  }
  if (calls.some((call) => call.length === 0)) throw invalid(`{{${source}}} has an empty command`);
  return calls;
}

function parseTerm(word: string): Term {
  if (word.startsWith('"')) return { kind: 'literal', value: JSON.parse(word) as string };
  if (word.startsWith('`')) return { kind: 'literal', value: word.slice(1, -1) };
  if (/^-?\d+$/.test(word)) return { kind: 'literal', value: Number(word) };
  if (word.startsWith('.'))
    return {
      kind: 'path',
      keys: word
        .slice(1)
        .split('.')
        .filter((key) => key !== ''),
    };
  return { kind: 'function', name: word };
}

function render(nodes: readonly Node[], data: Data): string {
  return nodes.map((node) => renderNode(node, data)).join('');
}

function renderNode(node: Node, data: Data): string {
  if (node.kind === 'text') return node.text;
  const value = evaluate(node.pipe, data);
  switch (node.kind) {
    case 'value':
      return shown(value);
    case 'range':
      return Array.isArray(value) && value.length > 0
        ? value.map((item) => render(node.body, item)).join('')
        : render(node.otherwise, data);
    case 'if':
      return render(isTruthy(value) ? node.body : node.otherwise, data);
    case 'with':
      return isTruthy(value) ? render(node.body, value) : render(node.otherwise, data);
  }
}

function evaluate(pipe: Pipe, data: Data): Data {
  let piped: readonly Data[] = [];
  for (const [head, ...rest] of pipe) {
    if (head === undefined) continue;
    const args = [...rest.map((term) => termValue(term, data)), ...piped];
    piped = [head.kind === 'function' ? callFunction(head.name, args) : method(head, args, data)];
  }
  return piped[0];
}

function termValue(term: Term, data: Data): Data {
  if (term.kind === 'literal') return term.value;
  return term.kind === 'path' ? lookUp(term.keys, data) : callFunction(term.name, []);
}

/** `.Label "key"` is the one method Docker's rows have. */
function method(term: Exclude<Term, { kind: 'function' }>, args: readonly Data[], data: Data): Data {
  if (term.kind === 'path' && term.keys.length === 1 && term.keys[0] === 'Label') {
    const { labelMap } = data as { readonly labelMap?: Readonly<Record<string, string>> };
    return labelMap?.[shown(args[0])] ?? '';
  }
  return termValue(term, data);
}

function lookUp(keys: readonly string[], data: Data): Data {
  return keys.reduce<Data>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      throw invalid(`there is no field .${key}`, value);
    return (value as Record<string, Data>)[key];
  }, data);
}

const functions: Readonly<Record<string, (...args: Data[]) => Data>> = {
  json: (value) => JSON.stringify(value),
  upper: (value) => shown(value).toUpperCase(),
  lower: (value) => shown(value).toLowerCase(),
  title: (value) => shown(value).replace(/\b\w/g, (letter) => letter.toUpperCase()),
  join: (items, separator) => (Array.isArray(items) ? items.map(shown).join(shown(separator)) : shown(items)),
  split: (value, separator) => shown(value).split(shown(separator)),
  len: (value) =>
    Array.isArray(value) || typeof value === 'string' ? value.length : Object.keys(value ?? {}).length,
  index: (value, ...keys) =>
    keys.reduce((inner, key) => (inner as Record<string, Data> | undefined)?.[shown(key)], value),
  println: (...values) => `${values.map(shown).join(' ')}\n`,
  eq: (a, b) => shown(a) === shown(b),
  ne: (a, b) => shown(a) !== shown(b),
  not: (value) => !isTruthy(value),
};

function callFunction(name: string, args: readonly Data[]): Data {
  const call = functions[name];
  if (call === undefined) throw invalid(`there is no function "${name}"`);
  return call(...args);
}

function isTruthy(value: Data): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function shown(value: Data): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function invalid(what: string, value?: Data): TscomposeError {
  const fields = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return new TscomposeError('CLI_TEMPLATE', `the format is no valid template: ${what}`, {
    ...(fields.length === 0 ? {} : { hint: `the fields are ${fields.join(', ')}` }),
  });
}
