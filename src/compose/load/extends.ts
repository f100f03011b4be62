/** Phase: `extends` takes another service, of this file or of another one, and lays this one over it. */
import { posix } from 'node:path';
import { interpolateTree } from './interpolate.ts';
import { mergeModels, mergeServices } from './merge.ts';
import {
  child,
  isNull,
  type MapNode,
  map,
  mapValues,
  type Node,
  stringOf,
  withKey,
  withoutKey,
} from './node.ts';
import { normalise } from './normalise/index.ts';
import { resolvePaths } from './resolve-paths.ts';
import {
  directoryOf,
  link,
  type ModelJob,
  readDocuments,
  type ServicePlace,
  type Session,
} from './session.ts';
import type { Span } from './source.ts';
import { serviceHint } from './suggest.ts';

export async function applyExtends(
  session: Session,
  job: ModelJob,
  file: string,
  document: MapNode,
): Promise<MapNode> {
  const services = child(document, 'services');
  if (services?.kind !== 'map') return document;
  const place: Place = { session, job, file, services, directory: job.workingDir };
  const extended = new Map<string, Node>();
  for (const name of services.entries.keys()) {
    const service = await extendService(place, name, []);
    if (service !== undefined) extended.set(name, service);
  }
  return withKey(
    document,
    'services',
    mapValues(services, (value, name) => extended.get(name) ?? value),
  );
}

/** Services that may be extended by name, and where their own `extends.file` is relative to. */
interface Place {
  readonly session: Session;
  readonly job: ModelJob;
  readonly file: string;
  readonly services: MapNode;
  readonly directory: string;
}

async function extendService(
  place: Place,
  name: string,
  chain: readonly ServicePlace[],
): Promise<Node | undefined> {
  const service = child(place.services, name);
  const written = child(service, 'extends');
  if (service?.kind !== 'map' || written === undefined || isNull(written)) return service;
  const ownOnly = withoutKey(service, 'extends');
  // What cannot be followed stays: the schema judges its form, and nobody misses what it would have brought.
  if (!hasFormOfReference(written)) return service;
  const reference = readReference(place, name, written);
  if (reference === undefined) return ownOnly;
  const here: ServicePlace = { file: place.file, service: name };
  if (chain.some((step) => step.file === here.file && step.service === name)) {
    reportCycle(place.session, [...chain, here], written);
    return service;
  }
  if (chain.length >= longestChain) {
    place.session.problems.add({
      code: 'COMPOSE_EXTENDS_DEPTH',
      message: `more than ${longestChain} services extend each other in a row`,
      at: reference.at,
      hint: 'let services extend a common one',
    });
    return ownOnly;
  }
  const from = await findBase(place, name, reference);
  if (from === undefined) return service;
  place.session.extensions.set(`${here.file}:${name}`, {
    service: here,
    at: reference.at,
    base: { file: from.file, service: reference.service },
    definition: child(from.services, reference.service) ?? service,
  });
  const base = await extendService(from, reference.service, [...chain, here]);
  if (base?.kind !== 'map') return ownOnly;
  return mergeServices(base, ownOnly, name, place.session.problems);
}

/** Every service walks all of its chain, so that one without end would take as long. */
const longestChain = 50;

interface Reference {
  readonly service: string;
  readonly file?: string;
  readonly at: Span;
  readonly fileAt: Span;
}

function readReference(place: Place, name: string, written: Node): Reference | undefined {
  const short = stringOf(written);
  if (short !== undefined) return { service: short, at: written, fileAt: written };
  const service = child(written, 'service');
  const file = child(written, 'file');
  const serviceName = stringOf(service);
  if (service === undefined || serviceName === undefined) {
    place.session.problems.add({
      code: 'COMPOSE_EXTENDS',
      message: `extends.${name}.service is required`,
      at: written,
      hint: 'name the service to start from: `service: NAME`',
    });
    return undefined;
  }
  const path = stringOf(file);
  return {
    service: serviceName,
    at: service,
    fileAt: file ?? written,
    ...(path === undefined ? {} : { file: posix.resolve(place.directory, path) }),
  };
}

function hasFormOfReference(written: Node): boolean {
  if (written.kind !== 'map') return stringOf(written) !== undefined;
  return [...written.entries].every(
    ([key, { value }]) =>
      (key === 'service' || key === 'file') && (stringOf(value) !== undefined || isNull(value)),
  );
}

/** The place in which the named service stands. */
async function findBase(place: Place, name: string, reference: Reference): Promise<Place | undefined> {
  const from = reference.file === undefined ? place : await openFile(place, reference.file, reference.fileAt);
  if (from === undefined) return undefined;
  if (child(from.services, reference.service) !== undefined) return from;
  place.session.problems.add({
    code: 'COMPOSE_EXTENDS',
    message: `cannot extend service "${name}": service "${reference.service}" not found${
      from === place ? '' : ` in ${from.file}`
    }`,
    at: reference.at,
    hint: serviceHint(
      reference.service,
      [...from.services.entries.keys()].filter((known) => from !== place || known !== name),
    ),
  });
  return undefined;
}

async function openFile(place: Place, file: string, at: Span): Promise<Place | undefined> {
  const { session, job } = place;
  link(session, file, 'extends', at);
  const documents = await readDocuments(session, file, at);
  if (documents === undefined) return undefined;
  let model: MapNode = map(new Map(), at);
  for (const document of documents) {
    if (document.kind !== 'map') continue;
    const tree = session.interpolate
      ? interpolateTree(document, job.environment, session.problems)
      : document;
    model = mergeModels(model, tree, session);
  }
  const directory = directoryOf(file, job.workingDir);
  const long = normalise(model, { problems: session.problems, lenient: true });
  const placed = resolvePaths(long, { workingDir: directory, home: session.options.home });
  const services = child(placed, 'services');
  if (services?.kind === 'map') return { session, job, file, services, directory };
  session.problems.add({
    code: 'COMPOSE_EXTENDS',
    message: `${file} has no services section to extend from`,
    at,
  });
  return undefined;
}

function reportCycle(session: Session, chain: readonly ServicePlace[], at: Span): void {
  const steps = chain.map((step) => `${step.service} in ${step.file}`);
  session.problems.add({
    code: 'COMPOSE_CYCLE',
    message: `Circular reference: ${steps.join(' extends ')}`,
    at,
    hint: 'a service cannot be built on itself; take one `extends` out',
  });
}
