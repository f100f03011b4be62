/** A container's coming and going: bundle, monitor and OCI runtime at the start; everything of it away at the end. */
import { dirname, join } from 'node:path';
import { HostError, TscomposeError } from '../errors.ts';
import {
  groupDirectory,
  removeDirectory,
  removeEmptyGroup,
  removeGroup,
  writeGroupFile,
} from '../host/cgroups.ts';
import type { Host } from '../host/host.ts';
import { isProcessAlive, processStat, sendSignal } from '../host/procfs.ts';
import { makeSpec, writeBundle } from './bundle.ts';
import type { BundleRequest, CreatedProcess } from './container.ts';
import { createError, explainFailure, jsonObject, ociLogErrors } from './failures.ts';
import type { FilterCache } from './filter-cache.ts';
import type { HostSurvey } from './host-facts.ts';
import { killGroup } from './kill.ts';
import { type MonitorTools, startMonitor } from './monitor.ts';
import { identify, type Monitored, type MonitoredTable } from './monitored.ts';
import type { OciSpec } from './oci.ts';
import { type OciRuntime, ociCommand } from './oci-command.ts';
import type { OciRuntimeName, RuntimePaths } from './paths.ts';
import { refusedProgram } from './program.ts';
import { prepareSharedMemory } from './shared-memory.ts';

/** What every step works with. */
export interface RuntimeContext {
  readonly host: Host;
  readonly paths: RuntimePaths;
  readonly survey: HostSurvey;
  readonly tools: MonitorTools;
  readonly monitored: MonitoredTable;
  readonly filters: FilterCache;
  /** The OCI runtime that a container was made with, which may be another than new ones get. */
  runtimeOf(name: OciRuntimeName): OciRuntime;
}

export class Lifecycle {
  private readonly context: RuntimeContext;
  /** Creations under way: as long as there are any, the parent cgroup must stay. */
  private creating = 0;
  private removingParent: Promise<void> = Promise.resolve();

  constructor(context: RuntimeContext) {
    this.context = context;
  }

  async create(request: BundleRequest): Promise<CreatedProcess> {
    this.creating += 1;
    try {
      await this.removingParent;
      return await createContainer(this.context, request);
    } finally {
      this.creating -= 1;
    }
  }

  /** @throws TscomposeError `CONTAINER_START` */
  async start(id: string): Promise<void> {
    const { host, paths, runtimeOf } = this.context;
    const known = await this.context.monitored.get(id);
    if (known === undefined)
      throw new TscomposeError('CONTAINER_START', `container ${id.slice(0, 12)} has not been created`);
    const argv = ociCommand(runtimeOf(known.runtime), paths, 'start', id);
    const { code, stderr } = await host.runQuickly(argv, { allowFailure: true });
    if (code === 0) return;
    const failure = explainFailure(stderr, known.program);
    throw new TscomposeError('CONTAINER_START', `cannot start ${known.name}: ${failure.message}`, {
      exitCode: failure.exitCode,
    });
  }

  async delete(id: string): Promise<void> {
    const { paths, survey, monitored } = this.context;
    const known = await monitored.get(id);
    await endProcesses(this.context, id, known);
    await deleteState(this.context, id);
    await endMonitor(this.context, id, known);
    await removeGroup(survey.cgroups, paths.group(id));
    await removeBundle(this.context, id);
    monitored.forget(id);
    await this.removeParentGroup();
  }

  /** With the last container the group above all of them goes. */
  private async removeParentGroup(): Promise<void> {
    const { host, paths, survey } = this.context;
    if (this.creating > 0 || (await host.files.list(paths.bundles)).length > 0 || this.creating > 0) return;
    this.removingParent = removeEmptyGroup(survey.cgroups, paths.parentGroup);
    await this.removingParent;
  }
}

async function createContainer(context: RuntimeContext, request: BundleRequest): Promise<CreatedProcess> {
  const { host, paths, survey, tools } = context;
  const { id, name } = request;
  await Promise.all([
    host.files.makeDirectory(paths.bundle(id), 0o700),
    host.files.makeDirectory(dirname(paths.log(id)), 0o700),
    // Of an earlier run: they would be believed to be of this one.
    ...[paths.exit(id), paths.file(id, 'oom'), paths.file(id, 'oci.log')].map(host.files.remove),
  ]);
  const sharedMemory = await prepareSharedMemory(host, paths, request);
  const spec = await makeSpec(host, survey, request, {
    directory: paths.bundle(id),
    cgroupsPath: paths.group(id),
    ...(sharedMemory === undefined ? {} : { sharedMemory }),
  });
  const stateDirectory = join(paths.stateRoot(tools.runtime.name), id);
  const create = (bundle: OciSpec): Promise<CreatedProcess> => createProcess(context, request, bundle);
  const process =
    tools.runtime.name === 'crun'
      ? await context.filters.through(spec, stateDirectory, create)
      : await create(spec);
  if (request.init) return process;
  const refusal = await refusedProgram(host, `/proc/${process.pid}/root`, spec.process, survey.facts.arch);
  if (refusal !== undefined) throw createError(name, refusal);
  return process;
}

async function createProcess(
  context: RuntimeContext,
  request: BundleRequest,
  spec: OciSpec,
): Promise<CreatedProcess> {
  const { host, paths, tools, monitored } = context;
  const { id, name } = request;
  const program = request.args[0] ?? '';
  await writeBundle(host, request, spec, paths.bundle(id));
  const answer = await startMonitor(host, tools, paths, request);
  if ('failure' in answer)
    throw createError(name, explainFailure(await reasonOf(context, id, answer.failure), program));
  const process = identify(answer.pid);
  if (process === undefined)
    throw createError(name, { exitCode: 125, message: 'its process was killed while it was being created' });
  await monitored.put(id, { ...process, runtime: tools.runtime.name, name, program });
  return process;
}

/** The OCI runtime's log says it best; conmon passes on what was printed. */
async function reasonOf({ host, paths }: RuntimeContext, id: string, said: string): Promise<string> {
  const logged = ociLogErrors((await host.files.readText(paths.file(id, 'oci.log'))) ?? '');
  if (logged !== '') return logged;
  const message = jsonObject(said.trim())?.msg;
  return typeof message === 'string' ? message : said;
}

/** Thaws what is paused, for only then a signal arrives (version 1). */
export async function thaw({ survey, paths }: RuntimeContext, id: string): Promise<void> {
  if (survey.cgroups.version === 2) return;
  const group = groupDirectory(survey.cgroups, paths.group(id), 'freezer');
  await writeGroupFile(`${group}/freezer.state`, 'THAWED');
}

async function endProcesses(
  context: RuntimeContext,
  id: string,
  known: Monitored | undefined,
): Promise<void> {
  const { host, paths, survey } = context;
  const mayRun = known === undefined || isProcessAlive(known.pid, known.pidStartTime);
  if (mayRun) await killGroup(host, survey.cgroups, paths.group(id));
}

/** Either OCI runtime may have made it; the one that did has a directory of its name. */
async function deleteState(context: RuntimeContext, id: string): Promise<void> {
  const { host, paths, runtimeOf } = context;
  for (const name of ['crun', 'runc'] as const) {
    const state = join(paths.stateRoot(name), id);
    if ((await host.files.stat(state)) === undefined) continue;
    const argv = ociCommand(runtimeOf(name), paths, 'delete', '--force', id);
    await host.runQuickly(argv, { allowFailure: true, purpose: 'delete the container' });
    // What it left of a container whose creation was cut short.
    await host.files.remove(state);
  }
}

const monitorPatienceMs = 3_000;
const SIGKILL = 9;

/** conmon ends by itself after its container, when the log is drained. */
async function endMonitor(context: RuntimeContext, id: string, known: Monitored | undefined): Promise<void> {
  const { host } = context;
  const conmon = known ?? (await monitorFromDisk(context, id));
  if (conmon === undefined) return;
  const isAlive = (): boolean => isProcessAlive(conmon.conmonPid, conmon.conmonStartTime);
  const deadline = host.clock.monotonic() + monitorPatienceMs;
  for (let waitMs = 1; isAlive() && host.clock.monotonic() < deadline; waitMs = Math.min(waitMs * 2, 50))
    await host.clock.sleep(waitMs);
  if (isAlive()) sendSignal(conmon.conmonPid, SIGKILL);
}

/** A creation that was cut short left only conmon's pid; its command line says whether it is still the same. */
async function monitorFromDisk(
  { host, paths }: RuntimeContext,
  id: string,
): Promise<Pick<CreatedProcess, 'conmonPid' | 'conmonStartTime'> | undefined> {
  const pid = Number((await host.files.readText(paths.file(id, 'conmon.pid'))) ?? '');
  if (!(pid > 1)) return undefined;
  const stat = processStat(pid);
  const command = await host.files.readText(`/proc/${pid}/cmdline`);
  if (stat === undefined || !command?.includes(id)) return undefined;
  return { conmonPid: pid, conmonStartTime: stat.startTime };
}

/** Nothing below a mount is ever deleted: what is mounted goes first, and the mount points only when they are empty. */
async function removeBundle({ host, paths }: RuntimeContext, id: string): Promise<void> {
  const bundle = paths.bundle(id);
  const entries = await host.files.list(bundle);
  const below = await host.files.list(paths.file(id, 'mounts'));
  const mountPoints = [
    ...below.map(({ name }) => join(paths.file(id, 'mounts'), name)),
    ...entries.filter(({ name }) => mountPointNames.has(name)).map(({ name }) => join(bundle, name)),
  ];
  for (const path of mountPoints) await removeMountPoint(host, path);
  const rest = entries.filter(({ name }) => !mountPointNames.has(name)).map(({ name }) => join(bundle, name));
  await Promise.all([...rest, paths.exit(id)].map(host.files.remove));
  if (!(await removeDirectory(bundle)))
    throw new HostError('HOST_EBUSY', `the bundle ${bundle} still holds files that are not ours`);
}

const mountPointNames = new Set(['mounts', 'rootfs', 'shm']);
/** More than that were never stacked on one another. */
const stackedMounts = 8;

/** A mounted file system has another device number than the directory it is mounted in. */
async function removeMountPoint(host: Host, path: string): Promise<void> {
  const parent = await host.files.lstat(dirname(path));
  for (let round = 0; round < stackedMounts; round += 1) {
    const own = await host.files.lstat(path);
    if (own === undefined) return;
    if (own.dev === parent?.dev) break;
    host.mounts.unmount(path);
  }
  if (!(await host.files.lstat(path))?.isDirectory()) await host.files.remove(path);
  else await removeDirectory(path);
}
