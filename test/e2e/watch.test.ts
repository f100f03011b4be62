/** What goes on while no agent lives, and what the next one makes of it. */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { counting, expectCounted } from './counting.ts';
import { machineOf } from './machine.ts';
import { type Stack, stack } from './stack.ts';

const run = promisify(execFile);
const machine = machineOf();
const patience = { timeout: 60_000, interval: 50 };

const watched = `
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    healthcheck: {test: [CMD, test, -e, /shared/well], interval: 100ms, retries: 1}
    volumes: ["./shared:/shared"]
  again:
    image: busybox
    command: sh -c 'echo ran >> /shared/runs; while [ ! -e /shared/end ]; do sleep 0.05; done; exit 3'
    stop_signal: SIGKILL
    restart: always
    volumes: ["./shared:/shared"]
`;

it('an agent that is killed comes back by itself: names are answered, health goes on, what ends is restarted', async () => {
  const site = await stack(watched, { 'shared/well': '', 'shared/runs': '' });
  await site.ok('up', '--detach', '--wait');
  const web = (await site.containers()).find(({ Service }) => Service === 'web')!;
  const [pid] = await machine.pids('payload', web.ID);
  const resolve = () =>
    run('nsenter', ['-t', String(pid), '-n', 'dig', '+short', '+tries=1', '+time=1', '@127.0.0.11', 'web']);
  const address = (await resolve()).stdout;
  expect(address).toMatch(/^10\./);

  const [killed] = await machine.kill('agent');
  // Nobody gives a command: only files and the resolver are looked at.
  await vi.waitFor(async () => expect((await resolve()).stdout).toBe(address), patience);
  expect(await machine.pids('agent')).toEqual([expect.toSatisfy((one) => one !== killed)]);
  const healthOf = async () => JSON.parse(await readFile(await runFile(web.ID), 'utf8')).health.status;
  await run('rm', [join(site.directory, 'shared/well')]);
  await vi.waitFor(async () => expect(await healthOf()).toBe('unhealthy'), patience);

  await machine.kill('agent');
  await site.write('shared/end', '');
  const runs = () => readFile(join(site.directory, 'shared/runs'), 'utf8');
  await vi.waitFor(async () => expect(await runs()).toMatch(/^ran\nran\n/), patience);
});

it('a log has every line once and in order, however often the agent was killed', async () => {
  const site = await stack(counting);
  await site.ok('up', '--detach');
  for (let round = 0; round < 4; round += 1) {
    const [killed] = await machine.kill('agent');
    await vi.waitFor(async () => expect(await machine.pids('agent')).toEqual([expect.any(Number)]), patience);
    expect(await machine.pids('agent')).not.toContain(killed);
    await expectCounted(site);
  }
});

it('how containers ended is known, though no agent lived to see it', async () => {
  const ends: Record<string, string> = {
    none: 'exit 0',
    some: 'exit 7',
    most: 'exit 255',
    killed: 'kill -9 $$$$',
  };
  const service = ([name, line]: [string, string]) => `
  ${name}:
    image: busybox
    command: ["sh", "-c", "while [ ! -e /shared/end ]; do sleep 0.05; done; ${line}"]
    init: true
    stop_signal: SIGKILL
    volumes: ["./shared:/shared"]`;
  const site = await stack(`services:${Object.entries(ends).map(service).join('')}`, { 'shared/here': '' });
  await site.ok('up', '--detach');
  const containers = await site.containers();
  await machine.kill('respawner', 'agent');
  await site.write('shared/end', '');
  await vi.waitFor(async () => {
    for (const { ID } of containers) expect(await machine.pids('monitor', ID)).toEqual([]);
  }, patience);
  expect(await machine.pids('agent')).toEqual([]);
  expect(await endsOf(site)).toEqual({
    none: ['exited', 0],
    some: ['exited', 7],
    most: ['exited', 255],
    killed: ['exited', 137],
  });
});

it('a container whose monitor was killed is noticed when it ends, with an unknown code, and started again by up', async () => {
  const site = await stack(watched.replace('restart: always', 'restart: "no"'), { 'shared/well': '' });
  await site.ok('up', '--detach');
  const [again, web] = await site.containers();
  await machine.killOne('monitor', again!.ID);
  await machine.killOne('monitor', web!.ID);
  expect(await endsOf(site)).toEqual({ again: ['running', 0], web: ['running', 0] });
  await site.write('shared/end', '');
  await vi.waitFor(
    async () => expect(await endsOf(site)).toEqual({ again: ['exited', 255], web: ['running', 0] }),
    patience,
  );
  await run('rm', [join(site.directory, 'shared/end')]);
  await site.ok('up', '--detach');
  expect(await endsOf(site)).toEqual({ again: ['running', 0], web: ['running', 0] });
  await site.ok('down');
  expect(await site.containers()).toEqual([]);
});

it('what a file says of processes of an earlier boot is not believed', async () => {
  const site = await stack(watched, { 'shared/runs': '' });
  await site.ok('up', '--detach');
  const containers = await site.containers();
  await machine.kill('respawner', 'agent');
  // A pid that lives, and is none of ours: this process.
  for (const { ID } of containers) {
    const path = await runFile(ID);
    const record = { ...JSON.parse(await readFile(path, 'utf8')), bootId: 'an earlier one' };
    await writeFile(path, JSON.stringify({ ...record, process: await ownProcess() }));
  }
  await vi.waitFor(
    async () => expect(await endsOf(site)).toEqual({ again: ['running', 0], web: ['exited', 255] }),
    patience,
  );
  const pids = await Promise.all(containers.map(({ ID }) => machine.pids('payload', ID)));
  expect(pids).toEqual([[expect.any(Number)], []]);
});

it('after everything of ours was killed at once, as by a power cut, up brings all back with its volumes', async () => {
  const site = await stack(`
services:
  db:
    image: busybox
    command: sh -c 'echo started >> /data/log; exec sleep 1000'
    stop_signal: SIGKILL
    volumes: ["data:/data", /anonymous]
volumes: {data: }
`);
  await site.ok('up', '--detach');
  const [before] = await site.containers();
  await site.ok('exec', '-T', 'db', 'touch', '/anonymous/kept');
  await machine.kill('respawner', 'agent', 'monitor', 'payload');
  await site.ok('up', '--detach');
  expect((await site.containers()).map(({ ID, State }) => ({ ID, State }))).toEqual([
    { ID: before!.ID, State: 'running' },
  ]);
  expect(await site.ok('exec', '-T', 'db', 'cat', '/data/log')).toBe('started\nstarted\n');
  expect(await site.ok('exec', '-T', 'db', 'ls', '/anonymous')).toBe('kept\n');
});

/** By the short form of the container's id. */
async function runFile(id: string): Promise<string> {
  const containers = join(machine.directories.run, 'containers');
  const name = (await readdir(containers)).find((one) => one.startsWith(id));
  return join(containers, name ?? id, 'run.json');
}

async function endsOf(site: Stack): Promise<Record<string, [string, number]>> {
  const containers = await site.containers();
  return Object.fromEntries(containers.map(({ Service, State, ExitCode }) => [Service, [State, ExitCode]]));
}

async function ownProcess() {
  const stat = await readFile('/proc/self/stat', 'latin1');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return { pid: process.pid, pidStartTime: startTime, conmonPid: process.pid, conmonStartTime: startTime };
}
