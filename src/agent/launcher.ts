/**
 * Starts the agent on behalf of a client: detached, in the engine's mount namespace, under its respawner.
 * @see respawner.sh
 */

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { HostError, TscomposeError } from '../errors.ts';
import type { Directories } from '../host/directories.ts';
import type { Files } from '../host/files.ts';
import { spawnByNode, startError } from '../host/processes.ts';
import { ownNamespaceFlag } from './engine-namespace.ts';
import { agentEnvironment } from './environment.ts';
import type { Installation } from './installation.ts';
import type { StartReport } from './protocol.ts';
import { fromWire } from './wire-error.ts';

export interface LaunchOptions {
  readonly files: Files;
  readonly directories: Directories;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly installation: Installation;
}

/**
 * Resolves when the new agent answers (`ready`) or when another one holds the state root, or is giving it up (`busy`).
 * @throws HostError when the run directory cannot be made or a tool is missing, and what the agent
 *   itself gave as the reason when it could not start
 */
export async function launchAgent(options: LaunchOptions): Promise<'ready' | 'busy'> {
  const { files, directories, environment, installation } = options;
  refuseUnprivileged();
  await files.makeDirectory(directories.run, 0o700);
  const enter = await entrance(files, directories.run);
  // Beside the group of the containers, whose members are theirs alone.
  const group = `tscompose-agent-${directories.tag}`;
  const child = spawnByNode(
    [
      ...enter,
      ...['/bin/sh', installation.respawner, directories.run, group],
      ...[...installation.agent, ownNamespaceFlag],
    ],
    {
      env: agentEnvironment(environment),
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      detached: true,
      cwd: '/',
    },
  );
  child.unref();
  const { report, complaint } = await firstWords(child, enter);
  if (report === undefined) {
    // An idle agent that left took the directory away before the respawner could hold the lock in it.
    if ((await files.stat(directories.run)) === undefined) return 'busy';
    throw silentEnd(complaint, await lastLines(files, directories.run));
  }
  if (report.kind === 'failed') throw fromWire(report.error);
  return report.kind;
}

/** A new engine namespace, or, while containers of ours live, the one that their monitors are in. */
async function entrance(files: Files, run: string): Promise<[string, ...string[]]> {
  const monitor = await liveMonitor(files, run);
  if (monitor === undefined) return ['unshare', '--mount', '--propagation', 'slave', '--'];
  return ['nsenter', '--target', String(monitor), '--mount', '--'];
}

/** The pid of any conmon of ours that is alive; its arguments name the container, which no other process's do. */
async function liveMonitor(files: Files, run: string): Promise<number | undefined> {
  const containers = join(run, 'containers');
  for (const { name: id } of await files.list(containers)) {
    const pid = Number(await files.readText(join(containers, id, 'conmon.pid')));
    if (!Number.isInteger(pid) || pid <= 0) continue;
    const [program = '', ...args] = ((await files.readText(`/proc/${pid}/cmdline`)) ?? '').split('\0');
    if (program.endsWith('conmon') && args.includes(id)) return pid;
  }
  return undefined;
}

/**
 * The line that comes on descriptor 3; without one, what was said on standard error before that became the log.
 * The respawner keeps neither pipe, so both end even while it lives.
 */
async function firstWords(
  child: ChildProcess,
  [enter]: readonly string[],
): Promise<{ report: StartReport | undefined; complaint: string }> {
  const failure = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(startError([enter ?? ''], error)));
  });
  const complaint = text(child.stdio[2] as Readable);
  const line = await Promise.race([firstLine(child.stdio[3] as Readable), failure]);
  if (line !== '') return { report: JSON.parse(line) as StartReport, complaint: '' };
  return { report: undefined, complaint: await complaint };
}

async function firstLine(stream: Readable): Promise<string> {
  let said = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    said += chunk;
    if (said.includes('\n')) break;
  }
  return said.split('\n')[0] ?? '';
}

function silentEnd(complaint: string, log: string): HostError {
  const said = (complaint.trim() || log).trim();
  return new HostError('AGENT_START', `cannot start the agent${said === '' ? '' : `: ${said}`}`, {
    hint: 'tscompose needs the right to make mount namespaces (CAP_SYS_ADMIN) and a writable run directory',
  });
}

async function lastLines(files: Files, run: string): Promise<string> {
  const log = (await files.readText(join(run, 'agent.log'))) ?? '';
  return log.trim().split('\n').slice(-8).join('\n');
}

function refuseUnprivileged(): void {
  if (process.getuid?.() === 0) return;
  throw new TscomposeError('AGENT_NEEDS_ROOT', 'containers can only be run by root on this machine', {
    hint: 'run the command with sudo',
  });
}
