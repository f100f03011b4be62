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
import type { LoadOptions } from '../reader.ts';
import { fitTogether, type Member, memberOf } from './fit.ts';
import { type Split, splitServices } from './split.ts';

export interface PartSize {
  /** In characters: smaller files are loaded as a whole. */
  readonly from: number;
  /** In services. */
  readonly size: number;
}

const usual: PartSize = { from: 1_000_000, size: 100 };

export async function printInParts(
  options: LoadOptions,
  { from, size }: PartSize = usual,
): Promise<string | undefined> {
  const file = await onlyFile(options);
  const text = file === undefined ? undefined : await options.reader.readText(file);
  if (file === undefined || text === undefined || text.length < from) return undefined;
  const split = splitServices(text);
  if (split === undefined || isMostlyAround(split, size)) return undefined;
  const whole = new Whole(split.services.map(({ name }) => name));
  for (let at = 0; at < split.services.length; at += size) {
    const services = split.services.slice(at, at + size);
    const content = [split.before, ...services.map((service) => service.text), split.behind].join('');
    const part = await load(options, file, content, whole.names);
    if (part === undefined || !whole.take(part, services.length)) return undefined;
  }
  return whole.print();
}

async function onlyFile(options: LoadOptions): Promise<string | undefined> {
  const { variables } = await loadEnvironment(options, collectProblems());
  const found = await findFiles(options, (name) => variables.get(name), collectProblems());
  const [file, ...others] = found?.files ?? [];
  return others.length === 0 ? file : undefined;
}

/** What stands around the services is loaded with each part. */
function isMostlyAround({ before, behind, services }: Split, size: number): boolean {
  const own = services.reduce((sum, { text }) => sum + text.length, 0);
  return (before.length + behind.length) * Math.ceil(services.length / size) > own;
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
  readonly names: ReadonlySet<string>;
  readonly #printed = new Map<string, string>();
  readonly #members: Member[] = [];
  readonly #around = new Map<string, Json>();

  constructor(names: readonly string[]) {
    this.names = new Set(names);
  }

  /** False when it is not that many services. */
  take({ services, ...around }: Canonical, count: number): boolean {
    const all = Object.entries(services as Canonical);
    for (const [name, service] of all) {
      this.#printed.set(name, yamlOf({ services: { [name]: service } }).slice('services:\n'.length));
      this.#members.push(memberOf(name, service));
    }
    for (const [section, found] of Object.entries(around)) this.#add(section, found);
    return all.length === count;
  }

  /** `undefined` when the services do not fit together. */
  print(): string | undefined {
    if (this.#printed.size !== this.names.size || !fitTogether(this.#members)) return undefined;
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
