/**
 * A container's life after its creation: started, watched, restarted by policy, stopped, removed.
 * Commands on one container come one at a time; its end is handled whenever it comes.
 */
import { TscomposeError } from '../errors.ts';
import { createTurns } from '../host/turns.ts';
import type { CreatedProcess, Exit } from '../runtime/container.ts';
import type { RestartDecision } from '../runtime/restart.ts';
import { signalNumber } from '../runtime/signals.ts';
import { removeAnonymousVolumes } from './anonymous-volumes.ts';
import { inBackground, insist } from './background.ts';
import type { Entry } from './containers.ts';
import { leaveDefaultBridge } from './default-bridge.ts';
import type { StartOptions } from './engine.ts';
import type { HealthMonitor } from './health-monitor.ts';
import { isOf } from './judgement.ts';
import { ignite, land, noteStart, prepare } from './launcher.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord } from './record.ts';
import { noRestarts, Restarts, restartAfter, startOf } from './restarts.ts';

const SIGKILL = 9;

/** Docker's, where neither service nor command line says otherwise. */
const defaultGraceMs = 10_000;

/** More than a client needs to find the next agent. */
const askAgainMs = 10_000;

/** Until a restart is tried again whose failure could not be written down. */
const unwrittenRestartMs = 1_000;

/** What a start that failed is to a restart policy. */
const failedRun: Exit = { code: 128, oomKilled: false, finishedAt: 0 };

export class Lifecycle {
  private readonly commands = createTurns();
  private readonly restarts: Restarts;
  private readonly leaving = new AbortController();
  private readonly parts: Parts;
  private readonly health: HealthMonitor;

  constructor(parts: Parts, health: HealthMonitor) {
    this.parts = parts;
    this.health = health;
    this.restarts = new Restarts(parts, (entry, isCalledOff) => this.restartByPolicy(entry, isCalledOff));
  }

  /**
   * Starts it because a person (or their plan) asked for it. Running already is fine; having been started at any time
   * is as well when it is its `first` start that is asked for.
   */
  start(entry: Entry, { first = false }: StartOptions = {}): Promise<void> {
    const work = this.commands.take(entry.record.id, async () => {
      if (first && entry.record.status.kind !== 'created') return;
      await this.restarts.cancel(entry);
      await this.landed(entry);
      if (entry.run?.started) return;
      try {
        await this.begin(entry);
      } catch (error) {
        await this.noteFailedStart(entry, error, noRestarts);
        throw error;
      }
    });
    return this.goneUnless(entry, work);
  }

  /** Makes its process, so that a client can attach to it before the start that lets it run. */
  prepare(entry: Entry): Promise<void> {
    const work = this.commands.take(entry.record.id, async () => {
      await this.restarts.cancel(entry);
      if (entry.run === undefined) await prepare(this.parts, entry);
    });
    return this.goneUnless(entry, work);
  }

  /** What goes with its end goes as well when it could not begin. */
  private async goneUnless(entry: Entry, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (entry.record.spec.autoRemove) await this.removeWithVolumes(entry);
      throw error;
    }
  }

  /** Stops it with its signal, and with SIGKILL when the grace period is over. Stopped already is fine. */
  stop(entry: Entry, options: { readonly timeoutMs?: number; readonly signal?: string } = {}): Promise<void> {
    return this.commands.take(entry.record.id, async () => {
      await this.restarts.cancel(entry);
      await this.noteStop(entry);
      // Between two runs of a container that its policy restarts, its ports are held for the next.
      if (entry.run === undefined) return this.parts.networks.releasePorts(entry.record.id);
      // Prepared and never started: there is nothing in it that could hear a signal.
      if (!entry.run.started) return land(this.parts, entry);
      if (entry.run.paused) await this.setPaused(entry, false);
      const signal = options.signal ?? (await this.stopSignal(entry));
      await this.parts.runtime.kill(entry.record.id, signal);
      const graceMs = options.timeoutMs ?? entry.record.spec.stopGracePeriodMs ?? defaultGraceMs;
      if (await this.endsWithin(entry, graceMs)) return;
      await this.parts.runtime.killAll(entry.record.id);
      await this.endsWithin(entry, -1);
    });
  }

  /** Only a restart policy asks who stopped it: without one the write, and its way to the disk, are saved. */
  private async noteStop(entry: Entry): Promise<void> {
    const { manuallyStopped, spec } = entry.record;
    if (!manuallyStopped && spec.restart.kind !== 'no')
      await this.parts.containers.change(entry, { manuallyStopped: true });
  }

  /** A signal that is there to end the container is a stop by hand; any other may be caught, and changes no policy. */
  async kill(entry: Entry, signal: string): Promise<void> {
    if (entry.run === undefined) {
      throw new TscomposeError('CONTAINER_NOT_RUNNING', `container ${entry.record.spec.name} is not running`);
    }
    const number = signalNumber(signal);
    if (number === SIGKILL || number === signalNumber(await this.stopSignal(entry)))
      await this.noteStop(entry);
    await this.parts.runtime.kill(entry.record.id, signal);
  }

  async restart(entry: Entry, options: { readonly timeoutMs?: number }): Promise<void> {
    await this.stop(entry, options);
    await this.start(entry);
  }

  pause(entry: Entry): Promise<void> {
    return this.commands.take(entry.record.id, async () => {
      if (entry.run === undefined) {
        throw new TscomposeError(
          'CONTAINER_NOT_RUNNING',
          `container ${entry.record.spec.name} is not running`,
        );
      }
      if (entry.run.paused) {
        throw new TscomposeError('CONTAINER_PAUSED', `container ${entry.record.spec.name} is already paused`);
      }
      await this.setPaused(entry, true);
    });
  }

  unpause(entry: Entry): Promise<void> {
    return this.commands.take(entry.record.id, async () => {
      if (!entry.run?.paused) {
        throw new TscomposeError('CONTAINER_NOT_PAUSED', `container ${entry.record.spec.name} is not paused`);
      }
      await this.setPaused(entry, false);
    });
  }

  /**
   * Removes the container, its writable layer and its log; with `volumes` its anonymous volumes too.
   * @throws TscomposeError `CONTAINER_RUNNING` unless `force`
   */
  async remove(entry: Entry, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void> {
    const { containers, networks } = this.parts;
    const { record } = entry;
    if (!options.force) await this.commands.take(record.id, () => this.refuseRunning(entry));
    await this.stop(entry, { timeoutMs: 0, signal: 'SIGKILL' });
    await this.commands.take(record.id, async () => {
      if (containers.get(record.id) === undefined) return;
      entry.removing = true;
      try {
        if (entry.run !== undefined) await land(this.parts, entry);
        // The record goes last: what it names is found again when we are cut short.
        if (options.volumes) await removeAnonymousVolumes(this.parts, record);
        await containers.delete(entry);
        networks.release(record.id);
        if (record.spec.networkMode.kind === 'bridge') await leaveDefaultBridge(networks);
      } finally {
        entry.removing = containers.get(record.id) === undefined;
      }
    });
  }

  /** Notes of a start what an earlier agent did not come to note: that it was made, and what it changes. */
  async noteUnseenStart(entry: Entry): Promise<void> {
    const { record, run } = entry;
    if (run === undefined) return;
    if (!run.started)
      await noteStart(this.parts, entry, run, { isChecked: (await this.health.find(entry)) !== undefined });
    if (isOf(record.status, run)) return;
    const status = { kind: 'running', startedAt: run.startedAt } as const;
    await this.parts.containers.change(entry, { ...startOf(record), status });
  }

  /** Takes up the watch of a container that an earlier agent started. */
  async adopt(entry: Entry): Promise<void> {
    if (entry.run === undefined) return;
    this.watch(entry, entry.run.process);
    if (!entry.run.paused) this.health.begin(entry, await this.health.find(entry));
  }

  /** What to do with a container found dead: its end is told late, its restart policy applies. */
  async foundDead(entry: Entry, exit: Exit): Promise<void> {
    await this.ended(entry, exit);
    this.removeLater(entry);
  }

  /** Those who wait for the end of a container that goes with it may have lost their agent: they get time to ask. */
  removeLater(entry: Entry): void {
    if (!isOver(entry)) return;
    const work = async (): Promise<void> => {
      await this.parts.host.clock.sleep(askAgainMs, this.leaving.signal);
      if (!this.leaving.signal.aborted && isOver(entry)) await this.removeWithVolumes(entry);
    };
    inBackground(`removing ${entry.record.spec.name}`, work());
  }

  /** Again and again, until it succeeds or the agent leaves. */
  insist(what: string, work: () => Promise<void>): Promise<void> {
    return insist(what, work, this.parts.host.clock, this.leaving.signal);
  }

  /** Goes on with a restart that an earlier agent was waiting to make. */
  resumeRestart(entry: Entry): void {
    this.restarts.schedule(entry, 0);
  }

  /** The agent leaves; containers keep running. */
  leave(): void {
    this.leaving.abort();
    this.restarts.leave();
  }

  private async begin(entry: Entry): Promise<void> {
    const { containers } = this.parts;
    try {
      await containers.forget(entry, 'error');
      if (entry.run === undefined) await prepare(this.parts, entry);
      const check = await this.health.find(entry);
      const { process, startedAt } = await ignite(this.parts, entry, { isChecked: check !== undefined });
      await containers.change(entry, { ...startOf(entry.record), status: { kind: 'running', startedAt } });
      this.watch(entry, process);
      this.health.begin(entry, check);
    } catch (error) {
      if (entry.run !== undefined) await land(this.parts, entry);
      throw error;
    }
  }

  private async noteFailedStart(
    entry: Entry,
    error: unknown,
    changes: Partial<ContainerRecord>,
  ): Promise<void> {
    const now = this.parts.host.clock.now();
    const code = error instanceof TscomposeError && error.exitCode > 1 ? error.exitCode : 128;
    await this.parts.containers.change(entry, {
      ...changes,
      error: error instanceof Error ? error.message : String(error),
      status: { kind: 'exited', startedAt: 0, finishedAt: now, code, oomKilled: false },
    });
  }

  private watch(entry: Entry, process: CreatedProcess): void {
    inBackground(`watching ${entry.record.spec.name}`, this.see(entry, process));
  }

  private async see(entry: Entry, process: CreatedProcess): Promise<void> {
    const { signal } = this.leaving;
    let exit: Exit | undefined;
    await this.insist(`noting the end of ${entry.record.spec.name}`, async () => {
      // Asked once: what tells it goes when the end is dealt with, which may have to be tried again.
      exit ??= await this.parts.runtime.exit(entry.record.id, process, signal);
      await this.ended(entry, exit);
    });
    if (!signal.aborted && isOver(entry)) await this.removeWithVolumes(entry);
  }

  private async ended(entry: Entry, exit: Exit): Promise<void> {
    const { containers } = this.parts;
    const { record } = entry;
    const startedAt =
      record.status.kind === 'running' ? record.status.startedAt : (entry.run?.startedAt ?? exit.finishedAt);
    this.health.end(entry);
    const decision = restartAfter(record, exit, startedAt);
    await containers.change(entry, {
      ...restarting(decision),
      status: {
        kind: 'exited',
        startedAt,
        finishedAt: exit.finishedAt,
        code: exit.code,
        oomKilled: exit.oomKilled,
      },
    });
    // Only now: with the bundle goes what would tell the exit code again after a crash.
    await land(this.parts, entry, () => entry.record.restarting);
    // A stop that came meanwhile has called the restart off.
    if (decision.restart && entry.record.restarting) this.restarts.schedule(entry, decision.delayMs);
  }

  private removeWithVolumes(entry: Entry): Promise<void> {
    return this.remove(entry, { force: true, volumes: true });
  }

  private restartByPolicy(entry: Entry, isCalledOff: () => boolean): Promise<void> {
    return this.commands.take(entry.record.id, async () => {
      if (isCalledOff()) return;
      try {
        await this.begin(entry);
      } catch (error) {
        await this.afterFailedRestart(entry, error);
      }
    });
  }

  /** A start that fails counts as a run that failed at once: its error is kept in the record. */
  private async afterFailedRestart(entry: Entry, error: unknown): Promise<void> {
    const restartCount = entry.record.restartCount + 1;
    const decision = restartAfter({ ...entry.record, restartCount }, failedRun, 0);
    try {
      await this.noteFailedStart(entry, error, { restartCount, ...restarting(decision) });
    } catch (unwritten) {
      // The record still says that it is restarting: so it has to be, until there is room for better.
      this.restarts.schedule(entry, unwrittenRestartMs);
      throw unwritten;
    }
    if (decision.restart) this.restarts.schedule(entry, decision.delayMs);
  }

  private async setPaused(entry: Entry, paused: boolean): Promise<void> {
    const { containers, runtime } = this.parts;
    if (paused) await runtime.pause(entry.record.id);
    else await runtime.resume(entry.record.id);
    if (paused) this.health.end(entry);
    if (entry.run !== undefined) await containers.changeRun(entry, { ...entry.run, paused });
    if (!paused) this.health.begin(entry, await this.health.find(entry));
  }

  private async stopSignal(entry: Entry): Promise<string> {
    const { spec, imageId } = entry.record;
    return spec.stopSignal ?? (await this.parts.images.find(imageId))?.config.stopSignal ?? 'SIGTERM';
  }

  /** @throws TscomposeError `CONTAINER_RUNNING` */
  private async refuseRunning(entry: Entry): Promise<void> {
    await this.landed(entry);
    if (!entry.run?.started) return;
    throw new TscomposeError('CONTAINER_RUNNING', `container ${entry.record.spec.name} is running`, {
      hint: 'stop it first, or remove it with --force',
    });
  }

  /** From the note of its end until the last of the run is taken away, a container neither runs nor can be started. */
  private async landed(entry: Entry): Promise<void> {
    const isLanding = (): boolean => entry.run?.started === true && entry.record.status.kind !== 'running';
    await this.parts.containers.until(() => (isLanding() ? undefined : true), this.leaving.signal);
  }

  /** Waits until the run is over and cleaned up; -1 waits without end. */
  private async endsWithin(entry: Entry, ms: number): Promise<boolean> {
    const limit = new AbortController();
    const timer = ms < 0 ? undefined : setTimeout(() => limit.abort(), ms);
    const over = (): true | undefined =>
      entry.run === undefined && entry.record.status.kind !== 'running' ? true : undefined;
    const answer = await this.parts.containers.until(over, limit.signal);
    clearTimeout(timer);
    return answer === true;
  }
}

/** Ended for good, and to be removed then. */
function isOver({ record: { spec, status, restarting } }: Entry): boolean {
  return spec.autoRemove && status.kind === 'exited' && !restarting;
}

function restarting(decision: RestartDecision): Pick<ContainerRecord, 'restarting' | 'restartDelayMs'> {
  return { restarting: decision.restart, restartDelayMs: decision.restart ? decision.delayMs : 0 };
}
