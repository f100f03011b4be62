/** How the value at a place came to be there, as the steps that a message shows below it: nearest first, no values. */
import type { Link } from './session.ts';
import type { Span } from './source.ts';
import type { Template, Through } from './trace.ts';
import { variablesIn } from './variables.ts';

export interface Step {
  readonly message: string;
  readonly at?: Span | undefined;
}

export type Links = ReadonlyMap<string, Link>;

export function viaOf(at: Span, links: Links): readonly Step[] {
  const { template, through = [], over } = at.trace ?? {};
  return [
    ...(template === undefined ? [] : variableSteps(template)),
    ...through.map((step) => ({ message: messages[step.how], at: step.at })),
    ...linksTo((through.at(-1)?.at ?? at).source.file, links).map((link) => ({
      message: messages[link.how],
      at: link.at,
    })),
    ...(over === undefined ? [] : [{ message: 'it takes the place of what is said here', at: over }]),
  ];
}

const messages: Readonly<Record<Through['how'] | Link['how'], string>> = {
  alias: 'the alias stands here',
  'merge key': 'merged in here',
  extends: 'extended here',
  env_file: 'read because of this env_file',
  label_file: 'read because of this label_file',
  include: 'included here',
};

function variableSteps({ text, origin }: Template): readonly Step[] {
  const names = new Set(variablesIn(text).map(({ name }) => name));
  return [...names].map((name) => {
    const from = origin(name)?.from;
    if (from === undefined) return { message: `${name} is not set` };
    if (from === 'shell') return { message: `${name} is set in the shell` };
    if (from === 'project') return { message: `${name} is the project's name` };
    return { message: `${name} is set here`, at: from };
  });
}

/** The entries that led to a file, from the nearest to the one in a file that was named. */
export function linksTo(file: string, links: Links): readonly Link[] {
  const found: Link[] = [];
  const seen = new Set<string>();
  for (let at = file; !seen.has(at); ) {
    seen.add(at);
    const link = links.get(at);
    if (link === undefined) break;
    found.push(link);
    at = link.at.source.file;
  }
  return found;
}
