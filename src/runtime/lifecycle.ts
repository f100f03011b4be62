/** A container's coming and going: bundle, monitor and OCI runtime at the start, and the order of taking it away. */
import { dirname, join } from 'node:path';
import { TscomposeError } from '../errors.ts';
import { removeEmptyGroup } from '../host/cgroups.ts';
import { listNow } from '../host/files-now.ts';
import { makeSpec, writeBundle } from './bundle.ts';
import type { BundleRequest, CreatedProcess } from './container.ts';
import type { RuntimeContext } from './context.ts';
import { createError, explainFailure, jsonObject, ociLogErrors } from './failures.ts';
import { startMonitor } from './monitor.ts';
import { identify } from './monitored.ts';
import type { OciSpec } from './oci.ts';
import { ociCommand } from './oci-command.ts';
import { refusedProgram } from './program.ts';
import { discard, removeBundle } from './removal.ts';
import { prepareSharedMemory } from './shared-memory.ts';

export class Lifecycle {
  private readonly context: RuntimeContext;
  /** Creations under way: as long as there are any, the parent cgroup must stay. */
  private creating = 0;

  constructor(context: RuntimeContext) {
    this.context = context;
  }

  async create(request: BundleRequest): Promise<CreatedProcess> {
    this.creating += 1;
    try {
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

  /** Both runtimes hold a created process by a fifo beside their state, and take that away when they let it run. */
  async hasBegun(id: string): Promise<boolean> {
    const { host, paths, monitored } = this.context;
    const known = await monitored.get(id);
    if (known === undefined) return false;
    const state = join(paths.stateRoot(known.runtime), id);
    // In this order: a state that goes meanwhile must not look like one without its fifo.
    const isHeld = (await host.files.lstat(join(state, 'exec.fifo'))) !== undefined;
    return !isHeld && (await host.files.lstat(state)) !== undefined;
  }

  async delete(id: string): Promise<void> {
    await discard(this.context, id);
    await removeBundle(this.context, id);
    this.context.monitored.forget(id);
    this.removeParentGroup();
  }

  /** With the last container the group above all of them goes. */
  private removeParentGroup(): void {
    const { paths, survey } = this.context;
    if (this.creating === 0 && listNow(paths.bundles).length === 0)
      removeEmptyGroup(survey.cgroups, paths.parentGroup);
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
  if (refusal !== undefined) {
    await discard(context, id);
    throw createError(name, refusal);
  }
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
