/** What the `yaml` package finds wrong, said of the place where a person would look for it. */
import { isCollection, isScalar, visit, type YAMLParseError, type Document as YamlDocument } from 'yaml';
import type { Finding, Problems } from './problems.ts';
import { lineSpan, rangeOf, type Source, type Span, spanOf } from './source.ts';

export function reportSyntax(document: YamlDocument.Parsed, source: Source, problems: Problems): void {
  for (const error of document.errors) {
    const open = openedAt(document, error);
    if (open !== undefined) {
      problems.add(neverEnds(source, open));
      // From here on everything was read as a part of it.
      return;
    }
    const at: Span = { source, start: error.pos[0], end: error.pos[1] };
    const said = words[error.code]?.(at);
    const where = { at, ...said };
    problems.add({ code: 'COMPOSE_YAML', message: error.message, ...where });
    // What is out of line takes its neighbours with it.
    if (error.code === 'BAD_INDENT') return;
  }
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

function neverEnds(source: Source, start: number): Finding {
  const sign = source.text[start] ?? '';
  return {
    code: 'COMPOSE_YAML',
    message: `what begins with this ${sign} never ends`,
    at: { source, start, end: start + 1 },
    hint: `write the closing ${closing[sign] ?? sign}`,
  };
}

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

type Words = (at: Span) => Partial<Pick<Finding, 'message' | 'at' | 'hint'>>;

/** By the package's code. What is absent is as the package has it. */
const words: Readonly<Record<string, Words | undefined>> = {
  TAB_AS_INDENT: () => ({
    message: 'this line is indented with a tab',
    hint: 'indent with spaces: YAML does not allow tabs there',
  }),
  BAD_INDENT: outOfLine,
  BLOCK_AS_IMPLICIT_KEY: secondColon,
  MULTILINE_IMPLICIT_KEY: () => ({
    message: 'this is neither a key nor a value',
    hint: 'is a ":" missing after the key, or a quote left open?',
  }),
  MISSING_CHAR: () => ({ hint: 'is a quote, bracket or ":" missing here?' }),
  UNEXPECTED_TOKEN: () => ({ hint: 'quote the value if it starts with one of @ ` % & * ! | > { [' }),
  BAD_SCALAR_START: reserved,
};

function outOfLine(at: Span): ReturnType<Words> {
  const { source } = at;
  const { line } = rangeOf(at);
  const written = lineSpan(source, line);
  const own = indentOf(source, line);
  const start = written.start + own;
  const columns = indentsAbove(source, line).map((indent) => indent + 1);
  const last = columns.pop();
  return {
    at: spanOf(at, start, written.end),
    message: 'this line does not begin where the others of its list or mapping do',
    hint:
      columns.length === 0
        ? `begin it in column ${last}`
        : `it begins in column ${own + 1}: write it in column ${columns.join(', ')} or ${last}`,
  };
}

/** Of the mappings and lists that are open above a line. */
function indentsAbove(source: Source, line: number): number[] {
  const found: number[] = [];
  for (let above = line - 1; above >= 1 && found[0] !== 0; above--) {
    const { start, end } = lineSpan(source, above);
    const text = source.text.slice(start, end);
    const indent = indentOf(source, above);
    if (/^\s*(#|$)/.test(text)) continue;
    if (found[0] === undefined || indent < found[0]) found.unshift(indent);
  }
  return found;
}

function indentOf(source: Source, line: number): number {
  const { start, end } = lineSpan(source, line);
  return /^ */.exec(source.text.slice(start, end))?.[0].length ?? 0;
}

function secondColon(at: Span): ReturnType<Words> {
  const { source, start } = at;
  const { end } = lineSpan(source, rangeOf(at).line);
  const value = source.text
    .slice(start, end)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  return {
    at: spanOf(at, start, start + value.length),
    message: 'a value without quotes cannot hold a second key',
    hint: `put it in quotes: ${JSON.stringify(value)}`,
  };
}

function reserved({ source, start }: Span): ReturnType<Words> {
  const sign = source.text[start] ?? '';
  return {
    message: `a value without quotes cannot begin with ${sign}`,
    hint: 'put it in quotes: YAML keeps the character for itself',
  };
}
