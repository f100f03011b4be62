/**
 * Variables in text: `$V ${V} ${V:-d} ${V-d} ${V:?m} ${V?m} ${V:+a} ${V+a}`, nested, `$$` for a dollar.
 * Pure: what a variable holds comes in as a function. Shared by Compose files and env files.
 */

export type Lookup = (name: string) => string | undefined;

/** A variable as it is written in a text: `dollar` says which `$` of the text begins it, from 0. */
interface Written {
  readonly text: string;
  readonly dollar: number;
}

export type VariableProblem = Written &
  /** `reason`, where it is not the form that is wrong. */
  (
    | { readonly kind: 'malformed'; readonly reason?: string }
    | { readonly kind: 'required'; readonly name: string; readonly message: string }
  );

export interface UnsetVariable extends Written {
  readonly name: string;
}

export interface Substitution {
  readonly text: string;
  /** Those without value and without default: they became the empty string. */
  readonly unset: readonly UnsetVariable[];
  /** The first thing wrong. */
  readonly problem?: VariableProblem;
}

export function substitute(text: string, lookup: Lookup): Substitution {
  if (!text.includes('$')) return { text, unset: [] };
  const state: State = { lookup, unset: [], depth: 0 };
  const result = expand(text, state, 0);
  return { text: result, unset: state.unset, ...(state.problem ? { problem: state.problem } : {}) };
}

/** A variable that a text mentions, as `config --variables` lists them. */
export interface VariableUse {
  readonly name: string;
  readonly required: boolean;
  readonly defaultValue: string;
  readonly alternate: string;
}

export function variablesIn(text: string): readonly VariableUse[] {
  return expressionsIn(text).flatMap(({ name, operator, word }) => [
    {
      name,
      required: operator.endsWith('?'),
      defaultValue: operator.endsWith('-') ? word : '',
      alternate: operator.endsWith('+') ? word : '',
    },
    ...variablesIn(word),
  ]);
}

/** `${NAME:-word}`; operator and word are empty where there are none. */
export interface Expression {
  readonly name: string;
  readonly operator: string;
  readonly word: string;
}

/** In order; those within a word are not looked for. */
export function expressionsIn(text: string): readonly Expression[] {
  return [...tokens(text)].flatMap((token) => {
    if (token.kind === 'name') return [{ name: token.name, operator: '', word: '' }];
    return (token.kind === 'brace' ? parseBrace(token.body) : undefined) ?? [];
  });
}

/** Whether a variable counts as set for an operator: for those with a colon empty is not enough. */
export function isPresent(value: string | undefined, operator: string): value is string {
  return value !== undefined && (value !== '' || !operator.startsWith(':'));
}

/** Nobody means more; without an end they would take all memory. */
const longest = 1 << 20;
const deepest = 50;

interface State {
  readonly lookup: Lookup;
  readonly unset: UnsetVariable[];
  /** How many words of others hold the one that is being expanded. */
  depth: number;
  problem?: VariableProblem;
}

/** `before` is how many dollars of the whole text stand left of this part. */
function expand(text: string, state: State, before: number): string {
  let result = '';
  for (const token of tokens(text)) {
    if (state.problem !== undefined) return result;
    const dollar = before + token.dollar;
    if (token.kind === 'text') result += token.text;
    else if (token.kind === 'name')
      result += valueFor({ name: token.name, text: `$${token.name}`, dollar }, state);
    else if (token.kind === 'malformed') state.problem = { kind: 'malformed', text: token.text, dollar };
    else result += expandBrace(token.body, state, dollar);
    if (token.kind !== 'text' && result.length > longest) {
      const reason = 'variables make this text longer than 1 MiB';
      state.problem ??= { kind: 'malformed', text: '$', dollar, reason };
    }
  }
  return result;
}

function valueFor(variable: UnsetVariable, state: State): string {
  const value = state.lookup(variable.name);
  if (value === undefined) state.unset.push(variable);
  return value ?? '';
}

function expandBrace(body: string, state: State, dollar: number): string {
  const parsed = parseBrace(body);
  const text = `\${${body}}`;
  if (parsed === undefined) {
    state.problem = { kind: 'malformed', text, dollar };
    return '';
  }
  const { name, operator, word } = parsed;
  if (operator === '') return valueFor({ name, text, dollar }, state);
  const value = state.lookup(name);
  const wordText = (): string => {
    if (state.depth === deepest) {
      const reason = `more than ${deepest} variables within each other`;
      state.problem ??= { kind: 'malformed', text: '$', dollar, reason };
      return '';
    }
    state.depth += 1;
    const expanded = expand(word, state, dollar + 1);
    state.depth -= 1;
    return expanded;
  };
  switch (operator) {
    case ':-':
    case '-':
      return isPresent(value, operator) ? value : wordText();
    case ':+':
    case '+':
      return isPresent(value, operator) ? wordText() : '';
    default: {
      if (isPresent(value, operator)) return value;
      const message = wordText();
      state.problem ??= { kind: 'required', name, message, text, dollar };
      return '';
    }
  }
}

function parseBrace(body: string): Expression | undefined {
  const match = /^([_a-zA-Z][_a-zA-Z0-9]*)(?:(:?[-?+])([\s\S]*))?$/.exec(body);
  if (match === null) return undefined;
  return { name: match[1]!, operator: match[2] ?? '', word: match[3] ?? '' };
}

type Token = { readonly dollar: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'brace'; readonly body: string }
  | { readonly kind: 'malformed'; readonly text: string }
);

/** Splits at dollars of this level; what stands inside `${…}` is one token. */
function* tokens(text: string): Generator<Token> {
  let at = 0;
  let dollar = 0;
  while (at < text.length) {
    const next = text.indexOf('$', at);
    if (next === -1) {
      yield { kind: 'text', text: text.slice(at), dollar };
      return;
    }
    if (next > at) yield { kind: 'text', text: text.slice(at, next), dollar };
    const token = tokenAt(text, next, dollar);
    yield token.value;
    dollar += countDollars(text, next, token.end);
    at = token.end;
  }
}

function tokenAt(text: string, start: number, dollar: number): { value: Token; end: number } {
  const after = text[start + 1];
  if (after === '$') return { value: { kind: 'text', text: '$', dollar }, end: start + 2 };
  if (after === '{') {
    const close = closingBrace(text, start + 1);
    if (close === -1) {
      return { value: { kind: 'malformed', text: text.slice(start), dollar }, end: text.length };
    }
    return { value: { kind: 'brace', body: text.slice(start + 2, close), dollar }, end: close + 1 };
  }
  namePattern.lastIndex = start + 1;
  const name = namePattern.exec(text)?.[0];
  if (name === undefined) return { value: { kind: 'text', text: '$', dollar }, end: start + 1 };
  return { value: { kind: 'name', name, dollar }, end: start + 1 + name.length };
}

const namePattern = /[_a-zA-Z][_a-zA-Z0-9]*/y;

/** The brace that closes the one at `open`; braces inside a default come in pairs. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function countDollars(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('$', from); at !== -1 && at < to; at = text.indexOf('$', at + 1)) count += 1;
  return count;
}
