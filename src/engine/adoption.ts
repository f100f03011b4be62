/**
 * What an agent does first: it reads its state, looks at the machine, and brings the two together.
 * Running containers are adopted, dead ones get their exit, half-made ones are taken away.
 */
import { join } from 'node:path';
import type { Exit } from '../runtime/container.ts';
import { inBackground } from './background.ts';
import type { Entry } from './containers.ts';
import { finishReplacement } from './create.ts';
import { leaveDefaultBridge } from './default-bridge.ts';
import { land, wire } from './launcher.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord, RunRecord } from './record.ts';

/** Docker's code for a container whose end nobody saw. */
const unknownExitCode = 255;

/** One container that cannot be taken over must not keep the agent from serving all others. */
export async function adoptAll(parts: Parts, lifecycle: Lifecycle): Promise<void> {
  const entries = parts.containers.all();
  for (const { record } of entries) parts.networks.restoreLeases(record.id, record.spec.name, record.leases);
  await removeStrangers(parts, entries);
  await Promise.all(entries.map((entry) => adoptInTheEnd(parts, lifecycle, entry)));
  for (const { record } of entries)
    await orTell(
      `removing what ${record.spec.name} replaces`,
      finishReplacement(parts, lifecycle, record.id),
    );
  // A removal that was cut off may have left it with nobody on it.
  await orTell('removing the default bridge', leaveDefaultBridge(parts.networks));
}

/** What a full disk keeps from being written now is written when there is room: until then the exit lies where it was. */
async function adoptInTheEnd(parts: Parts, lifecycle: Lifecycle, entry: Entry): Promise<void> {
  const what = `taking over ${entry.record.spec.name}`;
  try {
    await adoptOne(parts, lifecycle, entry);
  } catch (error) {
    console.error(`${what}:`, error);
    const isThere = (): boolean => parts.containers.get(entry.record.id) === entry;
    const again = async (): Promise<void> => {
      if (isThere() && !entry.removing) await adoptOne(parts, lifecycle, entry);
    };
    inBackground(what, lifecycle.insist(what, again));
  }
}

async function adoptOne(parts: Parts, lifecycle: Lifecycle, entry: Entry): Promise<void> {
  const { record } = entry;
  const run = await knownRun(parts, lifecycle, entry);
  const isAlive = (): Promise<boolean> =>
    run?.bootId === parts.bootId && run.started ? parts.runtime.isAlive(run.process) : Promise.resolve(false);
  if (run !== undefined && (await isAlive())) {
    // It may end meanwhile, or somebody may have taken a port while no agent held it.
    await orTell(`connecting ${record.spec.name}`, reconnect(parts, record, run));
    if (await isAlive()) {
      // The start may have been cut off between the process and the record.
      if (record.status.kind !== 'running')
        await parts.containers.change(entry, { status: { kind: 'running', startedAt: run.startedAt } });
      return lifecycle.adopt(entry, run.process);
    }
  }
  if (hasUnseenEnd(entry)) return lifecycle.foundDead(entry, await exitOf(parts, entry));
  // What a start or an end that was cut off left is in the way of the next start.
  await land(parts, entry);
  if (record.restarting) lifecycle.resumeRestart(entry);
  else lifecycle.removeLater(entry);
}

/** The run as the machine has it: a start that an agent did not live to note is noted now. */
async function knownRun(parts: Parts, lifecycle: Lifecycle, entry: Entry): Promise<RunRecord | undefined> {
  const { record, run } = entry;
  if (run === undefined || run.started || run.bootId !== parts.bootId) return run;
  return (await parts.runtime.hasBegun(record.id)) ? lifecycle.noteUnseenStart(entry, run) : run;
}

async function reconnect(parts: Parts, record: ContainerRecord, run: RunRecord): Promise<void> {
  await orTell(
    `holding the ports of ${record.spec.name}`,
    parts.networks.restorePorts(record.id, record.spec.name, run.ports),
  );
  await wire(parts, record, run);
}

async function orTell(what: string, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => console.error(`${what}:`, error));
}

/** Whether it ran and nothing on disk says how that ended. */
function hasUnseenEnd({ record: { status }, run }: Entry): boolean {
  if (status.kind !== 'exited') return status.kind === 'running' || run?.started === true;
  return run?.started === true && status.finishedAt < run.startedAt;
}

async function exitOf(parts: Parts, entry: Entry): Promise<Exit> {
  const { record, run } = entry;
  if (run !== undefined && run.bootId === parts.bootId) {
    return parts.runtime.exit(record.id, run.process, AbortSignal.timeout(5_000));
  }
  return { code: unknownExitCode, oomKilled: false, finishedAt: parts.host.clock.now(), uncertain: true };
}

/** Processes and bundles that no record explains: a start was cut off before anything was written. */
async function removeStrangers(parts: Parts, entries: readonly Entry[]): Promise<void> {
  const known = new Set(
    entries.filter(({ run }) => run?.bootId === parts.bootId).map(({ record }) => record.id),
  );
  const bundles = await parts.host.files.list(join(parts.dirs.run, 'containers'));
  const found = new Set([...(await parts.runtime.list()), ...bundles.map(({ name }) => name)]);
  const strangers = [...found].filter((id) => !known.has(id));
  await Promise.all(strangers.map((id) => orTell(`removing ${id}`, parts.runtime.delete(id))));
}
