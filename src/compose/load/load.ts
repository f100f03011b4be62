/** The loader: an explained list of phases from options to a project. */
import { posix } from 'node:path';
import type { Problem } from '../../errors.ts';
import type { Project } from '../model/project.ts';
import { toProject } from '../model/to-project.ts';
import { canonicalForm, rawForm } from './canonical.ts';
import { checkConsistency, checkParts, checkStartable } from './consistency/index.ts';
import { type Environment, loadEnvironment, type ProjectEnvironment, withVariable } from './environment.ts';
import { setExtensionsApart } from './extensions.ts';
import { findFiles } from './find-files.ts';
import { imply, withProjectName } from './implied.ts';
import { interpolateScalar } from './interpolate.ts';
import { loadModel } from './model.ts';
import { child, type MapNode, mapValues, type Node, updateIn, withoutKey } from './node.ts';
import { positionsOf } from './positions.ts';
import { collectProblems } from './problems.ts';
import { directoryProjectName, normaliseProjectName, type ProjectName } from './project-name.ts';
import { pruneResources } from './prune.ts';
import { readText } from './read-text.ts';
import type { LoadOptions } from './reader.ts';
import { foldFiles } from './resolve-environment.ts';
import { type Selection, selectServices } from './select.ts';
import { readDocuments, type Session, startSession } from './session.ts';
import { heardWarnings } from './silence.ts';
import type { Span } from './source.ts';
import { warnOfNoEffect } from './without-effect.ts';

export interface LoadResult {
  /** Absent when there are problems. */
  readonly project?: Project;
  /** Every mistake found, in file order. */
  readonly problems: readonly Problem[];
  /** In the order found, worded as `docker compose` words them. The same may be said of several places. */
  readonly warnings: readonly Problem[];
}

/** Reads, checks and completes a project. Mistakes in the files are returned, not thrown. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { made: project, problems, warnings } = await loadAs(options, typedProject);
  return project === undefined ? { problems, warnings } : { project, problems, warnings };
}

/** What a project was made of. */
export interface Loaded {
  readonly name: string;
  readonly workingDir: string;
  readonly files: readonly string[];
  readonly environment: ProjectEnvironment;
  readonly selection: Selection;
  /** In long syntax, with all places. */
  readonly tree: MapNode;
  /** The same, with what no service uses. */
  readonly whole: MapNode;
}

/** What a project is loaded for, made of its tree: what does not fit there is told as well. */
export type Make<T> = (loaded: Loaded, session: Session) => T | undefined;

export interface LoadedAs<T> {
  /** Absent when there are problems. */
  readonly made?: T;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly session: Session;
}

/** The same for something else than a typed project. `elsewhere`: all services, when the files hold only some of them. */
export async function loadAs<T>(
  options: LoadOptions,
  make: Make<T>,
  elsewhere?: ReadonlySet<string>,
): Promise<LoadedAs<T>> {
  const routes = { links: new Map(), extensions: new Map() };
  const problems = collectProblems(routes);
  const session = startSession(options, problems, routes);
  const loaded = await loadTree(session, elsewhere);
  // 9. What it is loaded for: a typed project by way of its canonical form, or text.
  const made = loaded === undefined ? undefined : make(loaded, session);
  if (options.purpose === 'lint') await (await import('../lint/index.ts')).lintDocuments(session);
  const found = problems.sorted(session.opened);
  const warnings = await heardWarnings(session);
  if (made === undefined || found.length > 0) return { problems: found, warnings, session };
  return { made, problems: [], warnings, session };
}

/** The canonical form, and the typed project made of it. */
export function typedProject(loaded: Loaded, { interpolate, problems }: Session): Project | undefined {
  const { name, workingDir, files, environment, selection, tree } = loaded;
  const canonical = interpolate
    ? canonicalForm(tree, selection, problems)
    : { project: rawForm(tree), disabled: {} };
  if (problems.count > 0) return undefined;
  return toProject({
    name,
    workingDir,
    configFiles: files,
    envFiles: environment.envFiles,
    canonical: canonical.project,
    disabled: canonical.disabled,
    typed: interpolate,
    profiles: selection.profiles,
    variables: environment.variables,
    positions: () => positionsOf(tree),
  });
}

async function loadTree(
  session: Session,
  elsewhere: ReadonlySet<string> | undefined,
): Promise<Loaded | undefined> {
  const { options, problems } = session;

  // 1. The files: -f, COMPOSE_FILE (which may stand in .env), or a search upwards.
  const early = await loadEnvironment(options, collectProblems());
  const found = await findFiles(options, (name) => early.variables.get(name), problems);
  if (found === undefined) return undefined;
  const { files, workingDir } = found;

  // 2. The variables, now that the project's directory is known.
  const environment = await loadEnvironment(options, problems, workingDir);

  // 3. The name, which the files may use as a variable.
  const named = await findName(session, files, workingDir, environment);
  if (named === undefined) return undefined;
  const { name } = named;
  const own = withVariable(environment, 'COMPOSE_PROJECT_NAME', name);
  const { variables } = own;

  // 4. The model: every document of every file, one laid over the other.
  const model = await loadModel(session, { files, workingDir, environment: own, includedBy: [] });
  if (model === undefined || saysNothing(model)) {
    reportEmpty(session, files);
    return undefined;
  }

  // 5. What is implied: default network, real names, dependencies.
  const complete = completed(session, model, named);
  const implied = session.interpolate ? setExtensionsApart(complete) : complete;

  // 6. Which services are on.
  const selected = selectServices(implied, wanted(options, variables), problems);
  const selection = elsewhere === undefined ? selected : { ...selected, enabled: elsewhere };

  // 7. What does not fit together.
  checkParts(implied, problems);
  await checkSelected(session, implied, selection, variables);

  // 8. Files of variables and labels, folded into the services that are on.
  const folded = await foldSelected(session, implied, selection, own);
  if (options.purpose === undefined || options.purpose === 'run')
    warnOfNoEffect(folded, selection.enabled, problems);
  if (options.purpose === 'lint') {
    const { lintModel, otherSelections } = await import('../lint/index.ts');
    for (const other of otherSelections(implied, selection)) {
      await checkSelected(session, implied, other, variables);
      await foldSelected(session, implied, other, own);
    }
    await lintModel(session, implied);
  }

  const isPruned = options.allResources !== true && session.interpolate;
  const tree = isPruned ? pruneResources(folded, selection.enabled) : folded;
  return { name, workingDir, files, environment: own, selection, tree, whole: folded };
}

function saysNothing(model: MapNode): boolean {
  return withoutKey(model, 'version').entries.size === 0;
}

function reportEmpty({ problems }: Session, files: readonly string[]): void {
  if (problems.count > 0) return;
  problems.add({
    code: 'COMPOSE_EMPTY',
    message: `empty compose file: ${files.join(', ')}`,
    hint: 'write at least `services:` with one service',
  });
}

/** Without normalisation a project still has its name, unless it is only shown as it is written. */
function completed({ options, interpolate }: Session, model: MapNode, name: ProjectName): MapNode {
  if (options.normalize !== false) return imply(model, name);
  return interpolate ? withProjectName(model, name) : model;
}

async function checkSelected(
  session: Session,
  tree: MapNode,
  selection: Selection,
  variables: Environment['variables'],
): Promise<void> {
  const { options, problems, interpolate } = session;
  if (!interpolate) return;
  if (options.consistency !== false) checkConsistency(tree, selection, problems);
  if (options.purpose === 'read') return;
  const { services, reader } = options;
  const isSet = (variable: string): boolean => variables.has(variable);
  await checkStartable(tree, selection, { services, reader, isSet }, problems);
}

function wanted(
  options: LoadOptions,
  variables: Environment['variables'],
): { profiles: readonly string[]; services: readonly string[] } {
  const fromVariable = (variables.get('COMPOSE_PROFILES') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const profiles = options.profiles.length > 0 ? options.profiles : fromVariable;
  return { profiles, services: options.services };
}

async function findName(
  session: Session,
  files: readonly string[],
  workingDir: string,
  environment: Environment,
): Promise<ProjectName | undefined> {
  const { options, problems } = session;
  const variable = 'COMPOSE_PROJECT_NAME';
  const given = options.projectName || environment.variables.get(variable);
  if (given !== undefined && given !== '') {
    if (normaliseProjectName(given) === given) {
      const template = { text: `\${${variable}}`, origin: environment.origin };
      return options.projectName
        ? { name: given, trace: { implied: 'given with the command' } }
        : { name: given, trace: { implied: variable, template } };
    }
    problems.add({
      code: 'COMPOSE_PROJECT_NAME',
      message: `invalid project name "${given}": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number`,
      hint: `"${normaliseProjectName(given)}" would do`,
    });
    return undefined;
  }
  const written = await writtenName(session, files, environment);
  const name = written === undefined ? directoryProjectName(workingDir) : normaliseProjectName(written.text);
  if (name !== '') {
    return written === undefined ? { name, trace: { implied: 'name of the directory' } } : { name };
  }
  problems.add({
    code: 'COMPOSE_PROJECT_NAME',
    message: 'project name must not be empty',
    at: written?.at,
    hint:
      written === undefined
        ? `the directory ${posix.basename(workingDir)} gives no name; use -p or write \`name:\``
        : 'write letters, digits, dashes or underscores in `name:`, or use -p',
  });
  return undefined;
}

/** The last `name:` of the files. */
async function writtenName(
  session: Session,
  files: readonly string[],
  environment: Environment,
): Promise<{ text: string; at: Span } | undefined> {
  let last: Node | undefined;
  for (const file of files) {
    for (const document of (await readDocuments(session, file)) ?? []) {
      last = child(document, 'name') ?? last;
    }
  }
  // Nothing in quotes is as good as nothing; a variable that is not set is a mistake.
  if (last?.kind !== 'scalar' || last.value === null || last.value === '') return undefined;
  // Mistakes in it are told when the whole file is interpolated.
  const name = session.interpolate ? interpolateScalar(last, environment, collectProblems()) : last;
  return name?.value === undefined || name.value === null
    ? undefined
    : { text: String(name.value), at: last };
}

async function foldSelected(
  session: Session,
  tree: MapNode,
  selection: Selection,
  environment: Environment,
): Promise<MapNode> {
  const { options, reader, problems, interpolate } = session;
  const services = child(tree, 'services');
  if (!interpolate || services?.kind !== 'map') return tree;
  const context = {
    // Where paths were not to be resolved, they are the caller's.
    readText: (path: string, at: Span) => readText(reader, posix.resolve(options.cwd, path), problems, at),
    environment,
    problems,
    // Labels have no variables to be resolved: they are folded all the same.
    only: options.resolveEnvironment === false ? 'labels' : undefined,
  } as const;
  const folded = new Map<string, MapNode>();
  for (const [name, { value }] of services.entries) {
    if (value.kind !== 'map' || !selection.enabled.has(name)) continue;
    folded.set(name, await foldFiles(value, context));
  }
  return updateIn(tree, ['services'], (node) =>
    node.kind === 'map' ? mapValues(node, (value, name) => folded.get(name) ?? value) : node,
  ) as MapNode;
}
