/** Phase: relative host paths become absolute, against the directory of the project (or of the file they came from). */
import { posix } from 'node:path';
import { child, type MapNode, type Node, scalar, stringOf, withKey } from './node.ts';
import { type Rewrite, rewriteTree } from './rewrite.ts';
import { lazy, rules } from './rules.ts';

interface Directories {
  readonly workingDir: string;
  readonly home: string | undefined;
}

export function resolvePaths(tree: MapNode, directories: Directories): MapNode {
  return rewriteTree(tree, table(), directories);
}

const table = lazy(() =>
  rules<Rewrite<Directories>>({
    'services.*.build.context': (node, at) => contextPath(node, at.context),
    'services.*.build.additional_contexts.*': (node, at) => contextPath(node, at.context),
    'services.*.build.ssh.*': (node, at) => absolute(node, at.context),
    'services.*.develop.watch.[].path': (node, at) => absolute(node, at.context),
    'services.*.env_file.[].path': (node, at) => absolute(node, at.context),
    'services.*.extends.file': (node, at) => absolute(node, at.context),
    'services.*.label_file.[]': (node, at) => absolute(node, at.context),
    'services.*.volumes.[]': (node, at) => bindSource(node, at.context),
    'configs.*.file': (node, at) => orDirectory(node, at.context),
    'secrets.*.file': (node, at) => orDirectory(node, at.context),
    'volumes.*': (node, at) => bindDevice(node, at.context),
  }),
);

export function resolvePath(path: string, { workingDir, home }: Directories): string {
  if (home !== undefined && path.startsWith('~')) return posix.join(home, path.slice(1));
  // What is absolute stays as it was written.
  return posix.isAbsolute(path) ? path : posix.resolve(workingDir, path);
}

function absolute(node: Node, directories: Directories): Node {
  return stringOf(node) === '' ? node : orDirectory(node, directories);
}

/** An empty path, as a variable that is not set leaves it, is the directory itself. */
function orDirectory(node: Node, directories: Directories): Node {
  const path = stringOf(node);
  return path === undefined ? node : scalar(resolvePath(path, directories), node);
}

/** URLs, git references, images and other services are no paths, and nor is nothing. */
function contextPath(node: Node, directories: Directories): Node {
  const path = stringOf(node);
  if (path === undefined || path === '') return node;
  if (path.includes('://') || /^(git@|github\.com\/|service:)/.test(path)) return node;
  return orDirectory(node, directories);
}

function bindSource(node: Node, directories: Directories): Node {
  if (node.kind !== 'map' || stringOf(child(node, 'type')) !== 'bind') return node;
  const source = child(node, 'source');
  const path = stringOf(source);
  if (source === undefined || path === undefined || isWindowsPath(path)) return node;
  return withKey(node, 'source', orDirectory(source, directories));
}

function isWindowsPath(path: string): boolean {
  return /^([a-zA-Z]:[\\/]|\\\\)/.test(path);
}

/** A volume that is called local and has `o: bind` is a host path in disguise. */
function bindDevice(node: Node, directories: Directories): Node {
  if (node.kind !== 'map') return node;
  const options = child(node, 'driver_opts');
  if (options?.kind !== 'map' || stringOf(child(node, 'driver')) !== 'local') return node;
  const device = child(options, 'device');
  if (device === undefined || stringOf(child(options, 'o')) !== 'bind') return node;
  return withKey(node, 'driver_opts', withKey(options, 'device', orDirectory(device, directories)));
}
