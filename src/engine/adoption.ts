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
import { judge, type Seen } from './judgement.ts';
import { land, wire } from './launcher.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Parts } from './parts.ts';

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
    inBackground(what, lifecycle.runs.insist(what, again));
  }
}

async function adoptOne(parts: Parts, lifecycle: Lifecycle, entry: Entry): Promise<void> {
  const seen = await look(parts, entry);
  switch (judge(entry.record, entry.run, seen)) {
    case 'adopt':
      await lifecycle.runs.noteUnseenStart(entry);
      // It may end meanwhile, or somebody may have taken a port while no agent held it.
      await orTell(`connecting ${entry.record.spec.name}`, reconnect(parts, entry));
      if ((await look(parts, entry)).isAlive) return lifecycle.runs.adopt(entry);
      return lifecycle.foundDead(entry, await exitOf(parts, entry));
    case 'end':
      await lifecycle.runs.noteUnseenStart(entry);
      return lifecycle.foundDead(entry, await exitOf(parts, entry));
    case 'resume':
      await land(parts, entry);
      return lifecycle.runs.resumeRestart(entry);
    case 'discard':
      await land(parts, entry);
      return lifecycle.removeLater(entry);
  }
}

async function look({ bootId, runtime }: Parts, { record, run }: Entry): Promise<Seen> {
  if (run?.bootId !== bootId) return { hasBegun: false, isAlive: false };
  const [hasBegun, isAlive] = await Promise.all([runtime.hasBegun(record.id), runtime.isAlive(run.process)]);
  return { hasBegun, isAlive };
}

async function reconnect(parts: Parts, { record, run }: Entry): Promise<void> {
  if (run === undefined) return;
  await orTell(
    `holding the ports of ${record.spec.name}`,
    parts.networks.restorePorts(record.id, record.spec.name, run.ports),
  );
  await wire(parts, record, run);
}

async function orTell(what: string, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => console.error(`${what}:`, error));
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
