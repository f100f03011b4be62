/** The agent as a process: started by whoever comes first, one a root, back when killed, gone when idle. */
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/agent/client.ts';
import { launchAgent } from '../../src/agent/launcher.ts';
import type { AgentClient } from '../../src/agent/protocol.ts';
import { directoriesFor } from '../../src/host/directories.ts';
import { systemFiles } from '../../src/host/files.ts';

let root: string;
let clients: AgentClient[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tsc-agent-'));
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  for (const pid of await ofThisRoot()) process.kill(pid, 'SIGTERM');
  await expect.poll(ofThisRoot, { timeout: 60_000 }).toEqual([]);
  await rm(root, { recursive: true });
});

async function newClient(options: { idleMs?: number; root?: string } = {}): Promise<AgentClient> {
  const client = await connect({
    environment: {
      PATH: process.env.PATH,
      TSCOMPOSE_ROOT: options.root ?? root,
      TSCOMPOSE_IDLE_MS: String(options.idleMs ?? 60_000),
    },
  });
  clients.push(client);
  return client;
}

/** Respawners and agents that were started for this test's root, found by their environment. */
async function ofThisRoot(): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`TSCOMPOSE_ROOT=${root}`)) found.push(Number(name));
  }
  return found;
}

const exists = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

describe('the agent', () => {
  it('is one, however many clients want it at the same moment', async () => {
    const eight = await Promise.all(Array.from({ length: 8 }, () => newClient()));
    const pids = await Promise.all(eight.map(async (client) => (await client.info()).pid));
    expect(new Set(pids).size).toBe(1);
    // The agent and its respawner; the losers of the race have gone.
    await expect.poll(async () => (await ofThisRoot()).length).toBe(2);
  });

  it('lives in a mount namespace of its own, without the half of cgroups that crun refuses', async () => {
    const { pid } = await (await newClient()).info();
    const [ours, its] = await Promise.all(['self', pid].map((one) => readlink(`/proc/${one}/ns/mnt`)));
    expect(its).not.toBe(ours);
    const mounts = (await readFile(`/proc/${pid}/mountinfo`, 'utf8')).split('\n');
    expect(mounts.filter((mount) => / \/sys\/fs\/cgroup\/unified .* cgroup2 /.test(mount))).toEqual([]);
  });

  it('is back within two seconds when it is killed, and a client that waits does not notice', async () => {
    const client = await newClient();
    const { pid } = await client.info();
    process.kill(pid, 'SIGKILL');
    const since = performance.now();
    const { pid: next } = await client.info();
    expect(next).not.toBe(pid);
    expect(performance.now() - since).toBeLessThan(2000);
    expect(await ofThisRoot()).toHaveLength(2);
  });

  it('is started anew by the next command when its respawner was killed too', async () => {
    const client = await newClient();
    const { pid } = await client.info();
    for (const one of await ofThisRoot()) process.kill(one, 'SIGKILL');
    expect((await client.info()).pid).not.toBe(pid);
  });

  it('goes when it is terminated, and its respawner with it', async () => {
    const client = await newClient();
    const { pid } = await client.info();
    client.close();
    process.kill(pid, 'SIGTERM');
    await expect.poll(ofThisRoot, { timeout: 60_000 }).toEqual([]);
    expect(await exists(join(root, 'run/agent.sock'))).toBe(false);
  });

  it('goes when nobody needs it, and leaves nothing of its run directory', async () => {
    const client = await newClient({ idleMs: 200 });
    await client.info();
    client.close();
    await expect.poll(ofThisRoot, { timeout: 60_000 }).toEqual([]);
    expect(await exists(join(root, 'run'))).toBe(false);
  });

  it('is in a cgroup of its own, which goes with it, also after one that was killed', async () => {
    const { tag } = directoriesFor({ TSCOMPOSE_ROOT: root }, 0);
    const client = await newClient({ idleMs: 200 });
    const groups = async () => {
      const text = await readFile(`/proc/${(await client.info()).pid}/cgroup`, 'utf8');
      // Those that a service manager goes by: version 2, or its own of version 1.
      return text.match(/(?<=^(0:|\d+:name=systemd):).*$/gm) ?? [];
    };
    const own = (await groups()).map(() => `/tscompose-agent-${tag}`);
    expect(await groups()).toEqual(own);
    for (const pid of await ofThisRoot()) process.kill(pid, 'SIGKILL');
    expect(await groups()).toEqual(own);
    client.close();
    await expect.poll(ofThisRoot, { timeout: 60_000 }).toEqual([]);
    const places = ['', 'unified', 'systemd'].map((name) => join('/sys/fs/cgroup', name, own[0] ?? ''));
    expect(await Promise.all(places.map(exists))).toEqual([false, false, false]);
  });

  it('is asked for again when the one before takes the run directory away meanwhile', async () => {
    const respawner = join(root, 'respawner.sh');
    const own = fileURLToPath(new URL('../../src/agent/respawner.sh', import.meta.url));
    await writeFile(respawner, `rmdir "$1"; exec /bin/sh ${own} "$@"`);
    const environment = { PATH: process.env.PATH, TSCOMPOSE_ROOT: root };
    const directories = directoriesFor(environment, 0);
    const installation = { agent: ['false'], respawner };
    const options = { files: systemFiles, directories, environment, installation };
    expect(await launchAgent(options)).toBe('busy');
  });

  it('is not started to say that there is nothing', async () => {
    const client = await newClient();
    expect(await client.containers({ all: true, oneOffs: 'include' })).toEqual([]);
    expect([await client.images(), await client.networks(), await client.volumes()]).toEqual([[], [], []]);
    expect(await ofThisRoot()).toEqual([]);
  });
});

describe('an agent that cannot start', () => {
  it('has the client say why, when no directory can be made', async () => {
    const client = await newClient({ root: '/sys/tscompose' });
    await expect(client.info()).rejects.toMatchObject({
      name: 'HostError',
      message: expect.stringContaining('/sys/tscompose/run'),
    });
  });

  it('tells the client what it met itself, and is gone', async () => {
    await writeFile(join(root, 'data'), 'a file where a directory should be');
    const client = await newClient();
    const failure = await client.info().catch((error) => error);
    expect(failure).toMatchObject({
      name: 'HostError',
      message: expect.stringContaining(join(root, 'data')),
    });
    await sleep(300);
    expect(await ofThisRoot()).toEqual([]);
  });
});
