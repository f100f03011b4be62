/** The OCI runtime's command line, and which of the two programs to use. */
import { HostError } from '../errors.ts';
import type { Cgroups } from '../host/cgroups.ts';
import type { Host } from '../host/host.ts';
import type { OciRuntimeName, RuntimePaths } from './paths.ts';

export interface OciRuntime {
  readonly name: OciRuntimeName;
  /** Absolute: conmon looks nothing up. */
  readonly program: string;
}

/** Options before the command. runc manages cgroups by itself unless told otherwise; crun asks systemd. */
export function globalOptions(runtime: OciRuntimeName, paths: RuntimePaths): string[] {
  const manager = runtime === 'crun' ? ['--cgroup-manager=cgroupfs'] : [];
  return ['--root', paths.stateRoot(runtime), ...manager];
}

export function ociCommand(
  runtime: OciRuntime,
  paths: RuntimePaths,
  ...args: readonly string[]
): [string, ...string[]] {
  return [runtime.program, ...globalOptions(runtime.name, paths), ...args];
}

/**
 * crun where it works, else runc: it takes a third of the time.
 * @param wanted a name the user insists on
 * @throws HostError `HOST_TOOL_MISSING` naming the package; `HOST_KERNEL_LACKS` when only crun is there and refuses this host
 */
export async function chooseOciRuntime(
  host: Host,
  cgroups: Cgroups,
  wanted: string | undefined,
): Promise<OciRuntime> {
  if (wanted !== undefined && wanted !== 'crun' && wanted !== 'runc')
    throw new HostError('HOST_TOOL_MISSING', `TSCOMPOSE_RUNTIME names "${wanted}", which is not supported`, {
      hint: 'name crun or runc, or unset it',
    });
  const [crun, runc] = await Promise.all([findProgram(host, 'crun'), findProgram(host, 'runc')]);
  const refusal = crunRefusal(cgroups);
  if (wanted !== 'runc' && crun !== undefined && (refusal === undefined || wanted === 'crun'))
    return { name: 'crun', program: crun };
  if (wanted !== 'crun' && runc !== undefined) return { name: 'runc', program: runc };
  if (wanted === undefined && crun !== undefined)
    throw new HostError('HOST_KERNEL_LACKS', `crun does not work on this host: ${refusal}`, {
      hint: 'install the package "runc" beside it: apt-get install runc',
    });
  const missing = wanted ?? 'crun';
  throw missingTool(missing);
}

/** crun refuses a version 2 hierarchy beside version 1 ones. @see crun, src/libcrun/cgroup.c */
function crunRefusal(cgroups: Cgroups): string | undefined {
  const hybrid = cgroups.version === 1 && cgroups.hierarchies.some(({ unified }) => unified);
  return hybrid ? 'control groups are in hybrid mode' : undefined;
}

/** @throws HostError `HOST_TOOL_MISSING` */
export async function requireProgram(host: Host, name: string): Promise<string> {
  const path = await findProgram(host, name);
  if (path === undefined) throw missingTool(name);
  return path;
}

function missingTool(name: string): HostError {
  return new HostError('HOST_TOOL_MISSING', `the program "${name}" is not on this machine`, {
    hint: `install the package "${name}": apt-get install ${name}`,
  });
}

const programDirectories = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/** Its absolute path, when it is on this machine. */
export async function findProgram(host: Host, name: string): Promise<string | undefined> {
  const paths = programDirectories.map((directory) => `${directory}/${name}`);
  const stats = await Promise.all(paths.map((path) => host.files.stat(path)));
  return paths.find((_path, at) => stats[at]?.isFile());
}
