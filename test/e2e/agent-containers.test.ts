/** What containers lose when everything of ours that watches them is killed: nothing. */
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../src/agent/client.ts';
import type { AgentClient, ContainerView } from '../../src/agent/protocol.ts';
import type { Command } from '../../src/compose/plan/command.ts';
import { loadProject } from '../../src/load-project.ts';
import { machineOf } from './machine.ts';

let directory: string;
let client: AgentClient;

const up: Command = {
  kind: 'up',
  services: [],
  recreate: 'diverged',
  recreateDependencies: false,
  noDeps: false,
  start: true,
  wait: false,
  removeOrphans: false,
  ignoreOrphans: false,
  scale: {},
  renewAnonymousVolumes: false,
};
const down: Command = { kind: 'down', services: [], volumes: true, removeOrphans: true, timeoutMs: 0 };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tsc-killed-'));
  client = await connect();
});

afterEach(async () => {
  await client.apply({ projectName: 'killed', command: down, dryRun: false }, { onLine: () => undefined });
  client.close();
  await rm(directory, { recursive: true });
});

/** Brings up one service that runs this shell line, and answers its container. */
async function start(line: string): Promise<ContainerView> {
  const file = join(directory, 'compose.yaml');
  const command = JSON.stringify(['sh', '-c', line]);
  await writeFile(file, `name: killed\nservices:\n  job:\n    image: busybox\n    command: ${command}\n`);
  const { project, problems } = await loadProject({ files: [file] });
  if (project === undefined) throw new Error(JSON.stringify(problems));
  await client.apply(
    { project, projectName: 'killed', command: up, dryRun: false },
    { onLine: () => undefined },
  );
  return theContainer();
}

async function theContainer(): Promise<ContainerView> {
  const [view] = await client.containers({ project: 'killed', all: true, oneOffs: 'include' });
  if (view === undefined) throw new Error('there is no container');
  return view;
}

/** The agent and its respawner, which carries the run directory and the agent's program among its arguments. */
async function killAllThatWatches(): Promise<void> {
  const { pid, run } = await client.info();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const args = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (args[2] === run) process.kill(Number(name), 'SIGKILL');
  }
  process.kill(pid, 'SIGKILL');
}

it('a container goes on when agent and respawner are killed, and the next agent joins its mount namespace', async () => {
  const before = await start('sleep 1000');
  const namespace = await readlink(`/proc/${(await client.info()).pid}/ns/mnt`);
  await killAllThatWatches();
  const after = await theContainer();
  expect([after.state, after.pid, after.startedAt]).toEqual(['running', before.pid, before.startedAt]);
  expect(await readlink(`/proc/${(await client.info()).pid}/ns/mnt`)).toBe(namespace);
});

it('its monitor and every next agent are in the agents’ cgroup, not in that of whoever ran a command', async () => {
  await start('sleep 1000');
  await killAllThatWatches();
  const { pid } = await client.info();
  const machine = machineOf();
  const members = [pid, ...(await machine.pids('monitor'))];
  const groups = members.map(async (member) => {
    const text = await readFile(`/proc/${member}/cgroup`, 'utf8');
    return text.match(/(?<=^(0:|\d+:name=systemd):).*$/gm) ?? [];
  });
  expect(members).toHaveLength(2);
  expect(new Set((await Promise.all(groups)).flat())).toEqual(
    new Set([`/tscompose-agent-${machine.directories.tag}`]),
  );
});

it('a follower of its logs gets every line once, whoever was killed meanwhile', async () => {
  await start('i=0; while [ $$i -lt 40 ]; do echo $$i; i=$$((i+1)); sleep 0.05; done');
  const seen: number[] = [];
  const following = client.logs(
    { project: 'killed', all: true, oneOffs: 'include' },
    { follow: true },
    ({ text }) => seen.push(Number(text)),
  );
  await expect.poll(() => seen.length, { timeout: 60_000 }).toBeGreaterThan(5);
  await killAllThatWatches();
  await following;
  expect(seen).toEqual(Array.from({ length: 40 }, (_, line) => line));
});

it('the exit code of a container that ended while nobody watched is known afterwards', async () => {
  const { id } = await start('sleep 1; exit 7');
  await killAllThatWatches();
  await sleep(1500);
  expect(await client.wait(id)).toBe(7);
});

it('one that waits for its end is told it, though the agent was killed meanwhile', async () => {
  const { id } = await start('sleep 2; exit 9');
  const waiting = client.wait(id);
  await sleep(200);
  await killAllThatWatches();
  expect(await waiting).toBe(9);
});
