/**
 * What all end-to-end tests share: a fresh build, a state root and an address pool of their own, one busybox image.
 * Tests find them in the environment (`TSCOMPOSE_ROOT`, …), which their processes inherit. The end takes every
 * project down, waits for the agent to leave, and fails the run when anything of that root is still on the machine.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { directoriesFor } from '../../src/host/directories.ts';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));
const idleMs = 2000;
const longestStopMs = idleMs + 15_000;

export async function setup(): Promise<() => Promise<void>> {
  // A bundle of certificates costs every Node process some 40 ms, and nothing here leaves the machine.
  delete process.env.NODE_EXTRA_CA_CERTS;
  await run(process.execPath, ['scripts/build.mjs'], { cwd: project });
  const root = await mkdtemp(join(tmpdir(), 'tsc-'));
  Object.assign(process.env, {
    TSCOMPOSE_ROOT: root,
    TSCOMPOSE_ADDRESS_POOLS: await freePool(),
    TSCOMPOSE_IDLE_MS: String(idleMs),
  });
  await importBusybox(root);
  return () => teardown(root);
}

/** Sixteen bits of 10.x that no route of this machine covers, in networks of 62 hosts. */
async function freePool(): Promise<string> {
  const routes = await readFile('/proc/net/route', 'utf8');
  // The destination is written in hexadecimal, last byte first.
  const taken = new Set(
    routes
      .split('\n')
      .map((line) => line.split('\t')[1] ?? '')
      .filter((destination) => destination.endsWith('0A'))
      .map((destination) => Number.parseInt(destination.slice(4, 6), 16)),
  );
  const candidates = Array.from({ length: 100 }, (_, index) => 150 + ((index + process.pid) % 100));
  const second = candidates.find((byte) => !taken.has(byte));
  if (second === undefined) throw new Error('every network of 10.150.0.0 to 10.249.0.0 has a route here');
  return `10.${second}.0.0/16:26`;
}

/** `busybox:latest`, and `busybox` alone means the same. */
async function importBusybox(root: string): Promise<void> {
  const rootfs = join(root, 'busybox');
  const tarball = join(root, 'busybox.tar');
  await run('sh', ['scripts/busybox-rootfs.sh', rootfs], { cwd: project });
  await run('tar', ['-C', rootfs, '--numeric-owner', '-cf', tarball, '.']);
  await tscompose('image', 'import', '-c', 'CMD ["sh"]', tarball, 'busybox:latest');
}

async function tscompose(...words: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(project, 'bin/tscompose.cjs'), ...words]);
  return stdout;
}

async function teardown(root: string): Promise<void> {
  const { data, tag } = directoriesFor({ TSCOMPOSE_ROOT: root }, 0);
  const projects = (await tscompose('ls', '--all', '--quiet')).split('\n').filter((name) => name !== '');
  for (const name of projects) await tscompose('-p', name, 'down', '--volumes', '--timeout', '0');
  const left = await leftOf(tag);
  await rm(root, { recursive: true, force: true });
  const complaints = [
    ...projects.map((name) => `the project ${name} was not taken down by its test`),
    ...left.map((line) => `left on this machine by the engine of ${data}: ${line}`),
  ];
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

/** What the machine still has of the root once its agent has left, or what there is when it never does. */
async function leftOf(tag: string): Promise<string[]> {
  const deadline = Date.now() + longestStopMs;
  for (;;) {
    const { stdout } = await run('bash', ['scripts/leaks.sh'], { cwd: project });
    const left = stdout.split('\n').filter((line) => line.split(' ')[1] === tag);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(200);
  }
}
