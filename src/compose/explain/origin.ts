/** A place and what its node remembers, told as plain data. */
import type { Environment } from '../load/environment.ts';
import { type Node, toJson } from '../load/node.ts';
import { rangeOf, type Span } from '../load/source.ts';
import type { Assignment, FindOrigin, Template } from '../load/trace.ts';
import { expressionsIn, isPresent, variablesIn } from '../load/variables.ts';
import { type Routes, routeTo } from '../load/via.ts';
import type { Json } from '../model/project.ts';
import type { Explanation, Led, Setter, Shadowed, VariableOrigin } from './explanation.ts';
import type { Place } from './place.ts';

export interface Knowledge extends Routes {
  readonly environment: Environment;
  /** Variables that secrets are taken from: their values are not told. */
  readonly secretVariables: ReadonlySet<string>;
}

export function explainPlace(place: Place, knowledge: Knowledge): Explanation {
  const { path, value, node } = place;
  if (node === undefined) return { path, value, implied: 'default of Compose' };
  const { implied, over } = node.trace ?? {};
  const template = nameOfVariable(place, knowledge) ?? node.trace?.template;
  const variables = template === undefined ? [] : variablesOf(template, knowledge);
  const secret = isSecret(node, knowledge);
  const at = node.kind === 'scalar' && node.value !== null ? node : (place.keyAt ?? node);
  return {
    path,
    ...(secret ? { secret: true } : { value }),
    ...(implied === undefined ? { at: rangeOf(at) } : { implied }),
    ...(template !== undefined && !secret && implied === undefined && isWritten(template, node)
      ? { written: template.text }
      : {}),
    ...some('variables', variables),
    ...some('through', implied === undefined ? ledTo(place, node, knowledge) : []),
    ...some('over', shadowedBy(over, place.key, knowledge)),
  };
}

/** What `!reset` took out of the mapping at `place`, if it was that. */
export function explainRemoved(place: Place, key: string, knowledge: Knowledge): Explanation | undefined {
  const removed = place.node?.trace?.removed?.findLast((each) => each.key === key);
  if (removed === undefined) return undefined;
  return {
    path: `${place.path}.${key}`,
    reset: rangeOf(removed.at),
    ...some('over', shadowedBy(removed.was, key, knowledge)),
  };
}

/** Secrets and configs name the variable that they are taken from. */
function nameOfVariable({ path, key, value }: Place, { environment }: Knowledge): Template | undefined {
  const isName = /^(secrets|configs)\./.test(path) && key === 'environment' && typeof value === 'string';
  return isName ? { text: `\${${value}}`, origin: environment.origin } : undefined;
}

/** Not where only a name stands, which takes the variable's value. */
function isWritten({ text }: Template, { source, start, end }: Span): boolean {
  return expressionsIn(text).length > 0 && source.text.slice(start, end).includes('$');
}

/** Whether the value was made of a variable that a secret is taken from. */
function isSecret({ trace }: Node, { secretVariables }: Knowledge): boolean {
  return variablesIn(trace?.template?.text ?? '').some(({ name }) => secretVariables.has(name));
}

function variablesOf({ text, origin }: Template, knowledge: Knowledge): readonly VariableOrigin[] {
  const found = new Map<string, VariableOrigin>();
  const visit = (words: string, find: FindOrigin): void => {
    for (const { name, operator, word } of expressionsIn(words)) {
      if (found.has(name)) continue;
      const assignment = find(name);
      const isWord =
        /[-+]$/.test(operator) && operator.endsWith('+') === isPresent(assignment?.value, operator);
      const hidden = knowledge.secretVariables.has(name);
      found.set(name, {
        name,
        ...(assignment === undefined ? {} : { set: setterOf(assignment, hidden) }),
        ...(isWord
          ? { instead: { kind: operator.endsWith('+') ? 'alternate' : 'default', text: word } }
          : {}),
        ...some('over', weakerThan(assignment, hidden)),
      });
      const line = assignment === undefined ? undefined : templateOf(assignment);
      if (line !== undefined) visit(line.text, line.origin);
      if (isWord) visit(word, find);
    }
  };
  visit(text, origin);
  return [...found.values()];
}

/** A line of an env file may use variables itself. */
function templateOf({ from }: Assignment): Template | undefined {
  return typeof from === 'string' ? undefined : from.trace?.template;
}

function setterOf({ value, from }: Assignment, hidden: boolean): Setter {
  const shown = hidden ? {} : { value };
  return typeof from === 'string' ? { from, ...shown } : { from: 'file', ...shown, at: rangeOf(from) };
}

function weakerThan(assignment: Assignment | undefined, hidden: boolean): readonly Setter[] {
  const found: Setter[] = [];
  for (let next = assignment?.over; next !== undefined; next = next.over) found.push(setterOf(next, hidden));
  return found;
}

function shadowedBy(node: Node | undefined, key: string, knowledge: Knowledge): readonly Shadowed[] {
  const found: Shadowed[] = [];
  for (let next = node; next !== undefined; next = next.trace?.over) {
    const value = isSecret(next, knowledge) ? {} : { value: withoutKey(toJson(next), key) };
    found.push(next.trace?.implied === undefined ? { ...value, at: rangeOf(next) } : value);
  }
  return found;
}

/** In a list of pairs the value that counts stands behind its name. */
function withoutKey(value: Json, key: string): Json {
  return typeof value === 'string' && value.startsWith(`${key}=`) ? value.slice(key.length + 1) : value;
}

/** Within the file first, then from service to service, then from file to file. */
function ledTo({ path, around }: Place, at: Span, knowledge: Knowledge): readonly Led[] {
  const steps = [...(at.trace?.through ?? []), ...around];
  return [...steps, ...routeTo(steps.at(-1)?.at ?? at, path, knowledge)].map((step) => ({
    how: step.how,
    at: rangeOf(step.at),
  }));
}

function some<K extends string, T>(key: K, items: readonly T[]): { readonly [P in K]?: readonly T[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { readonly [P in K]: readonly T[] });
}
