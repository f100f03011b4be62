/**
 * A container's runs, one after the other: begun, watched, ended, and begun again by its restart policy.
 * What a person asks for comes from `lifecycle.ts`, and takes turns with the restarts made here.
 */
import { TscomposeError } from '../errors.ts';
import { allOf, type Turns } from '../host/turns.ts';
import type { CreatedProcess, Exit } from '../runtime/container.ts';
import type { RestartDecision } from '../runtime/restart.ts';
import { inBackground, insist } from './background.ts';
import type { Entry } from './containers.ts';
import type { HealthMonitor } from './health-monitor.ts';
import { isOf } from './judgement.ts';
import { ignite, land, landDetached, noteStart, prepare } from './launcher.ts';
import { boundLog } from './log-bound.ts';
import type { Parts } from './parts.ts';
import { phaseOf } from './phase.ts';
import type { ContainerRecord } from './record.ts';
import { noRestarts, Restarts, restartAfter, startOf } from './restarts.ts';

/** Until a restart is tried again whose failure could not be written down. */
const unwrittenRestartMs = 1_000;

/** What a start that failed is to a restart policy. */
const failedRun: Exit = { code: 128, oomKilled: false, finishedAt: 0 };

export interface RunsOptions {
  readonly parts: Parts;
  readonly health: HealthMonitor;
  /** By container: whoever begins a run, or calls a restart off, has the turn. */
  readonly turns: Turns;
  /** What follows when a run that was watched is over, its traces gone. */
  readonly afterEnd: (entry: Entry) => Promise<void>;
}

export class Runs {
  private readonly parts: Parts;
  private readonly health: HealthMonitor;
  private readonly turns: Turns;
  private readonly afterEnd: RunsOptions['afterEnd'];
  private readonly restarts: Restarts;
  private readonly leaver = new AbortController();

  constructor({ parts, health, turns, afterEnd }: RunsOptions) {
    this.parts = parts;
    this.health = health;
    this.turns = turns;
    this.afterEnd = afterEnd;
    this.restarts = new Restarts(parts, (entry, isCalledOff) => this.restartByPolicy(entry, isCalledOff));
  }

  /** Raised when the agent leaves. */
  get leaving(): AbortSignal {
    return this.leaver.signal;
  }

  /** The agent leaves; containers keep running. */
  leave(): void {
    this.leaver.abort();
    this.restarts.leave();
  }

  /** Again and again, until it succeeds or the agent leaves. */
  insist(what: string, work: () => Promise<void>): Promise<void> {
    return insist(what, work, this.parts.host.clock, this.leaving);
  }

  /** Begins one for a person. On failure nothing of it is left but why, in the record. */
  async begin(entry: Entry): Promise<void> {
    try {
      await this.attempt(entry);
    } catch (error) {
      await this.noteFailedStart(entry, error, noRestarts);
      throw error;
    }
  }

  /** No restart by policy follows any longer until a run has ended again. */
  callOff(entry: Entry): Promise<void> {
    return this.restarts.cancel(entry);
  }

  /** From the note of its end until the last of the run is taken away, a container neither runs nor can be started. */
  async landed(entry: Entry): Promise<void> {
    const ask = (): true | undefined => (phaseOf(entry) === 'ending' ? undefined : true);
    await this.parts.containers.until(ask, this.leaving);
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

  /** Goes on with a restart that an earlier agent was waiting to make. */
  resumeRestart(entry: Entry): void {
    this.restarts.schedule(entry, 0);
  }

  /** Notes an end, takes away what the run left, and has the restart policy follow. */
  async ended(entry: Entry, exit: Exit): Promise<void> {
    const { containers, networks } = this.parts;
    const { record } = entry;
    const startedAt =
      record.status.kind === 'running' ? record.status.startedAt : (entry.run?.startedAt ?? exit.finishedAt);
    this.health.end(entry);
    const decision = restartAfter(record, exit, startedAt);
    const { code, oomKilled, finishedAt } = exit;
    await allOf([
      containers.change(entry, {
        ...restarting(decision),
        status: { kind: 'exited', startedAt, finishedAt, code, oomKilled },
      }),
      // The kernel needs a while for a network namespace: it can begin before the note is on disk.
      networks.detach(record.id),
    ]);
    // Only now: with the bundle goes what would tell the exit code again after a crash.
    await landDetached(this.parts, entry, () => entry.record.restarting);
    // A stop that came meanwhile has called the restart off.
    if (decision.restart && entry.record.restarting) this.restarts.schedule(entry, decision.delayMs);
  }

  private async attempt(entry: Entry): Promise<void> {
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
    const code = error instanceof TscomposeError && error.exitCode > 1 ? error.exitCode : failedRun.code;
    await this.parts.containers.change(entry, {
      ...changes,
      error: error instanceof Error ? error.message : String(error),
      status: { kind: 'exited', startedAt: 0, finishedAt: now, code, oomKilled: false },
    });
  }

  private watch(entry: Entry, process: CreatedProcess): void {
    const { name } = entry.record.spec;
    const ended = new AbortController();
    const running = AbortSignal.any([this.leaving, ended.signal]);
    inBackground(`bounding the log of ${name}`, boundLog(this.parts, entry, running));
    inBackground(
      `watching ${name}`,
      this.see(entry, process, () => ended.abort()),
    );
  }

  private async see(entry: Entry, process: CreatedProcess, onEnd: () => void): Promise<void> {
    let exit: Exit | undefined;
    await this.insist(`noting the end of ${entry.record.spec.name}`, async () => {
      // Asked once: what tells it goes when the end is dealt with, which may have to be tried again.
      exit ??= await this.parts.runtime.exit(entry.record.id, process, this.leaving);
      onEnd();
      await this.ended(entry, exit);
    });
    if (!this.leaving.aborted) await this.afterEnd(entry);
  }

  private restartByPolicy(entry: Entry, isCalledOff: () => boolean): Promise<void> {
    return this.turns.take(entry.record.id, async () => {
      if (isCalledOff()) return;
      try {
        await this.attempt(entry);
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
}

function restarting(decision: RestartDecision): Pick<ContainerRecord, 'restarting' | 'restartDelayMs'> {
  return { restarting: decision.restart, restartDelayMs: decision.restart ? decision.delayMs : 0 };
}
