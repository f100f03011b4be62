/**
 * A big project as `config` prints it, in little memory: its file is loaded some services at a time, and of each part
 * nothing stays but what is printed and what services may have against each other.
 * In: the options of loading. Out: the text, or `undefined`: then the project is to be loaded as a whole.
 * Never: tells a mistake or a warning. Where there may be one, the whole is loaded to tell of it.
 */
import type { Json } from '../../model/project.ts';
import { loadEnvironment } from '../environment.ts';
import { isExtension } from '../extensions.ts';
import { findFiles } from '../find-files.ts';
import { loadTraced } from '../load.ts';
import { define } from '../node.ts';
import { byText } from '../order.ts';
import { yamlOf } from '../print.ts';
import { collectProblems } from '../problems.ts';
import type { LoadOptions, Reader } from '../reader.ts';
import { fitTogether, type Member, memberOf } from './fit.ts';
import { type Split, splitServices } from './split.ts';

export interface PartsOptions {
  /** In characters: smaller files are loaded as a whole. */
  readonly from: number;
  /** In services. */
  readonly size: number;
  /** Another thread, which makes some of the parts. */
  readonly helper?: ((job: PartsJob) => Promise<PartsMade | undefined>) | undefined;
}

/** Below this, two threads take as long as one. */
const usual: PartsOptions = { from: 300_000, size: 50 };

/** In characters: beyond this memory counts for more than time, and each thread has its own. */
const helpless = 3_000_000;

export async function printInParts(
  options: LoadOptions,
  given: Partial<PartsOptions> = {},
): Promise<string | undefined> {
  const { from, size, helper } = { ...usual, ...given };
  const file = await onlyFile(options);
  const text = file === undefined ? undefined : await options.reader.readText(file);
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
  const others = text.length > helpless ? undefined : helper?.(job);
  const whole = new Whole();
  for (const made of [await makeParts(job, reader), others === undefined ? nothing : await others]) {
    if (made === undefined) return undefined;
    whole.add(made);
  }
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

export interface PartsMade {
  /** Names and texts. */
  readonly printed: readonly (readonly [string, string])[];
  readonly members: readonly Member[];
  readonly around: Canonical;
}

const nothing: PartsMade = { printed: [], members: [], around: {} };

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
    whole.take(part);
  }
  return whole.made();
}

function contentsOf({ before, behind, services }: Split, size: number): string[] {
  const contents: string[] = [];
  for (let at = 0; at < services.length; at += size) {
    const texts = services.slice(at, at + size).map(({ text }) => text);
    contents.push([before, ...texts, behind].join(''));
  }
  return contents;
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

type Canonical = { readonly [key: string]: Json };

/** The canonical form of the file as if this were all of it, and the other services elsewhere. */
async function load(
  options: LoadOptions,
  file: string,
  content: string,
  services: ReadonlySet<string>,
): Promise<Canonical | undefined> {
  const { reader } = options;
  const readText = async (path: string): Promise<string | undefined> =>
    path === file ? content : reader.readText(path);
  const part = { ...options, reader: { readText, kind: (path: string) => reader.kind(path) } };
  const { project, problems, warnings } = (await loadTraced(part, services)).result;
  return problems.length === 0 && warnings.length === 0 ? project?.canonical : undefined;
}

/** What is kept of the parts. */
class Whole {
  readonly #printed = new Map<string, string>();
  readonly #members: Member[] = [];
  readonly #around = new Map<string, Json>();

  take({ services, ...around }: Canonical): void {
    for (const [name, service] of Object.entries(services as Canonical)) {
      this.#printed.set(name, yamlOf({ services: { [name]: service } }).slice('services:\n'.length));
      this.#members.push(memberOf(name, service));
    }
    for (const [section, found] of Object.entries(around)) this.#add(section, found);
  }

  add({ printed, members, around }: PartsMade): void {
    for (const [name, text] of printed) this.#printed.set(name, text);
    this.#members.push(...members);
    for (const [section, found] of Object.entries(around)) this.#add(section, found);
  }

  made(): PartsMade {
    return {
      printed: [...this.#printed],
      members: this.#members,
      around: Object.fromEntries(this.#around),
    };
  }

  /** `undefined` when the services do not fit together, or are not that many. */
  print(count: number): string | undefined {
    if (this.#printed.size !== count || !fitTogether(this.#members)) return undefined;
    const { name = null, ...rest } = Object.fromEntries(this.#around);
    const services = [...this.#printed].sort(([a], [b]) => byText(a, b)).map(([, text]) => text);
    const behind = Object.keys(rest).length === 0 ? '' : yamlOf(sorted(rest));
    return [yamlOf({ name }), 'services:\n', ...services, behind].join('');
  }

  /** Each part has of the networks, volumes and the rest those that its services use. */
  #add(section: string, found: Json): void {
    const known = this.#around.get(section);
    const all = isMap(known) && isMap(found) && !isExtension(section) ? { ...known, ...found } : found;
    this.#around.set(section, all);
  }
}

/** The sections, and in each of them what it names, in the order in which they are printed. */
function sorted(around: Canonical): Canonical {
  return byName(around, (found, section) => (isMap(found) && !isExtension(section) ? byName(found) : found));
}

function byName(tree: Canonical, change = (value: Json, _key: string): Json => value): Canonical {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(tree).sort(byText)) define(result, key, change(tree[key]!, key));
  return result;
}

function isMap(value: Json | undefined): value is Canonical {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
