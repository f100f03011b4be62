/**
 * The phases of one model, in the order of their letters: a to c for each document, d to g as each is laid over
 * those before it, h to j once all are. A project is one model; each `include` entry is another.
 */
import { refuseDates } from './dates.ts';
import { applyDefaults } from './defaults.ts';
import { applyExtends } from './extends.ts';
import { applyIncludes } from './include.ts';
import { interpolateTree } from './interpolate.ts';
import { mergeModels } from './merge.ts';
import { type MapNode, map, type Node, withoutKey } from './node.ts';
import { normalise } from './normalise/index.ts';
import { acceptPrintedKeys } from './printed-keys.ts';
import { resolveNamesWithoutValue, withoutUnsetArgs } from './resolve-environment.ts';
import { resolvePaths } from './resolve-paths.ts';
import { type ModelJob, readDocuments, type Session } from './session.ts';
import { dropRepeated, dropRevealed, type Repeated } from './unique.ts';
import { validateTree } from './validate.ts';

/** The merged tree in long syntax with absolute paths; `undefined` when no file could be read, or none says anything. */
export async function loadModel(session: Session, job: ModelJob): Promise<MapNode | undefined> {
  let model: MapNode | undefined;
  for (const file of job.files) {
    for (const document of (await readDocuments(session, file, job.from)) ?? []) {
      const over = await loadDocument(session, job, file, document);
      if (over !== undefined) model = await layOver(session, model, over, file);
    }
  }
  return model === undefined ? undefined : resolve(session, job, model);
}

async function loadDocument(
  session: Session,
  job: ModelJob,
  file: string,
  document: Node,
): Promise<MapNode | undefined> {
  if (document.kind !== 'map') {
    session.problems.add({
      code: 'COMPOSE_TYPE',
      message: 'top-level object must be a mapping',
      at: document,
      hint: 'a Compose file is a mapping with `services:`',
    });
    return undefined;
  }

  // a. Variables are replaced, and text is cast to the type of its attribute.
  const interpolated = interpolateDocument(session, job, document);
  if (session.options.purpose !== 'read') warnRepeated(session, file, interpolated);

  // b. What a service extends is laid under it.
  const extended = await applyExtends(session, job, file, interpolated);

  // c. Included projects are loaded, each as a model of its own, and laid under the document.
  return applyIncludes(session, job, file, extended, loadModel);
}

/** Within one list only the last counts, which is hardly ever meant. The same again does no harm: it is for `lint`. */
function warnRepeated({ problems, options }: Session, file: string, document: MapNode): void {
  const found: (readonly [path: string, repeated: Repeated])[] = [];
  dropRepeated(document, (...each) => found.push(each));
  for (const [path, { what, at, isSame }] of found.sort(([, a], [, b]) => a.at.start - b.at.start)) {
    if (isSame && options.purpose !== 'lint') continue;
    problems.warn({
      code: 'COMPOSE_WRITTEN_TWICE',
      message: `${file}: ${path}: "${what}" is written twice${isSame ? '' : ', only the last one counts'}`,
      at,
      hint: 'take it out, or the other one',
    });
  }
}

function interpolateDocument(session: Session, job: ModelJob, document: MapNode): MapNode {
  if (!session.interpolate) return document;
  return interpolateTree(document, job.environment, session.problems);
}

/** A later document over what is there; every layer is validated as part of the whole, as the reference does. */
async function layOver(
  session: Session,
  model: MapNode | undefined,
  over: MapNode,
  file: string,
): Promise<MapNode> {
  const { problems, interpolate } = session;

  // d. The document is merged over what is there, by the rule of each attribute.
  const merged = mergeModels(model ?? map(new Map(), over), over, session);

  // e. Of items of a list that are the same thing, the later takes the earlier's place.
  const distinct = dropRepeated(merged);

  // f. What the schema refuses is reported and taken out.
  if (session.mayHoldDates) refuseDates(over, problems);
  const valid = await validateTree(acceptPrintedKeys(distinct), problems);
  if (valid.entries.has('version')) {
    problems.warn({
      code: 'COMPOSE_OBSOLETE_VERSION',
      message: `${file}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`,
      at: valid.entries.get('version'),
      hint: 'take the line out',
    });
  }

  // g. Short syntax becomes long syntax.
  const long = normalise(withoutKey(valid, 'version'), { problems, lenient: !interpolate });
  return dropRevealed(long);
}

function resolve(session: Session, job: ModelJob, model: MapNode): MapNode {
  const { home, resolvePaths: wanted } = session.options;

  // h. What is written in part gets the rest of its values.
  const complete = applyDefaults(model);

  // i. Relative paths become absolute.
  const placed = wanted === false ? complete : resolvePaths(complete, { workingDir: job.workingDir, home });

  // j. Names without value take the caller's.
  return session.interpolate ? resolveNamesWithoutValue(placed, job.environment) : withoutUnsetArgs(placed);
}
