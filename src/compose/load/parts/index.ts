/**
 * A big project as `config` prints it, in little memory: its file is loaded some services at a time, and of each part
 * nothing stays but what is printed and what services may have against each other.
 * In: the options of loading. Out: the text, or `undefined`: then the project is to be loaded as a whole.
 * Never: tells a mistake or a warning. Where there may be one, the whole is loaded to tell of it.
 */
import { loadEnvironment } from '../environment.ts';
import { findFiles } from '../find-files.ts';
import { loadAs } from '../load.ts';
import { noPieces } from '../pieces.ts';
import { collectProblems } from '../problems.ts';
import { readText } from '../read-text.ts';
import type { LoadOptions, Reader } from '../reader.ts';
import { type Split, splitServices } from './split.ts';
import { type PartsMade, partMade, Whole } from './whole.ts';

export type { PartsMade } from './whole.ts';

export interface PartsOptions {
  /** In characters: smaller files are loaded as a whole. */
  readonly from: number;
  /** In services: that of the biggest part. */
  readonly size: number;
  /** Another thread, which makes some of the parts. */
  readonly helper?: ((job: PartsJob) => Promise<PartsMade | undefined>) | undefined;
}

const usual: PartsOptions = { from: 300_000, size: 100 };

export async function printInParts(
  options: LoadOptions,
  given: Partial<PartsOptions> = {},
): Promise<string | undefined> {
  const { from, size, helper } = { ...usual, ...given };
  const file = await onlyFile(options);
  const text = file === undefined ? undefined : await readText(options.reader, file, collectProblems());
  if (file === undefined || text === undefined || text.length < from) return undefined;
  const split = splitServices(text);
  if (split === undefined || isMostlyAround(split, size)) return undefined;
  const { reader, ...rest } = options;
  const job: PartsJob = {
    options: rest,
    file,
    names: split.services.map(({ name }) => name),
    contents: contentsOf(split, size),
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
  const others = helper?.(job);
  const own = await makeParts(job, reader);
  const theirs = helper === undefined ? nothing : await others;
  if (own === undefined || theirs === undefined) return undefined;
  const whole = new Whole();
  whole.add(own);
  whole.add(theirs);
  return whole.print(job.names.length);
}

/** Plain values: several threads may do it together. */
export interface PartsJob {
  readonly options: Omit<LoadOptions, 'reader'>;
  readonly file: string;
  /** Of all services. */
  readonly names: readonly string[];
  /** The file with some of its services, each. */
  readonly contents: readonly string[];
  /** The one element is the first of them that nobody has begun; shared. */
  readonly next: Int32Array;
}

const nothing: PartsMade = { pieces: noPieces(), members: [] };

/** Those of the parts that nobody else takes. `undefined` when one of them is not in order. */
export async function makeParts(
  { options, file, contents, names, next }: PartsJob,
  reader: Reader,
): Promise<PartsMade | undefined> {
  const all = new Set(names);
  const whole = new Whole();
  for (let at = Atomics.add(next, 0, 1); at < contents.length; at = Atomics.add(next, 0, 1)) {
    const part = await load({ ...options, reader }, file, contents[at]!, all);
    if (part === undefined) {
      Atomics.store(next, 0, contents.length);
      return undefined;
    }
    whole.add(part);
  }
  return whole.made();
}

function contentsOf({ before, behind, services }: Split, size: number): string[] {
  const contents: string[] = [];
  for (let at = 0; at < services.length; ) {
    const end = at + sizeOf(services.length - at, size);
    const texts = services.slice(at, end).map(({ text }) => text);
    contents.push([before, ...texts, behind].join(''));
    at = end;
  }
  return contents;
}

/** Each part costs some time of its own; the last ones are small, so that nobody waits long for the other to end. */
function sizeOf(left: number, size: number): number {
  return Math.min(size, Math.max(Math.ceil(size / 4), Math.ceil(left / 4)));
}

async function onlyFile(options: LoadOptions): Promise<string | undefined> {
  const { variables } = await loadEnvironment(options, collectProblems());
  const found = await findFiles(options, (name) => variables.get(name), collectProblems());
  const [file, ...others] = found?.files ?? [];
  return others.length === 0 ? file : undefined;
}

/** In characters. */
const bearable = 100_000;

/** What stands around the services is loaded with each part. */
function isMostlyAround({ before, behind, services }: Split, size: number): boolean {
  const own = services.reduce((sum, { text }) => sum + text.length, 0);
  const again = (before.length + behind.length) * Math.ceil(services.length / size);
  return again > Math.max(own, bearable);
}

/** What is printed of the file as if this were all of it, and the other services elsewhere. */
async function load(
  options: LoadOptions,
  file: string,
  content: string,
  services: ReadonlySet<string>,
): Promise<PartsMade | undefined> {
  const { reader } = options;
  const instead: Reader = {
    readText: async (path) => (path === file ? content : reader.readText(path)),
    kind: (path) => reader.kind(path),
  };
  const part = { ...options, reader: instead };
  const { made, warnings } = await loadAs(
    part,
    (loaded, session) => partMade(loaded, session.problems),
    services,
  );
  return warnings.length === 0 ? made : undefined;
}
