/** Phase: `include` loads other projects, each with its own directory and `.env`, and copies their parts in. */
import { posix } from 'node:path';
import { type Environment, readEnvFiles } from './environment.ts';
import { mergeNamed } from './merge.ts';
import {
  child,
  type Entry,
  entriesOf,
  entryOf,
  itemsOf,
  type MapNode,
  map,
  type Node,
  stringOf,
  toJson,
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
  if (include?.kind !== 'list') return document;
  let imported: MapNode | undefined;
  for (const item of validEntries(session, include)) {
    const inner = await readEntry(session, job, file, item);
    const model = inner === undefined ? undefined : await loadModel(session, inner);
    if (model !== undefined) imported = addImported(session, imported, model, item);
  }
  const own = withoutKey(document, 'include');
  return imported === undefined ? own : underneath(session, imported, own);
}

/** The rest of the document is validated when it is merged, and knows of no includes any more. */
function validEntries({ problems }: Session, include: Node): readonly Node[] {
  const alone = map(new Map([['include', entryOf(include, include)]]), include);
  return itemsOf(child(validateTree(alone, problems), 'include'));
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

/** Where two includes define the same name, the earlier one's definition lies over the later one's. */
function addImported(session: Session, before: MapNode | undefined, model: MapNode, at: Span): MapNode {
  let result = before ?? map(new Map(), model);
  for (const key of sections) {
    const from = child(model, key);
    if (from?.kind !== 'map') continue;
    const known = child(result, key);
    const entries = new Map<string, Entry>(known?.kind === 'map' ? known.entries : []);
    for (const [name, entry] of from.entries) {
      const earlier = entries.get(name);
      if (earlier === undefined) entries.set(name, entry);
      else if (!same(earlier.value, entry.value)) {
        warnDefinedTwice(session, `${key}.${name}`, earlier, at);
        const value = mergeNamed(entry.value, earlier.value, [key, name], session.problems);
        entries.set(name, entryOf(earlier, value));
      }
    }
    result = withKey(result, key, map(entries, from), from);
  }
  return result;
}

/** Files that know nothing of each other hardly mean the same by a name. */
function warnDefinedTwice(session: Session, path: string, earlier: Entry, at: Span): void {
  if (session.options.purpose === 'read') return;
  session.problems.warn({
    code: 'COMPOSE_INCLUDED_TWICE',
    message: `${path} is also defined by ${earlier.source.file}, which was included before and lies over it`,
    at,
    hint: 'rename one of the two, or include only one of the files',
  });
}

function same(a: Node, b: Node): boolean {
  return a === b || JSON.stringify(toJson(a)) === JSON.stringify(toJson(b));
}

/** The includer's own definitions lie over what it imports. */
function underneath(session: Session, imported: MapNode, own: MapNode): MapNode {
  let result = own;
  for (const key of sections) {
    const from = child(imported, key);
    if (from?.kind !== 'map') continue;
    const mine = child(own, key);
    if (mine !== undefined && mine.kind !== 'map') continue;
    const entries = new Map<string, Entry>(mine?.entries ?? []);
    for (const [name, entry] of entriesOf(from)) {
      const over = entries.get(name);
      if (over === undefined) entries.set(name, entry);
      else if (over.value.tag !== 'reset') {
        const value = mergeNamed(entry.value, over.value, [key, name], session.problems);
        entries.set(name, entryOf(over, value));
      }
    }
    result = withKey(result, key, map(entries, mine ?? from), from);
  }
  return result;
}
