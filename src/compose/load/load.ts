/** The loader: an explained list of phases from options to a project. */
import { posix } from 'node:path';
import type { Problem } from '../../errors.ts';
import type { Project } from '../model/project.ts';
import { toProject } from '../model/to-project.ts';
import { canonicalForm, rawForm } from './canonical.ts';
import { checkConsistency, checkParts, checkStartable } from './consistency/index.ts';
import { type Environment, loadEnvironment, withVariable } from './environment.ts';
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
  return (await loadTraced(options)).result;
}

/** What a project was made of, for who asks where its values are from. */
export interface Loaded {
  readonly project: Project;
  /** Its canonical form with all places. */
  readonly tree: MapNode;
  /** The same, with what no service uses. */
  readonly whole: MapNode;
  readonly environment: Environment;
}

/** The same as `load`, with what it went by. `elsewhere`: all services, when the files hold only some of them. */
export async function loadTraced(
  options: LoadOptions,
  elsewhere?: ReadonlySet<string>,
): Promise<{ readonly result: LoadResult; readonly loaded?: Loaded; readonly session: Session }> {
  const routes = { links: new Map(), extensions: new Map() };
  const problems = collectProblems(routes);
  const session = startSession(options, problems, routes);
  const loaded = await loadProject(session, elsewhere);
  if (options.purpose === 'lint') await (await import('../lint/index.ts')).lintDocuments(session);
  const found = problems.sorted(session.opened);
  const warnings = await heardWarnings(session);
  if (loaded === undefined || found.length > 0) return { result: { problems: found, warnings }, session };
  return { result: { project: loaded.project, problems: [], warnings }, loaded, session };
}

async function loadProject(
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

  // 9. The canonical form, and the typed project made of it.
  const pruned =
    options.allResources === true || !session.interpolate
      ? folded
      : pruneResources(folded, selection.enabled);
  const canonical = session.interpolate
    ? canonicalForm(pruned, selection, problems)
    : { project: rawForm(pruned), disabled: {} };
  if (problems.count > 0) return undefined;
  const project = toProject({
    name,
    workingDir,
    configFiles: files,
    envFiles: environment.envFiles,
    canonical: canonical.project,
    disabled: canonical.disabled,
    typed: session.interpolate,
    profiles: selection.profiles,
    variables,
    positions: () => positionsOf(pruned),
  });
  return { project, tree: pruned, whole: folded, environment: own };
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
