/**
 * `up` in the foreground: the output of the containers until the last watched one has ended, or Ctrl-C.
 * The first Ctrl-C stops the services gracefully, the second kills them.
 */
import type { ApplyLine, ContainerView } from '../agent/protocol.ts';
import type { UpCommand } from '../compose/plan/command.ts';
import type { SavedPlan } from '../compose/plan/saved.ts';
import type { Cli, Target } from './cli.ts';
import { exitCodes } from './exit.ts';
import { Follower } from './follow.ts';
import { Handover } from './handover.ts';
import type { LogView } from './views/logs.ts';
import { shortName } from './views/logs.ts';

export interface AttachedOptions {
  /** Services whose containers' ends matter. */
  readonly watched: readonly string[];
  /** Services whose output is shown. */
  readonly shown: readonly string[];
  /** What the end of a watched container means for the others. */
  readonly onExit: 'ignore' | 'stop' | 'stop-on-failure';
  readonly exitCodeFrom: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly hideImages: boolean;
  readonly saved: SavedPlan | undefined;
}

/** Resolves with the exit code. */
export function runAttached(
  cli: Cli,
  target: Target,
  command: UpCommand,
  view: LogView,
  options: AttachedOptions,
): Promise<number> {
  return new Attached(cli, target, command, view, options).run();
}

/** How often a container that is between two runs, or whose output is still to come, is looked at again. */
const lookAgainMs = 200;

class Attached {
  private readonly cli: Cli;
  private readonly target: Target;
  private readonly command: UpCommand;
  private readonly view: LogView;
  private readonly options: AttachedOptions;
  private readonly since: number;
  private readonly applying = new AbortController();
  private readonly watching = new AbortController();
  private readonly watches = new Map<string, Promise<void>>();
  /** By container: the beginning of the run whose end has been told. */
  private readonly told = new Map<string, number>();
  private follower: Follower | undefined;
  private interrupts = 0;
  private stopping: Promise<unknown> | undefined;
  private exitCode: number = exitCodes.success;
  private decided = false;

  constructor(cli: Cli, target: Target, command: UpCommand, view: LogView, options: AttachedOptions) {
    this.cli = cli;
    this.target = target;
    this.command = command;
    this.view = view;
    this.options = options;
    this.since = cli.io.now();
  }

  async run(): Promise<number> {
    const release = this.cli.io.onInterrupt(() => this.interrupted());
    const client = await this.cli.client();
    this.follower = new Follower(client, this.target.name, this.view);
    try {
      await this.applyAndAttach();
      await this.watchRunning();
      await this.allEnded();
      await this.stopping;
    } catch (error) {
      await this.stopping;
      if (this.interrupts === 0) throw error;
    } finally {
      release();
      this.watching.abort();
      await this.follower.stop();
    }
    return this.interrupts > 0 ? exitCodes.interrupted : this.exitCode;
  }

  /** Creation is shown as progress; from the first start on, the screen belongs to the containers. */
  private async applyAndAttach(): Promise<void> {
    const progress = await this.cli.progress({ hideImages: this.options.hideImages });
    const lines = await this.cli.progress({ linesOnly: true });
    const handover = new Handover(progress, lines, () => this.attach());
    await this.cli.apply(this.target, this.command, {
      view: handover,
      signal: this.applying.signal,
      onLine: (line) => this.started(line, handover),
      saved: this.options.saved,
    });
    handover.attach();
  }

  private attach(): void {
    const names = this.options.shown.flatMap((service) => this.namesOf(service));
    for (const name of names) this.view.register(name);
    if (names.length > 0) this.cli.io.stdout.write(`Attaching to ${names.join(', ')}\n`);
    this.follower?.start(this.options.shown, this.since);
  }

  private namesOf(service: string): string[] {
    const spec = this.target.project?.services[service];
    const count = this.command.scale[service] ?? spec?.scale ?? 1;
    if (spec?.containerName !== undefined) return [shortName(spec.containerName, this.target.name)];
    return Array.from({ length: count }, (_, at) => `${service}-${at + 1}`);
  }

  /** A container that has begun is watched from now on: it may end before the rest has started. */
  private started(line: ApplyLine, handover: Handover): void {
    if (line.kind !== 'node' || line.phase !== 'done') return;
    const action = handover.node(line.node)?.action;
    if (action?.kind === 'StartContainer' && this.options.watched.includes(action.service))
      this.watchRunning().catch(() => undefined);
  }

  /** A run that ended before this command began has nothing to tell. */
  private async watchRunning(): Promise<void> {
    for (const container of await this.containers(this.options.watched)) {
      const { id, startedAt } = container;
      if (this.watches.has(id) || this.told.get(id) === startedAt) continue;
      if (!isLive(container) && startedAt < this.since) continue;
      const watch = this.watch(container);
      this.watches.set(id, watch);
      watch.catch(() => undefined);
    }
  }

  private async containers(services: readonly string[]): Promise<readonly ContainerView[]> {
    const client = await this.cli.client();
    const all = { project: this.target.name, services, all: true, oneOffs: 'exclude' } as const;
    return (await client.containers(all)).filter(({ state }) => state !== 'created');
  }

  private async find({ id, service }: ContainerView): Promise<ContainerView | undefined> {
    return (await this.containers([service])).find((container) => container.id === id);
  }

  /** Until the container has ended for good: one that its restart policy, or another command, brings back has not. */
  private async watch(found: ContainerView): Promise<void> {
    const client = await this.cli.client();
    const name = shortName(found.name, this.target.name);
    for (let run = found; ; ) {
      const code = await client.wait(run.id, this.watching.signal, run.restartCount);
      await this.printed(run);
      const now = await this.find(run);
      const comesBack = now !== undefined && isLive(now);
      this.view.status(name, `exited with code ${code}${comesBack ? ' (restarting)' : ''}`);
      if (!comesBack) {
        this.told.set(run.id, now?.startedAt ?? run.startedAt);
        this.watches.delete(run.id);
        return this.ended(run, code);
      }
      run = await this.untilRunning(run);
    }
  }

  /** Until all that a run wrote is on the screen. One whose container has been removed brings no more. */
  private async printed(run: ContainerView): Promise<void> {
    if (!this.options.shown.includes(run.service)) return;
    while (!(await this.follower?.hasAll(run, lookAgainMs))) if ((await this.find(run)) === undefined) return;
  }

  private async untilRunning(before: ContainerView): Promise<ContainerView> {
    for (;;) {
      const now = await this.find(before);
      if (now === undefined || this.watching.signal.aborted) return before;
      if (now.state !== 'restarting' || now.restartCount > before.restartCount) return now;
      await this.cli.io.sleep(lookAgainMs, this.watching.signal);
    }
  }

  private ended(container: ContainerView, code: number): void {
    const { onExit, exitCodeFrom } = this.options;
    if (exitCodeFrom === container.service && !this.decided) {
      this.exitCode = code;
      this.decided = true;
    }
    const ends = onExit === 'stop' || (onExit === 'stop-on-failure' && code !== 0);
    if (!ends || this.stopping !== undefined || this.interrupts > 0) return;
    if (exitCodeFrom === undefined) this.exitCode = code;
    this.cli.note('Aborting on container exit...');
    this.stop();
  }

  /** Another command may be replacing a container, or adding one: those are ours as well. */
  private async allEnded(): Promise<void> {
    const client = await this.cli.client();
    for (;;) {
      await Promise.all(this.watches.values());
      if (this.interrupts > 0 || this.stopping !== undefined) break;
      await client.settled(this.target.name);
      await this.watchRunning();
      if (this.watches.size === 0) break;
    }
    const { shown, watched } = this.options;
    const others = shown.filter((service) => !watched.includes(service));
    if (others.length === 0) return;
    const ended = (await this.containers(others)).filter((container) => !isLive(container));
    await Promise.all(ended.map((container) => this.printed(container)));
  }

  private interrupted(): void {
    this.interrupts += 1;
    if (this.interrupts === 1) {
      this.cli.note('Gracefully Stopping... press Ctrl+C again to force');
      this.applying.abort();
      this.stop();
    } else if (this.interrupts === 2) {
      this.stopping = Promise.allSettled([this.stopping, this.kill()]);
    }
  }

  private stop(): void {
    this.stopping = this.cli.apply(
      this.target,
      {
        kind: 'stop',
        services: this.command.services,
        ...(this.options.timeoutMs === undefined ? {} : { timeoutMs: this.options.timeoutMs }),
      },
      { signal: this.watching.signal, linesOnly: true },
    );
    this.stopping.catch(() => undefined);
  }

  /** Not through a plan: that would wait behind the stop which takes too long. */
  private async kill(): Promise<void> {
    const client = await this.cli.client();
    const running = (await this.containers(this.options.watched)).filter(
      ({ state }) => state === 'running' || state === 'paused',
    );
    await Promise.all(running.map(({ id }) => client.kill(id, 'SIGKILL')));
  }
}

function isLive({ state }: ContainerView): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused';
}
