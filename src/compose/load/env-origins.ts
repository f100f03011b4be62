/** Which line of an env file gave a variable its value, and what earlier lines had said. */
import { type EnvLine, plainText } from './dotenv.ts';
import { makeSource, type Span } from './source.ts';
import { type Assignment, type FindOrigin, type Template, tracedSpan } from './trace.ts';
import { variablesIn } from './variables.ts';

export interface LineAssignment extends Assignment {
  readonly from: Span;
  readonly over?: LineAssignment;
}

/**
 * Each variable of the file with the line that counts: the last.
 * A line's own variables are looked for in `strong`, then in the lines above it, then in `weak`.
 */
export function assignmentsOf(
  file: { readonly path: string; readonly text: string; readonly lines: readonly EnvLine[] },
  strong: FindOrigin,
  weak: FindOrigin = () => undefined,
): ReadonlyMap<string, LineAssignment> {
  const source = makeSource(file.path, plainText(file.text));
  const found = new Map<string, LineAssignment>();
  for (const { name, value, start, end, template } of file.lines) {
    const at: Span = { source, start, end };
    const known: FindOrigin = (variable) => strong(variable) ?? found.get(variable) ?? weak(variable);
    const from = template === undefined ? at : tracedSpan(at, { template: remembered(template, known) });
    const over = found.get(name);
    found.set(name, { value, from, ...(over === undefined ? {} : { over }) });
  }
  return found;
}

/** What the variables mean here and now: lines below may set them again. */
function remembered(text: string, known: FindOrigin): Template {
  const used = new Map(variablesIn(text).map(({ name }) => [name, known(name)]));
  return { text, origin: (variable) => used.get(variable) };
}

/** The stronger of two assignments, with the weaker below all that it stands over already. */
export function above(strong: Assignment | undefined, weak: Assignment | undefined): Assignment | undefined {
  if (strong === undefined || weak === undefined) return strong ?? weak;
  return { ...strong, over: above(strong.over, weak) };
}
