/** Phase: what a project says without writing it: the default network, real names, dependencies, the Dockerfile. */
import { posix } from 'node:path';
import {
  child,
  type Entry,
  entriesOf,
  entryOf,
  fromJson,
  isNull,
  itemsOf,
  type MapNode,
  map,
  mapItems,
  mapValues,
  type Node,
  scalar,
  stringOf,
  updateIn,
  withKey,
} from './node.ts';
import type { ProjectName } from './project-name.ts';
import type { Span } from './source.ts';
import { implied, takingPlace, tracedSpan } from './trace.ts';

export function imply(tree: MapNode, project: ProjectName): MapNode {
  const services = updateIn(tree, ['services'], (node) =>
    node.kind === 'map' ? mapValues(node, implyService) : node,
  ) as MapNode;
  const networked = withDefaultNetwork(services);
  return withProjectName(withNames(networked, project.name), project);
}

export function withProjectName(tree: MapNode, { name, trace }: ProjectName): MapNode {
  const written = child(tree, 'name');
  const given = scalar(name, trace === undefined ? (written ?? tree) : tracedSpan(tree, trace));
  const value = written === undefined ? given : takingPlace(given, written);
  return withKey(tree, 'name', value, tree.entries.get('name') ?? tree);
}

const steps: readonly ((service: MapNode, at: Span) => MapNode)[] = [
  attachToDefault,
  renamePullPolicy,
  nameDockerfile,
  nameHookImages,
  cleanTargets,
  implyDependencies,
];

const byDefault = 'default of Compose';
const fromOther = 'follows from another attribute';

function implyService(service: Node, _name: string, entry: Entry): Node {
  if (service.kind !== 'map') return service;
  return steps.reduce((node, step) => step(node, entry), service);
}

function attachToDefault(service: MapNode, at: Span): MapNode {
  // An empty mode, such as a variable that is not set leaves, is none.
  if (child(service, 'provider') !== undefined || stringOf(child(service, 'network_mode'))) return service;
  const networks = child(service, 'networks');
  if (networks?.kind === 'map' && networks.entries.size > 0) return service;
  return withKey(service, 'networks', fromJson({ default: null }, implied(at, byDefault)), at);
}

function renamePullPolicy(service: MapNode): MapNode {
  const policy = child(service, 'pull_policy');
  return policy !== undefined && stringOf(policy) === 'if_not_present'
    ? withKey(service, 'pull_policy', scalar('missing', policy))
    : service;
}

function nameDockerfile(service: MapNode): MapNode {
  const build = child(service, 'build');
  if (build?.kind !== 'map') return service;
  // One that is empty, such as a variable that is not set leaves, says as little and is printed as little.
  if (child(build, 'dockerfile') !== undefined || child(build, 'dockerfile_inline') !== undefined)
    return service;
  return withKey(
    service,
    'build',
    withKey(build, 'dockerfile', scalar('Dockerfile', implied(build, byDefault))),
  );
}

/** What runs before the start runs in the service's own image, unless it names another. */
function nameHookImages(service: MapNode): MapNode {
  const image = child(service, 'image');
  return updateIn(service, ['pre_start'], (hooks) => {
    if (hooks.kind !== 'list' || image === undefined) return hooks;
    return mapItems(hooks, (hook) =>
      hook.kind === 'map' && child(hook, 'image') === undefined ? withKey(hook, 'image', image) : hook,
    );
  }) as MapNode;
}

function cleanTargets(service: MapNode): MapNode {
  return updateIn(service, ['volumes'], (volumes) =>
    volumes.kind === 'list' ? mapItems(volumes, cleanTarget) : volumes,
  ) as MapNode;
}

function cleanTarget(mount: Node): Node {
  const target = child(mount, 'target');
  const path = stringOf(target);
  if (mount.kind !== 'map' || target === undefined || path === undefined) return mount;
  const clean = cleanPath(path);
  return clean === path ? mount : withKey(mount, 'target', scalar(clean, target));
}

/** Without doubled and trailing slashes, `.` and `..`. */
export function cleanPath(path: string): string {
  if (/^\/[^/]/.test(path) && !/\/(?:[/.]|$)/.test(path)) return path;
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** Namespaces that may be another service's. */
const namespaces = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'];

function implyDependencies(service: MapNode): MapNode {
  const written = child(service, 'depends_on');
  const own: ReadonlyMap<string, Entry> | undefined = written?.kind === 'map' ? written.entries : undefined;
  let entries: Map<string, Entry> | undefined;
  const add = (name: string, place: Span, restart: boolean): void => {
    if ((entries ?? own)?.has(name)) return;
    const at = implied(place, fromOther);
    const value = fromJson({ condition: 'service_started', restart, required: true }, at);
    entries ??= new Map(own);
    entries.set(name, entryOf(at, value));
  };
  for (const link of itemsOf(child(service, 'links'))) {
    const [name] = stringOf(link)?.split(':') ?? [];
    if (name !== undefined) add(name, link, true);
  }
  for (const namespace of namespaces) {
    const node = child(service, namespace);
    const mode = stringOf(node);
    if (node !== undefined && mode?.startsWith('service:')) add(mode.slice('service:'.length), node, true);
  }
  for (const source of itemsOf(child(service, 'volumes_from'))) {
    const text = stringOf(source);
    if (text !== undefined && !text.startsWith('container:')) add(text.split(':')[0]!, source, false);
  }
  if (entries === undefined) return service;
  return withKey(service, 'depends_on', map(entries, written ?? implied(service, fromOther)));
}

/** Declared only when some service uses it. */
function withDefaultNetwork(tree: MapNode): MapNode {
  const networks = child(tree, 'networks');
  if (entriesHas(networks, 'default') || !isDefaultUsed(tree)) return tree;
  const base = networks?.kind === 'map' ? networks : map(new Map(), implied(tree, byDefault));
  return withKey(tree, 'networks', withKey(base, 'default', scalar(null, implied(base, byDefault)), base));
}

function isDefaultUsed(tree: MapNode): boolean {
  for (const [, { value }] of entriesOf(child(tree, 'services')))
    if (entriesHas(child(value, 'networks'), 'default')) return true;
  return false;
}

function entriesHas(node: Node | undefined, key: string): boolean {
  return node?.kind === 'map' && node.entries.has(key);
}

const named = ['networks', 'volumes', 'configs', 'secrets'];

/** `<project>_<key>`, and the bare key of what is external. */
function withNames(tree: MapNode, projectName: string): MapNode {
  return mapValues(tree, (section, key) => {
    if (!named.includes(key) || section.kind !== 'map') return section;
    return mapValues(section, (resource, name, entry) => {
      const body =
        resource.kind === 'map' ? resource : isNull(resource) ? map(new Map(), resource) : undefined;
      if (body === undefined || child(body, 'name') !== undefined) return resource;
      const external = child(body, 'external');
      const isExternal =
        external?.kind === 'scalar' && [true, 'true'].includes(external.value as boolean | string);
      return withKey(
        body,
        'name',
        scalar(isExternal ? name : `${projectName}_${name}`, implied(entry, 'follows from the key')),
        entry,
      );
    });
  });
}
