/** Where the files of a container lie. Everything the runtime must know again after a crash is found from here. */
import { join } from 'node:path';
import type { Directories } from '../host/directories.ts';

export type OciRuntimeName = 'crun' | 'runc';

export interface RuntimePaths {
  readonly bundles: string;
  readonly exits: string;
  /** Compiled system call filters. */
  readonly filters: string;
  bundle(id: string): string;
  /** A file of the bundle. */
  file(id: string, name: BundleFile): string;
  exit(id: string): string;
  log(id: string): string;
  /** The OCI runtime's own state, one root for each. */
  stateRoot(runtime: OciRuntimeName): string;
  /** The cgroup above all containers of this engine. */
  readonly parentGroup: string;
  group(id: string): string;
}

export type BundleFile =
  | 'attach'
  | 'conmon.pid'
  | 'config.json'
  | 'ctl'
  | 'monitor.json'
  | 'mounts'
  | 'oci.log'
  | 'oom'
  | 'pidfile'
  | 'rootfs'
  | 'shm';

export function runtimePaths(dirs: Directories): RuntimePaths {
  const bundles = join(dirs.run, 'containers');
  const exits = join(dirs.run, 'exits');
  const parentGroup = `/tscompose-${dirs.tag}`;
  return {
    bundles,
    exits,
    filters: join(dirs.run, 'filters'),
    bundle: (id) => join(bundles, id),
    file: (id, name) => join(bundles, id, name),
    exit: (id) => join(exits, id),
    log: (id) => join(dirs.data, 'containers', id, 'container.log'),
    stateRoot: (runtime) => join(dirs.run, runtime),
    parentGroup,
    group: (id) => `${parentGroup}/${id}`,
  };
}
