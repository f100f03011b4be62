/**
 * The agent's process. Started by the respawner; ends with 0 when it leaves, with 3 when it cannot start, with 1 when
 * it could not leave in order: then the next one clears up.
 */
import { Socket } from 'node:net';
import { createEmbeddedEngine } from '../engine/index.ts';
import { directoriesFor } from '../host/directories.ts';
import { systemHost } from '../host/system-host.ts';
import { version } from '../version.ts';
import { Agent } from './agent.ts';
import { hideSecondHierarchy, ownNamespaceFlag } from './engine-namespace.ts';
import { readBuild } from './installation.ts';
import type { StartReport } from './protocol.ts';
import { toWire } from './wire-error.ts';

const defaultIdleMs = 30_000;
const couldNotStart = 3;
const inOrder = (): number => 0;
const outOfOrder = (error: unknown): number => {
  console.error(error);
  return 1;
};

async function main(): Promise<void> {
  // Not that of whoever happened to run the first command: volumes must be readable by containers' users.
  process.umask(0o022);
  // Every container's names, ports and health checks depend on this process: one task's bug must not end it.
  process.on('unhandledRejection', (error) => console.error('not caught anywhere:', error));
  const directories = directoriesFor(process.env, process.getuid?.() ?? 0);
  try {
    if (process.argv.includes(ownNamespaceFlag)) await hideSecondHierarchy(systemHost);
    const agent = await Agent.start({
      host: systemHost,
      directories,
      createEngine: () => createEmbeddedEngine(systemHost, directories, chosenEnvironment()),
      version,
      build: await readBuild(systemHost.files),
      idleMs: Number(process.env.TSCOMPOSE_IDLE_MS ?? defaultIdleMs),
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => agent.leave('terminated'));
    await tell({ kind: 'ready' });
    process.exit(await agent.left.then(inOrder, outOfOrder));
  } catch (error) {
    console.error(error);
    await tell({ kind: 'failed', error: toWire(error) });
    process.exit(couldNotStart);
  }
}

function chosenEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Whoever started us may have gone meanwhile; then nobody wants to know. */
function tell(report: StartReport): Promise<void> {
  if (!process.argv.includes('--tell')) return Promise.resolve();
  return new Promise((resolve) => {
    const starter = new Socket({ fd: 3 });
    starter.on('error', () => resolve());
    starter.end(`${JSON.stringify(report)}\n`, () => resolve());
  });
}

void main();
