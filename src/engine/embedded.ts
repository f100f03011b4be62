/** The embedded engine: the layers of this machine behind the `Engine` interface. */
import type { Observed, ObserveQuestion } from '../compose/plan/observed.ts';
import type { Action } from '../compose/plan/plan.ts';
import { TscomposeError, unreachable } from '../errors.ts';
import type { Digest, ImageStore } from '../image/images.ts';
import { environmentOf } from './bundle-request.ts';
import type { ContainerTable, Entry } from './containers.ts';
import { createContainer } from './create.ts';
import type {
  ActionContext,
  Engine,
  ExecQuestion,
  LogEntry,
  LogsQuery,
  NetworkKeys,
  Places,
  StartOptions,
} from './engine.ts';
import { ensureImage } from './ensure-image.ts';
import type { Lifecycle } from './lifecycle.ts';
import { mounting, observe } from './observe.ts';
import type { Parts } from './parts.ts';
import { preflight } from './preflight.ts';
import { showContainers, showImage, showNetworks, showVolumes } from './show.ts';
import type {
  ContainerFilter,
  ContainerView,
  ExecPlan,
  ImageView,
  NetworkView,
  TopView,
  VolumeView,
} from './views.ts';
import { waitFor } from './wait.ts';

export class EmbeddedEngine implements Engine {
  private readonly parts: Parts;
  private readonly lifecycle: Lifecycle;

  constructor(parts: Parts, lifecycle: Lifecycle) {
    this.parts = parts;
    this.lifecycle = lifecycle;
  }

  get store(): ImageStore {
    return this.parts.images;
  }

  get runtimeName(): string {
    return this.parts.runtime.name;
  }

  private get table(): ContainerTable {
    return this.parts.containers;
  }

  observe(question: ObserveQuestion): Promise<Observed> {
    return observe(this.parts, question);
  }

  preflight(actions: readonly Action[], places: Places, networkKeys?: NetworkKeys): Promise<void> {
    return preflight(this.parts, actions, { places, networkKeys });
  }

  async perform(action: Action, context: ActionContext): Promise<void> {
    const { networks, volumes } = this.parts;
    const { project } = context;
    switch (action.kind) {
      case 'EnsureImage':
        return ensureImage(this.parts.images, action, context);
      case 'CreateNetwork':
        await networks.create(action.network);
        return;
      case 'RemoveNetwork':
        return networks.remove(action.name, action.evicts);
      case 'CreateVolume':
        await volumes.create(action.volume);
        return;
      case 'RemoveVolume':
        return this.removeVolume(action.name, action.evicts);
      case 'CreateContainer':
        return createContainer(this.parts, this.lifecycle, action);
      case 'StartContainer':
        return this.lifecycle.start(this.named(action.name, project));
      case 'WaitFor':
        return waitFor(this.parts, action, context);
      case 'StopContainer':
        return this.ifThere(action.name, project, (entry) => this.lifecycle.stop(entry, action));
      case 'KillContainer':
        return this.lifecycle.kill(this.named(action.name, project), action.signal);
      case 'RestartContainer':
        return this.lifecycle.restart(this.named(action.name, project), action);
      case 'PauseContainer':
        return this.lifecycle.pause(this.named(action.name, project));
      case 'UnpauseContainer':
        return this.lifecycle.unpause(this.named(action.name, project));
      case 'RemoveContainer':
        return this.ifThere(action.name, project, (entry) => this.lifecycle.remove(entry, action));
      case 'RemoveImage':
        await this.removeImage(action.image, { force: false });
        return;
      default:
        return unreachable(action);
    }
  }

  containers(filter: ContainerFilter): Promise<readonly ContainerView[]> {
    return showContainers(this.parts, filter);
  }

  async images(): Promise<readonly ImageView[]> {
    return (await this.parts.images.list()).map(showImage);
  }

  networks(): Promise<readonly NetworkView[]> {
    return showNetworks(this.parts);
  }

  volumes(): Promise<readonly VolumeView[]> {
    return showVolumes(this.parts);
  }

  async *logs(containerId: string, query: LogsQuery, signal: AbortSignal): AsyncIterable<LogEntry> {
    const { record } = this.identified(containerId);
    for await (const { time, stream, text } of this.parts.runtime.logs(record.id, query, signal))
      yield { time, stream, text };
  }

  async exec(containerId: string, question: ExecQuestion): Promise<ExecPlan> {
    const entry = this.identified(containerId);
    const { record } = entry;
    if (!entry.run?.started) {
      throw new TscomposeError('CONTAINER_NOT_RUNNING', `service "${record.spec.service}" is not running`);
    }
    const image = await this.parts.images.find(record.imageId);
    const env = image === undefined ? [] : environmentOf(record.spec, image.config);
    const user = question.user ?? record.spec.user ?? image?.config.user;
    const cwd = question.cwd ?? record.spec.workingDir ?? image?.config.workingDir;
    const { argv } = await this.parts.runtime.execArgv(record.id, {
      args: question.args,
      env: [...env, ...question.env],
      groupAdd: record.spec.groupAdd,
      tty: question.tty,
      privileged: question.privileged || record.spec.privileged,
      ...(user === undefined || user === '' ? {} : { user }),
      ...(cwd === undefined || cwd === '' ? {} : { cwd }),
    });
    return { argv, env: {} };
  }

  async attach(containerId: string): Promise<{ socket: string; control: string; tty: boolean }> {
    const entry = this.identified(containerId);
    const { record } = entry;
    if (record.status.kind === 'created') await this.lifecycle.prepare(entry);
    return { ...this.parts.runtime.attachPaths(record.id), tty: record.spec.tty };
  }

  async wait(
    containerId: string,
    signal: AbortSignal,
    run: number = Number.POSITIVE_INFINITY,
  ): Promise<number> {
    const entry = this.identified(containerId);
    const code = await this.table.until(() => {
      const { status, restarting, restartCount } = entry.record;
      return status.kind === 'exited' && (!restarting || restartCount >= run) ? status.code : undefined;
    }, signal);
    if (code === 'aborted') throw new TscomposeError('INTERRUPTED', 'gave up waiting', { exitCode: 130 });
    return code;
  }

  async changed(signal: AbortSignal): Promise<void> {
    let looks = 0;
    await this.table.until(() => (looks++ > 0 ? true : undefined), signal);
  }

  top(containerId: string): Promise<TopView> {
    return this.parts.runtime.top(this.identified(containerId).record.id);
  }

  start(containerId: string, options: StartOptions = {}): Promise<void> {
    return this.lifecycle.start(this.identified(containerId), options);
  }

  stop(
    containerId: string,
    options: { readonly timeoutMs?: number; readonly signal?: string },
  ): Promise<void> {
    return this.lifecycle.stop(this.identified(containerId), options);
  }

  kill(containerId: string, signal: string): Promise<void> {
    return this.lifecycle.kill(this.identified(containerId), signal);
  }

  removeContainer(
    containerId: string,
    options: { readonly force: boolean; readonly volumes: boolean },
  ): Promise<void> {
    return this.lifecycle.remove(this.identified(containerId), options);
  }

  /** @throws TscomposeError `IMAGE_IN_USE` naming the container */
  removeImage(reference: string, options: { readonly force: boolean }) {
    const usedBy = (id: Digest): string | undefined =>
      this.table.all().find(({ record }) => record.imageId === id)?.record.spec.name;
    return this.parts.images.remove(reference, { force: options.force, usedBy });
  }

  /** Nothing runs and nothing waits to be restarted: the agent may go. */
  idle(): boolean {
    return this.table.all().every(({ record, run }) => run === undefined && !record.restarting);
  }

  /** Lets go of the machine. Containers keep running; with none left, every kernel object of ours is gone. */
  async close(): Promise<void> {
    const idle = this.idle();
    this.lifecycle.runs.leave();
    if (idle) await this.parts.networks.close();
  }

  private async removeVolume(name: string, evicts: readonly string[] = []): Promise<void> {
    const users = mounting(this.table.all(), name).filter(
      (user) => !evicts.includes(user) || this.table.byName(user)?.run !== undefined,
    );
    if (users.length > 0)
      throw new TscomposeError('VOLUME_IN_USE', `the volume ${name} is in use by container ${users[0]}`);
    await this.parts.volumes.remove(name);
  }

  private named(name: string, project?: string): Entry {
    const entry = this.table.byName(name, project);
    if (entry === undefined) throw new TscomposeError('CONTAINER_UNKNOWN', `there is no container "${name}"`);
    return entry;
  }

  /** By id or by name. */
  private identified(id: string): Entry {
    return this.table.get(id) ?? this.named(id);
  }

  private async ifThere(name: string, project: string, work: (entry: Entry) => Promise<void>): Promise<void> {
    const entry = this.table.byName(name, project);
    if (entry !== undefined) await work(entry);
  }
}
