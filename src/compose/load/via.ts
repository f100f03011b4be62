/** How the value at a place came to be there, as the steps that a message shows below it: nearest first, no values. */
import type { Extension, Link } from './session.ts';
import type { Span } from './source.ts';
import type { Template, Through } from './trace.ts';
import { variablesIn } from './variables.ts';

export interface Step {
  readonly message: string;
  readonly at?: Span | undefined;
}

/** How files led to each other, and services. Both grow while files are read. */
export interface Routes {
  readonly links: ReadonlyMap<string, Link>;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** `subject`: the path of what is said something of, such as `services.web.ports[0]`, or longer. */
export function viaOf(at: Span, subject: string, routes: Routes): readonly Step[] {
  const { template, through = [], over } = at.trace ?? {};
  return [
    ...(template === undefined ? [] : variableSteps(template)),
    ...[...through, ...routeTo(through.at(-1)?.at ?? at, subject, routes)].map((step) => ({
      message: messages[step.how],
      at: step.at,
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

export interface Led {
  readonly how: Link['how'];
  readonly at: Span;
}

/** From a place to what is made of it: from service to service, then from file to file. */
export function routeTo(at: Span, subject: string, { links, extensions }: Routes): readonly Led[] {
  const extended = extensionsTo(at, subject, extensions).map((extension) => ({
    how: 'extends' as const,
    at: extension.at,
  }));
  return [...extended, ...linksTo((extended.at(-1)?.at ?? at).source.file, links)];
}

/** The `extends` entries from the service whose text the place is in to the one that the path names. */
function extensionsTo(at: Span, path: string, extensions: Routes['extensions']): readonly Extension[] {
  let longest: readonly Extension[] = [];
  // Most problems are of no service's own, and each may be asked about as often as there are services.
  if (!path.startsWith(services)) return longest;
  for (const first of extensions.values()) {
    if (!isOf(path, first.service.service)) continue;
    const chain = chainFrom(first, at, extensions);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

const services = 'services.';

function isOf(path: string, service: string): boolean {
  if (!path.startsWith(service, services.length)) return false;
  return !/[\w-]/.test(path.charAt(services.length + service.length));
}

/** Nearest to the place first; empty when it does not lead there. */
function chainFrom(first: Extension, at: Span, extensions: Routes['extensions']): readonly Extension[] {
  const chain: Extension[] = [];
  for (let next: Extension | undefined = first; next !== undefined && !chain.includes(next); ) {
    chain.unshift(next);
    const { source, start, end }: Span = next.definition;
    if (source === at.source && start <= at.start && at.end <= end) return chain;
    next = extensions.get(`${next.base.file}:${next.base.service}`);
  }
  return [];
}

/** The entries that led to a file, from the nearest to the one in a file that was named. */
function linksTo(file: string, links: Routes['links']): readonly Link[] {
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
