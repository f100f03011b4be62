/** Restarts by policy: whether, after how long, and waiting for it in a way that a command can call off. */

import type { Exit } from '../runtime/container.ts';
import { decideRestart, type RestartDecision, type RestartRule } from '../runtime/restart.ts';
import { inBackground } from './background.ts';
import type { Entry } from './containers.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord } from './record.ts';

export class Restarts {
  /** By container: gives up the wait. */
  private readonly pending = new Map<string, AbortController>();
  private readonly parts: Parts;
  private readonly attempt: (entry: Entry, isCalledOff: () => boolean) => Promise<void>;

  /** @param attempt makes the restart when the wait is over, unless it has been called off */
  constructor(parts: Parts, attempt: Restarts['attempt']) {
    this.parts = parts;
    this.attempt = attempt;
  }

  schedule(entry: Entry, delayMs: number): void {
    const { id, spec } = entry.record;
    const wait = new AbortController();
    this.pending.set(id, wait);
    // A command may have called it off before it was scheduled: then the record says so.
    const isCalledOff = (): boolean => wait.signal.aborted || !entry.record.restarting;
    const work = async (): Promise<void> => {
      await this.parts.host.clock.sleep(delayMs, wait.signal);
      if (!isCalledOff()) await this.attempt(entry, isCalledOff);
      if (this.pending.get(id) === wait) this.pending.delete(id);
    };
    inBackground(`restarting ${spec.name}`, work());
  }

  async cancel(entry: Entry): Promise<void> {
    // First: when it cannot be written down, the container goes on restarting, as its record says.
    if (entry.record.restarting) await this.parts.containers.change(entry, { restarting: false });
    this.pending.get(entry.record.id)?.abort();
    this.pending.delete(entry.record.id);
  }

  /** The agent leaves: the records keep what was being waited for, for the next one. */
  leave(): void {
    for (const wait of this.pending.values()) wait.abort();
  }
}

/** A person's start begins the count and the waits of the policy anew. */
export const noRestarts = { restartCount: 0, restartDelayMs: 0 } as const;

/** What a start changes, by policy when the record says that one is due, else by a person. */
export function startOf({ restarting, restartCount }: ContainerRecord): Partial<ContainerRecord> {
  return restarting
    ? { restarting: false, restartCount: restartCount + 1 }
    : { manuallyStopped: false, ...noRestarts };
}

/** What the container's restart policy says of this end. */
export function restartAfter(record: ContainerRecord, exit: Exit, startedAt: number): RestartDecision {
  return decideRestart(ruleOf(record.spec.restart), {
    exitCode: exit.code,
    ranMs: exit.finishedAt - startedAt,
    manuallyStopped: record.manuallyStopped,
    restarts: record.restartCount,
    previousDelayMs: record.restartDelayMs,
  });
}

function ruleOf(policy: ContainerRecord['spec']['restart']): RestartRule {
  if (policy.kind !== 'on-failure') return { name: policy.kind };
  const { maxRetries } = policy;
  return { name: 'on-failure', ...(maxRetries === undefined ? {} : { maximumAttempts: maxRetries }) };
}
