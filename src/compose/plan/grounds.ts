/** What a plan was made from, in a form that can be kept in a file, and what has changed since. */
import type { Problem } from '../../errors.ts';
import type { FileObject, Project, Service } from '../model/project.ts';
import { problemAt } from './blame.ts';
import { changedAttributes, digestOf, type FileDigests } from './hash.ts';
import type { Observed, ObservedContainer, ObservedState } from './observed.ts';

export interface Grounds {
  /** Makes the digests those of this plan alone: nobody can look up what they are digests of. */
  readonly salt: string;
  /** Digests of the project's parts, by path. What a secret or a variable says is in no other form in here. */
  readonly project: Digests;
  /** The machine as it was, but for what was in files: that is in the digests. */
  readonly observed: Observed;
}

export interface Basis {
  readonly project: Project;
  readonly observed: Observed;
}

export function groundsOf({ project, observed }: Basis, salt: string): Grounds {
  return {
    salt,
    project: projectDigests(project, observed.fileDigests, salt),
    observed: {
      ...observed,
      fileDigests: {},
      containers: observed.containers.map(({ asked: _, ...container }) => container),
    },
  };
}

/** What is another now than it was: in the files, each at its place, and on the machine. */
export function changesSince(grounds: Grounds, { project, observed }: Basis): readonly Problem[] {
  const now = projectDigests(project, observed.fileDigests, grounds.salt);
  const machine = [
    ...sections.flatMap((section) => sectionChanges(section, grounds.observed, observed)),
    ...containerChanges(grounds.observed.containers, observed.containers),
  ];
  return [
    ...changedParts(grounds.project, now).map(([path, happened]) =>
      problemAt(project, path, { code, message: `${path} ${happened}` }),
    ),
    ...machine.map((message) => ({ code, message })),
  ];
}

const code = 'PLAN_STALE';

/** A service that is new or gone is told of as a whole. */
function changedParts(before: Digests, now: Digests): readonly (readonly [string, string])[] {
  const happened = (path: string): string =>
    path in now ? (path in before ? 'changed' : 'is new') : 'is gone';
  const paths = changedAttributes(before, now);
  const whole = paths.filter((path) => happened(path) !== 'changed');
  return paths
    .filter((path) => !whole.some((other) => path.startsWith(`${other}.`)))
    .map((path) => [path, happened(path)] as const);
}

type Digests = Readonly<Record<string, string>>;

/** Parts are the attributes of services, and whole networks, volumes, secrets and configs with what is in them. */
function projectDigests(project: Project, files: FileDigests, salt: string): Digests {
  const { workingDir, configFiles, envFiles, networks, volumes, secrets, configs } = project;
  const services = { ...project.disabledServices, ...project.services };
  const content = (object: FileObject) => [object, object.kind === 'file' ? files[object.file] : undefined];
  const parts: readonly (readonly [string, unknown])[] = [
    // They are in the labels of every container.
    ['name, directory or files of the project', { name: project.name, workingDir, configFiles, envFiles }],
    ...Object.entries(services).flatMap(([name, service]) => serviceParts(name, project, service)),
    ...named('networks', networks),
    ...named('volumes', volumes),
    ...named('secrets', secrets, content),
    ...named('configs', configs, content),
  ];
  return Object.fromEntries(parts.map(([path, value]) => [path, digestOf([salt, value])]));
}

function serviceParts(
  name: string,
  project: Project,
  { canonical }: Service,
): readonly (readonly [string, unknown])[] {
  const isEnabled = name in project.services;
  const attributes = Object.entries(canonical).filter(([, value]) => value !== null);
  return [[`services.${name}`, isEnabled], ...named(`services.${name}`, Object.fromEntries(attributes))];
}

function named<T>(
  section: string,
  objects: Readonly<Record<string, T>>,
  value: (object: T) => unknown = (object) => object,
): readonly (readonly [string, unknown])[] {
  return Object.entries(objects).map(([name, object]) => [`${section}.${name}`, value(object)] as const);
}

/** Parts of an observation that are records or lists of named objects. */
interface Section {
  readonly called: string;
  readonly of: (observed: Observed) => Readonly<Record<string, unknown>>;
}

const sections: readonly Section[] = [
  { called: 'image', of: ({ images }) => images },
  { called: 'network', of: (observed) => withoutOwn(observed, observed.networks) },
  { called: 'volume', of: (observed) => withoutOwn(observed, observed.volumes) },
  { called: 'container', of: ({ foreignContainers }) => foreignContainers },
  { called: 'version of', of: ({ cgroupVersion }) => ({ 'control groups': cgroupVersion }) },
];

function sectionChanges({ called, of }: Section, before: Observed, now: Observed): readonly string[] {
  const [old, current] = [of(before), of(now)];
  return [...new Set([...Object.keys(old), ...Object.keys(current)])].sort().flatMap((name) => {
    if (!(name in current)) return [`${called} ${name} is gone`];
    if (!(name in old)) return [`${called} ${name} is new`];
    return digestOf(old[name]) === digestOf(current[name]) ? [] : [`${called} ${name} is another one`];
  });
}

/** Of the containers that use it only those of others count: what became of the project's own is told at them. */
function withoutOwn(
  { containers }: Observed,
  objects: Observed['volumes'],
): Readonly<Record<string, unknown>> {
  const own = new Set(containers.map(({ name }) => name));
  return Object.fromEntries(
    objects.map(({ name, labels, containers: users }) => [
      name,
      { labels, users: users.filter((user) => !own.has(user)).sort() },
    ]),
  );
}

function containerChanges(
  before: readonly ObservedContainer[],
  now: readonly ObservedContainer[],
): readonly string[] {
  const current = new Map(now.map((container) => [container.id, container]));
  const names = new Set(now.map(({ name }) => name));
  const known = new Set(before.flatMap(({ id, name }) => [id, name]));
  return [
    ...before.flatMap((old) => {
      const found = current.get(old.id);
      if (found !== undefined) return containerChange(old, found);
      return `container ${old.name} ${names.has(old.name) ? 'is another one' : 'is gone'}`;
    }),
    ...now
      .filter(({ id, name }) => !known.has(id) && !known.has(name))
      .map(({ name }) => `container ${name} is new`),
  ];
}

function containerChange(old: ObservedContainer, now: ObservedContainer): readonly string[] {
  const [before, after] = [stateText(old.state), stateText(now.state)];
  if (before !== after && !hasRecovered(old.state, now.state))
    return [`container ${old.name} is ${after}, and was ${before}`];
  const { state: _before, asked: _asked, ...was } = old;
  const { state: _after, asked: _asks, ...is } = now;
  return digestOf(was) === digestOf(is) ? [] : [`container ${old.name} changed`];
}

function stateText(state: ObservedState): string {
  if (state.status === 'exited') return `exited (${state.exitCode})`;
  if (state.status !== 'running' || state.health === 'none') return state.status;
  return `${state.status} (${state.health})`;
}

/** Health that comes by itself is what a plan waits for, not what it is made on. */
function hasRecovered(old: ObservedState, now: ObservedState): boolean {
  return old.status === 'running' && now.status === 'running' && now.health === 'healthy';
}
