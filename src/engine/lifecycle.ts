/**
 * What is asked of a container after its creation: that it starts, stops, pauses, goes.
 * Commands on one container come one at a time; its end is handled whenever it comes, in `runs.ts`.
 */
import { TscomposeError } from '../errors.ts';
import { createTurns } from '../host/turns.ts';
import type { Exit } from '../runtime/container.ts';
import { signalNumber } from '../runtime/signals.ts';
import { removeAnonymousVolumes } from './anonymous-volumes.ts';
import { inBackground } from './background.ts';
import type { Entry } from './containers.ts';
import { leaveDefaultBridge } from './default-bridge.ts';
import type { StartOptions } from './engine.ts';
import type { HealthMonitor } from './health-monitor.ts';
import { land, prepare } from './launcher.ts';
import type { Parts } from './parts.ts';
import { phaseOf } from './phase.ts';
import { Runs } from './runs.ts';

const SIGKILL = 9;

/** Docker's, where neither service nor command line says otherwise. */
const defaultGraceMs = 10_000;

/** More than a client needs to find the next agent. */
const askAgainMs = 10_000;

export class Lifecycle {
  readonly runs: Runs;
  private readonly turns = createTurns();
  private readonly parts: Parts;
  private readonly health: HealthMonitor;

  constructor(parts: Parts, health: HealthMonitor) {
    this.parts = parts;
    this.health = health;
    const afterEnd = (entry: Entry): Promise<void> => this.removeIfOver(entry);
    this.runs = new Runs({ parts, health, turns: this.turns, afterEnd });
  }

  /**
   * Starts it because a person (or their plan) asked for it. Running already is fine; having been started at any time
   * is as well when it is its `first` start that is asked for.
   */
  start(entry: Entry, { first = false }: StartOptions = {}): Promise<void> {
    const work = this.turns.take(entry.record.id, async () => {
      if (first && entry.record.status.kind !== 'created') return;
      await this.runs.callOff(entry);
      await this.runs.landed(entry);
      if (!entry.run?.started) await this.runs.begin(entry);
    });
    return this.goneUnless(entry, work);
  }

  /** Makes its process, so that a client can attach to it before the start that lets it run. */
  prepare(entry: Entry): Promise<void> {
    const work = this.turns.take(entry.record.id, async () => {
      await this.runs.callOff(entry);
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
    return this.turns.take(entry.record.id, async () => {
      await this.runs.callOff(entry);
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
    return this.turns.take(entry.record.id, async () => {
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
    return this.turns.take(entry.record.id, async () => {
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
    if (!options.force) await this.turns.take(record.id, () => this.refuseRunning(entry));
    await this.stop(entry, { timeoutMs: 0, signal: 'SIGKILL' });
    await this.turns.take(record.id, async () => {
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

  /** What to do with a container found dead: its end is told late, its restart policy applies. */
  async foundDead(entry: Entry, exit: Exit): Promise<void> {
    await this.runs.ended(entry, exit);
    this.removeLater(entry);
  }

  /** Those who wait for the end of a container that goes with it may have lost their agent: they get time to ask. */
  removeLater(entry: Entry): void {
    if (!isOver(entry)) return;
    const work = async (): Promise<void> => {
      await this.parts.host.clock.sleep(askAgainMs, this.runs.leaving);
      if (!this.runs.leaving.aborted) await this.removeIfOver(entry);
    };
    inBackground(`removing ${entry.record.spec.name}`, work());
  }

  private async removeIfOver(entry: Entry): Promise<void> {
    if (isOver(entry)) await this.removeWithVolumes(entry);
  }

  private removeWithVolumes(entry: Entry): Promise<void> {
    return this.remove(entry, { force: true, volumes: true });
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
    await this.runs.landed(entry);
    if (phaseOf(entry) !== 'running') return;
    throw new TscomposeError('CONTAINER_RUNNING', `container ${entry.record.spec.name} is running`, {
      hint: 'stop it first, or remove it with --force',
    });
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
