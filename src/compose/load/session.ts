/** What every phase of one loading run shares. */
import { posix } from 'node:path';
import { mayHoldDates } from './dates.ts';
import type { Environment } from './environment.ts';
import type { Node } from './node.ts';
import type { Problems } from './problems.ts';
import { readQuickly } from './quick/read.ts';
import { readText } from './read-text.ts';
import type { LoadOptions, Reader } from './reader.ts';
import { mayHoldTags } from './resets.ts';
import { makeSource, type Span } from './source.ts';

export interface Session {
  readonly options: LoadOptions;
  readonly reader: Reader;
  readonly problems: Problems;
  readonly interpolate: boolean;
  /** Every file that was opened, in order: the order in which mistakes are told. */
  readonly opened: string[];
  readonly documents: Map<string, Promise<readonly Node[] | undefined>>;
  /** The entry that first led to a file which nobody named: an `include` or an `extends`. */
  readonly links: Map<string, Link>;
  /** Which service started from which other one, by `file:name`. */
  readonly extensions: Map<string, Extension>;
  /** How many entries of `include` have been followed. */
  includes: number;
  /** Whether any text that was read may hold a `!reset` or `!override`, or a date: most hold neither. */
  mayHoldTags: boolean;
  mayHoldDates: boolean;
}

export interface Link {
  readonly how: 'include' | 'extends';
  readonly at: Span;
}

export interface ServicePlace {
  readonly file: string;
  readonly service: string;
}

export interface Extension {
  readonly service: ServicePlace;
  readonly base: ServicePlace;
  /** Where `extends` names the base. */
  readonly at: Span;
  /** All of the base as it is written. */
  readonly definition: Span;
}

export function startSession(
  options: LoadOptions,
  problems: Problems,
  { links, extensions }: Pick<Session, 'links' | 'extensions'>,
): Session {
  return {
    options,
    reader: options.reader,
    problems,
    interpolate: options.interpolate !== false,
    opened: [],
    documents: new Map(),
    links,
    extensions,
    includes: 0,
    mayHoldTags: false,
    mayHoldDates: false,
  };
}

/** One model to load: the project itself, or one that it includes. */
export interface ModelJob {
  readonly files: readonly string[];
  readonly workingDir: string;
  readonly environment: Environment;
  /** Files whose `include` led here. */
  readonly includedBy: readonly string[];
  /** The entry that asked for it. */
  readonly from?: Span;
}

/** The documents of a file, read and parsed once; `undefined` when it is missing, which is reported at `from`. */
export function readDocuments(
  session: Session,
  file: string,
  from?: Span,
): Promise<readonly Node[] | undefined> {
  const known = session.documents.get(file);
  if (known !== undefined) return known;
  const read = readFile(session, file, from);
  session.documents.set(file, read);
  return read;
}

async function readFile(
  session: Session,
  file: string,
  from: Span | undefined,
): Promise<readonly Node[] | undefined> {
  const text = await readText(session.reader, file, session.problems, from);
  if (text === undefined) {
    session.problems.add({
      code: 'COMPOSE_NO_FILE',
      message: `open ${file}: no such file or directory`,
      at: from,
      hint: from === undefined ? 'check the path given with -f or in COMPOSE_FILE' : 'check the path',
    });
    return undefined;
  }
  session.opened.push(file);
  session.mayHoldTags ||= mayHoldTags(text);
  session.mayHoldDates ||= mayHoldDates(text);
  const source = makeSource(file, text);
  return readQuickly(source) ?? (await import('./yaml.ts')).parseYaml(source, session.problems);
}

/** Remembers what led to a file; to be called before it is read. */
export function link(session: Session, file: string, how: Link['how'], at: Span): void {
  if (!session.documents.has(file)) session.links.set(file, { how, at });
}

export function directoryOf(file: string, fallback: string): string {
  return file === '-' ? fallback : posix.dirname(file);
}
