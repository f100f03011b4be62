/** State on a disk that is full, or has become read-only: said clearly, and nothing lost. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type Machine, machineOf } from './machine.ts';
import { type Stack, stack } from './stack.ts';

const run = promisify(execFile);
const patience = { timeout: 60_000, interval: 100 };

/** A file system of its own, small enough to be filled, for what survives a reboot; the run directory lies elsewhere. */
let disk: string;
let root: string;
let machine: Machine;
let rootOfOthers: string;

beforeAll(async () => {
  rootOfOthers = process.env.TSCOMPOSE_ROOT ?? '';
  root = await mkdtemp(join(tmpdir(), 'tsc-disk-'));
  process.env.TSCOMPOSE_ROOT = root;
  machine = machineOf(root);
  disk = machine.directories.data;
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
});

afterEach(free);

afterAll(async () => {
  try {
    await vi.waitFor(async () => expect(await machine.pids('respawner')).toEqual([]), patience);
    const { tag } = machine.directories;
    expect((await readdir('/sys/class/net')).filter((name) => name.includes(tag))).toEqual([]);
  } finally {
    await run('umount', [disk]);
    await rm(root, { recursive: true });
    process.env.TSCOMPOSE_ROOT = rootOfOthers;
  }
});

const site = `
services:
  db:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    volumes: ["data:/data"]
  job:
    image: busybox
    command: sh -c 'while [ ! -e /shared/end ]; do sleep 0.05; done; exit 7'
    stop_signal: SIGKILL
    volumes: ["./shared:/shared"]
volumes: {data: }
`;

it('on a full disk up says so, leaves everything as it was, and completes when there is room again', async () => {
  const target = await withImage();
  await fill();
  const before = await records();
  const refused = await target.run('up', '--detach');
  expect({ ...refused, stderr: lastOf(refused.stderr) }).toEqual({
    code: 1,
    stdout: '',
    stderr: [
      expect.stringMatching(new RegExp(`^tscompose: cannot .* ${disk}/.*no space left on device`)),
      'hint: free some space on that file system and run the same command again',
    ],
  });
  expect(await records()).toEqual(before);
  await free();
  await target.ok('up', '--detach');
  expect(await statesOf(target)).toEqual({ db: ['running', 0], job: ['running', 0] });
});

it('how a container ended while the disk was full is known afterwards, agent killed or not', async () => {
  const target = await withImage();
  await target.ok('up', '--detach');
  await fill();
  await target.write('shared/end', '');
  await vi.waitFor(async () => expect(await machine.pids('payload')).toHaveLength(1), patience);
  await machine.kill('agent');
  await free();
  await vi.waitFor(
    async () => expect(await statesOf(target)).toEqual({ db: ['running', 0], job: ['exited', 7] }),
    patience,
  );
});

it('on a disk that has become read-only up and down say so, and change nothing', async () => {
  const target = await withImage();
  await target.ok('up', '--detach');
  // What is open for writing keeps a disk from becoming read-only.
  await target.ok('stop');
  const before = [await records(), await statesOf(target)];
  await target.write('compose.yaml', site.replaceAll('busybox', 'busybox\n    hostname: another'));
  await run('mount', ['-o', 'remount,ro', disk]);
  const refused = [await target.run('up', '--detach'), await target.run('down')];
  const after = [await records(), await statesOf(target)];
  await free();
  expect(refused.map(({ code, stderr }) => [code, lastOf(stderr)])).toEqual(
    refused.map(() => [
      1,
      [
        expect.stringMatching(new RegExp(`^tscompose: cannot .* ${disk}/.*read-only file system`)),
        'hint: the file system is read-only; set TSCOMPOSE_ROOT to a writable directory',
      ],
    ]),
  );
  expect(after).toEqual(before);
  await target.ok('up', '--detach');
  expect(await statesOf(target)).toEqual({ db: ['running', 0], job: ['running', 0] });
});

async function withImage(): Promise<Stack> {
  const target = await stack(site, { 'shared/here': '' });
  await target.ok('image', 'import', '-c', 'CMD ["sh"]', join(rootOfOthers, 'busybox.tar'), 'busybox:latest');
  return target;
}

/** Writes until there is no room for one byte more. */
async function fill(): Promise<void> {
  const file = await open(join(disk, 'filler'), 'a');
  const mebibyte = Buffer.alloc(1024 * 1024);
  try {
    for (;;) await file.write(mebibyte);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    await file.close();
  }
  await expect(writeFile(join(disk, 'more'), 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
}

async function free(): Promise<void> {
  await run('mount', ['-o', 'remount,rw', disk]);
  for (const name of ['filler', 'more']) await rm(join(disk, name), { force: true });
}

/** Every record on the disk, by its path. */
async function records(): Promise<Record<string, unknown>> {
  const { stdout } = await run('find', [disk, '-name', '*.json*', '-not', '-path', '*/rootfs/*']);
  const paths = stdout.split('\n').filter((path) => path !== '');
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, JSON.parse(await readFile(path, 'utf8'))])),
  );
}

function lastOf(stderr: string): string[] {
  return stderr.trim().split('\n').slice(-2);
}

async function statesOf(target: Stack): Promise<Record<string, [string, number]>> {
  const containers = await target.containers();
  return Object.fromEntries(containers.map(({ Service, State, ExitCode }) => [Service, [State, ExitCode]]));
}
