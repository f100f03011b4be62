/** Phase: `include` loads other projects, each with its own directory and `.env`, and copies their parts in. */
import { posix } from 'node:path';
import { type Environment, readEnvFiles } from './environment.ts';
import { mergeNamed } from './merge.ts';
import {
  child,
  descend,
  type Entry,
  entryOf,
  isNull,
  itemsOf,
  type MapNode,
  map,
  type Node,
  stringOf,
  toJson,
  withEntries,
  withKey,
  withoutKey,
} from './node.ts';
import { link, type ModelJob, type Session } from './session.ts';
import type { Span } from './source.ts';
import { validateTree } from './validate.ts';

type LoadModel = (session: Session, job: ModelJob) => Promise<MapNode | undefined>;

export async function applyIncludes(
  session: Session,
  job: ModelJob,
  file: string,
  document: MapNode,
  loadModel: LoadModel,
): Promise<MapNode> {
  const include = child(document, 'include');
  const own = withoutKey(document, 'include');
  // A list all of whose lines are commented out includes nothing.
  if (isNull(include)) return own;
  if (include?.kind !== 'list') return document;
  let result = own;
  for (const item of await validEntries(session, include)) {
    const inner = await readEntry(session, job, file, item);
    const model = inner === undefined ? undefined : await loadModel(session, inner);
    if (model !== undefined) result = withImported(session, result, model, { own, at: item });
  }
  return result;
}

/** The rest of the document is validated when it is merged, and knows of no includes any more. */
async function validEntries({ problems }: Session, include: Node): Promise<readonly Node[]> {
  const alone = map(new Map([['include', entryOf(include, include)]]), include);
  return itemsOf(child(await validateTree(alone, problems), 'include'));
}

/** `undefined` when the entry cannot be followed: it was reported. */
async function readEntry(
  session: Session,
  job: ModelJob,
  file: string,
  item: Node,
): Promise<ModelJob | undefined> {
  const paths = stringsOf(item.kind === 'map' ? child(item, 'path') : item);
  const first = paths[0];
  if (first === undefined) {
    reportNoPath(session, item);
    return undefined;
  }
  if (/^(oci|https?|git|ssh):\/\/|^git@/.test(first.text)) {
    session.problems.add({
      code: 'COMPOSE_REMOTE',
      message: `include of ${first.text}: remote files are not supported`,
      at: first.at,
      hint: 'fetch it and include the local copy',
    });
    return undefined;
  }
  const files = paths.map((path) => posix.resolve(job.workingDir, path.text));
  const chain = [...job.includedBy, file];
  if (chain.includes(files[0]!)) {
    session.problems.add({
      code: 'COMPOSE_CYCLE',
      message: `include cycle detected: ${[...chain, files[0]!].join(' includes ')}`,
      at: first.at,
      hint: 'take one of the includes out',
    });
    return undefined;
  }
  session.includes += 1;
  if (session.includes > mostIncludes) {
    session.problems.add({
      code: 'COMPOSE_TOO_MANY_INCLUDES',
      message: `more than ${mostIncludes} includes`,
      at: first.at,
      hint: 'include each file once: those that include twice what includes twice become very many',
    });
    return undefined;
  }
  const directory = stringOf(child(item, 'project_directory'));
  const workingDir =
    directory === undefined
      ? posix.dirname(files[0]!)
      : await directoryFor(session, posix.resolve(job.workingDir, directory));
  for (const [index, path] of paths.entries()) link(session, files[index]!, 'include', path.at);
  const environment = await includedEnvironment(session, job, item, workingDir);
  return { files, workingDir, environment, includedBy: chain, from: first.at };
}

/** Also of one file under ever longer names, by a link to the directory it is in. */
const mostIncludes = 1000;

function reportNoPath({ problems }: Session, item: Node): void {
  if (problems.blames(item)) return;
  problems.add({
    code: 'COMPOSE_MISSING_KEY',
    message: 'include: "path" is missing',
    at: item,
    hint: 'add `path:`, the file to include',
  });
}

/** What is no directory stands for the one it is in. */
async function directoryFor(session: Session, path: string): Promise<string> {
  return (await session.reader.kind(path)) === 'directory' ? path : posix.dirname(path);
}

/** Its own variables are defaults under those of the includer. */
async function includedEnvironment(
  session: Session,
  job: ModelJob,
  item: Node,
  workingDir: string,
): Promise<Environment> {
  const written = stringsOf(child(item, 'env_file')).map(({ text, at }) => ({
    path: posix.resolve(job.workingDir, text),
    at,
  }));
  if (written.length > 0) return readEnvFiles(session.reader, written, job.environment, session.problems);
  const own = posix.join(workingDir, '.env');
  const present = (await session.reader.kind(own)) === 'file';
  return readEnvFiles(session.reader, present ? [{ path: own }] : [], job.environment, session.problems);
}

function stringsOf(node: Node | undefined): readonly { text: string; at: Span }[] {
  if (node === undefined) return [];
  const items = node.kind === 'list' ? itemsOf(node) : [node];
  return items.flatMap((item) => {
    const text = stringOf(item);
    return text === undefined ? [] : [{ text, at: item }];
  });
}

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

/** A name that two files define must mean the same in both: they know nothing of each other. */
function withImported(session: Session, before: MapNode, model: MapNode, place: ImportPlace): MapNode {
  let result = before;
  for (const section of sections) {
    const from = child(model, section);
    const known = child(result, section) ?? map(new Map(), from ?? result);
    if (from?.kind !== 'map' || known.kind !== 'map') continue;
    const entries = new Map<string, Entry>(known.entries);
    for (const [name, entry] of from.entries) {
      const other = entries.get(name);
      if (other === undefined || other.value.tag === 'reset') entries.set(name, entry);
      else if (!same(other.value, entry.value)) {
        refuseSecond(session, [section, name], { imported: entry, other }, place);
        // Nothing shall be missing that one of the two has.
        const value = mergeNamed(entry.value, other.value, [section, name], session.problems);
        entries.set(name, entryOf(other, value));
      }
    }
    result = withKey(result, section, withEntries(known, entries), known);
  }
  return result;
}

interface ImportPlace {
  /** What the including file defines itself. */
  readonly own: MapNode;
  /** The entry of `include`. */
  readonly at: Span;
}

function refuseSecond(
  { problems }: Session,
  [section, name]: readonly [string, string],
  { imported, other }: { readonly imported: Entry; readonly other: Entry },
  { own, at }: ImportPlace,
): void {
  const isOwn = descend(own, section, name) === other.value;
  const elsewhere = isOwn ? imported : other;
  problems.add({
    code: 'COMPOSE_CONFLICT',
    message: `${section}.${name} conflicts with imported resource: ${elsewhere.source.file} defines it too`,
    at: isOwn ? other : at,
    hint: isOwn
      ? 'rename it, or change the included one by a file beside it: `include: [{path: [included.yaml, changes.yaml]}]`'
      : 'rename one of the two, or include only one of the files',
  });
}

function same(a: Node, b: Node): boolean {
  return a === b || JSON.stringify(toJson(a)) === JSON.stringify(toJson(b));
}
