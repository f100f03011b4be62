import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BundleRequest, CreatedProcess, Exit } from '../../src/runtime/index.ts';
import { type Engine, RuntimeWorld } from './runtime-harness.ts';

let world: RuntimeWorld;
let engine: Engine;
let id = '';
let tests = 0;

beforeAll(async () => {
  world = await RuntimeWorld.make();
  engine = await world.engine();
});

beforeEach(() => {
  tests += 1;
  id = `box-${tests}`;
});

afterEach(async () => {
  for (const id of await engine.runtime.list()) await engine.runtime.delete(id);
});

afterAll(async () => {
  await engine.close();
  const left = await world.leftovers();
  await world.remove();
  expect(left).toEqual([]);
});

async function start(
  args: readonly string[],
  changes: Partial<BundleRequest> = {},
  as = id,
): Promise<CreatedProcess> {
  const created = await engine.runtime.create(world.request(as, args, changes));
  await engine.runtime.start(as);
  return created;
}

const inside = { env: [], groupAdd: [], tty: false, privileged: false };
/** What a shell does until `askToEnd`; the root file system is that of every test. */
const untilAsked = 'until [ -e /end ]; do sleep 0.05; done; rm /end';
const askToEnd = () => engine.runtime.exec(id, { ...inside, args: ['touch', '/end'] }, {});

/** The container has said this: before its first process handles signals, the kernel drops them for a pid 1. */
const hasSaid = (text: string) =>
  expect
    .poll(async () => (await engine.runtime.logs(id, { follow: false })).map((line) => line.text))
    .toContain(text);

/** Runs to the end: how it ended, and every line it wrote. */
async function run(
  args: readonly string[],
  changes: Partial<BundleRequest> = {},
): Promise<{ exit: Exit; lines: string[] }> {
  const created = await start(args, changes);
  const exit = await engine.runtime.exit(id, created);
  const lines = (await engine.runtime.logs(id, { follow: false })).map(({ text }) => text);
  await engine.runtime.delete(id);
  return { exit, lines };
}

test('a container runs, tells what it wrote and how it ended, and leaves nothing', async () => {
  const created = await start(['sh', '-c', 'echo out; echo err >&2; exit 7']);
  expect(await engine.runtime.exit(id, created)).toMatchObject({ code: 7, oomKilled: false });
  const lines = await engine.runtime.logs(id, { follow: true });
  expect(lines.map(({ stream, text }) => `${stream} ${text}`).sort()).toEqual(['stderr err', 'stdout out']);
  await engine.runtime.delete(id);
  expect(await engine.runtime.isAlive(created)).toBe(false);
  expect(await engine.runtime.list()).toEqual([]);
});

test('that a container was let run shows, also to the next engine, and to the end', async () => {
  const created = await engine.runtime.create(world.request(id, ['true']));
  expect(await engine.runtime.hasBegun(id)).toBe(false);
  await engine.runtime.start(id);
  await engine.runtime.exit(id, created);
  const next = await world.engine();
  expect(await next.runtime.hasBegun(id)).toBe(true);
  await next.runtime.delete(id);
  expect(await next.runtime.hasBegun(id)).toBe(false);
  await next.close();
});

test('inside, the container looks as Docker makes it', async () => {
  const script = [
    'id',
    'env | sort',
    'hostname',
    'cat /etc/hosts /etc/resolv.conf /etc/hostname',
    'pwd',
    'echo pid $$',
    'cat /proc/sys/net/ipv4/ip_unprivileged_port_start',
    'grep CapEff /proc/self/status',
    'grep Seccomp: /proc/self/status',
    'ls /proc/acpi/* 2>/dev/null',
    'echo x 2>&1 > /proc/sys/kernel/hostname || echo refused',
    'stat -f -c %T /dev/shm',
  ];
  const { lines } = await run(['sh', '-c', `exec 2>&1\n${script.join('\n')}`], { cwd: '/made/for/it' });
  expect(lines).toEqual([
    'uid=0(root) gid=0(root) groups=0(root)',
    'HOME=/root',
    'HOSTNAME=box',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'PWD=/made/for/it',
    'SHLVL=1',
    'box',
    '127.0.0.1 localhost',
    'nameserver 127.0.0.11',
    'box',
    '/made/for/it',
    'pid 1',
    '0',
    'CapEff:\t00000000a80425fb',
    'Seccomp:\t2',
    "sh: can't create /proc/sys/kernel/hostname: Read-only file system",
    'refused',
    'tmpfs',
  ]);
});

test('a user of the image brings its groups and home, and no capabilities', async () => {
  const script = 'id; echo $HOME; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status';
  const { lines } = await run(['sh', '-c', script], {
    user: 'app',
    groupAdd: ['video', '77'],
    securityOpt: ['no-new-privileges'],
  });
  expect(lines).toEqual([
    'uid=1000(app) gid=1000(app) groups=29(audio),44(video),77,1000(app)',
    '/home/app',
    'CapEff:\t0000000000000000',
    'CapBnd:\t00000000a80425fb',
    'NoNewPrivs:\t1',
  ]);
});

test.each([
  ['a program that is not there', ['nosuch'], 127, /"nosuch": executable file not found in \$PATH/],
  ['a file without executable bit', ['/bin/not-executable'], 126, /not executable/],
  ['a directory', ['/bin'], 126, /is a directory/],
  ['a script without its first line', ['no-shebang'], 126, /exec format error/],
  ['a script whose interpreter is missing', ['/bin/lost-interpreter'], 127, /interpreter or dynamic loader/],
])(
  '%s is refused before it starts, with the exit code of a shell',
  async (_what, args, exitCode, message) => {
    await expect(engine.runtime.create(world.request(id, args))).rejects.toMatchObject({
      code: 'CONTAINER_CREATE',
      exitCode,
      message: expect.stringMatching(message),
    });
  },
);

test('limits reach the cgroup files as Docker writes them, and nothing else is written', async () => {
  const created = await start(['sleep', '60'], {
    resources: {
      memoryBytes: 64 << 20,
      cpus: 0.5,
      cpuShares: 512,
      pids: 50,
      memoryReservationBytes: 32 << 20,
    },
  });
  const group = `/tscompose-${world.directories.tag}/${id}`;
  const value = async (controller: string, file: string): Promise<string> =>
    (await readFile(`/sys/fs/cgroup/${controller}${group}/${file}`, 'utf8')).trim();
  expect({
    limit: await value('memory', 'memory.limit_in_bytes'),
    swap: await value('memory', 'memory.memsw.limit_in_bytes').catch(() => '134217728'),
    reservation: await value('memory', 'memory.soft_limit_in_bytes'),
    quota: await value('cpu', 'cpu.cfs_quota_us'),
    shares: await value('cpu', 'cpu.shares'),
    pids: await value('pids', 'pids.max'),
  }).toEqual({
    limit: '67108864',
    swap: '134217728',
    reservation: '33554432',
    quota: '50000',
    shares: '512',
    pids: '50',
  });
  await engine.runtime.killAll(id);
  expect((await engine.runtime.exit(id, created)).code).toBe(137);
});

test('a container that takes more memory than it may is killed, and said to be', async () => {
  const { exit } = await run(['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=1'], {
    resources: { memoryBytes: 16 << 20, memorySwapBytes: 16 << 20 },
  });
  expect(exit).toMatchObject({ code: 137, oomKilled: true });
});

test('a stop signal ends the container with 128 and its number; a container that has ended takes none', async () => {
  const created = await start([
    'sh',
    '-c',
    'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.05; done',
  ]);
  await hasSaid('ready');
  await engine.runtime.kill(id, 'SIGTERM');
  expect((await engine.runtime.exit(id, created)).code).toBe(3);
  await engine.runtime.kill(id, 'TERM');
  await expect(engine.runtime.kill(id, 'NOSUCH')).rejects.toMatchObject({ code: 'SIGNAL_INVALID' });
  await engine.runtime.delete(id);

  const other = await start(['sh', '-c', 'echo ready; exec sleep 60'], { init: true });
  await hasSaid('ready');
  await engine.runtime.kill(id, '15');
  expect((await engine.runtime.exit(id, other)).code).toBe(143);
});

test('a paused container makes no progress, refuses commands, and can be killed', async () => {
  const created = await start(['sh', '-c', 'while :; do echo .; sleep 0.01; done']);
  await hasSaid('.');
  await engine.runtime.pause(id);
  const count = async (): Promise<number> => (await engine.runtime.logs(id, { follow: false })).length;
  const before = await count();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await count()).toBe(before);
  await expect(engine.runtime.exec(id, { ...inside, args: ['true'] }, {})).rejects.toMatchObject({
    code: 'CONTAINER_PAUSED',
  });
  await engine.runtime.resume(id);
  await engine.runtime.pause(id);
  await engine.runtime.kill(id, 'SIGKILL');
  expect((await engine.runtime.exit(id, created)).code).toBe(137);
  await engine.runtime.delete(id);
});

test('a command runs inside, with its own user, directory and variables, and its exit code', async () => {
  await start(['sleep', '60'], { env: ['A=1', 'B=2'] });
  const exec = (args: readonly string[], changes = {}, options = {}) =>
    engine.runtime.exec(id, { ...inside, args, ...changes }, options);
  expect(
    await exec(['sh', '-c', 'echo $A $B $HOME; pwd; id -u; exit 5'], {
      user: 'app',
      cwd: '/tmp',
      env: ['B=3'],
    }),
  ).toMatchObject({
    code: 5,
    output: '1 3 /home/app\n/tmp\n1000\n',
    timedOut: false,
  });
  expect(await exec(['nosuch'])).toMatchObject({ code: 127, output: expect.stringContaining('not found') });
  expect(await exec(['yes'], {}, { timeoutMs: 200, maxOutputBytes: 10 })).toMatchObject({
    output: 'y\ny\ny\ny\ny\n',
    timedOut: true,
  });
  expect((await exec(['sh', '-c', 'sleep 60 & exec sleep 61'], {}, { timeoutMs: 200 })).timedOut).toBe(true);
  const { titles, processes } = await engine.runtime.top(id);
  expect(titles).toEqual(['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD']);
  expect(processes.map((row) => [row[0], row.at(-1)])).toEqual([['root', 'sleep 60']]);
});

test('a client gets words to run that put it inside with its own terminal', async () => {
  await start(['sleep', '60']);
  const { argv } = await engine.runtime.execArgv(id, {
    args: ['hostname'],
    env: [],
    groupAdd: [],
    tty: false,
    privileged: false,
  });
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const [program, ...args] = argv;
  expect((await promisify(execFile)(program, args)).stdout).toBe('box\n');
});

test('every line of a container that writes fast is there at its end, in order', async () => {
  const created = await start(['sh', '-c', 'seq 1 20000; printf "no newline"']);
  const followed = engine.runtime.logs(id, { follow: true });
  await engine.runtime.exit(id, created);
  const lines = (await followed).map(({ text }) => text);
  expect(lines).toEqual([...Array.from({ length: 20000 }, (_, at) => String(at + 1)), 'no newline']);
  const tail = await engine.runtime.logs(id, { follow: false, tail: 3 });
  expect(tail.map(({ text }) => text)).toEqual(['19999', '20000', 'no newline']);
  await engine.runtime.delete(id);
});

test('a rotation that a crash cut short is finished at the next look', async () => {
  const created = await start(['sh', '-c', 'echo first; while :; do sleep 0.05; echo more; done']);
  const log = join(world.directories.data, 'containers', id, 'container.log');
  await expect.poll(() => readFile(log, 'utf8')).toContain('first');
  await rename(log, `${log}.1`);
  await engine.runtime.rotateLog(id, { maxBytes: 1 << 20, maxFiles: 2 });
  await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toContain('more');
  await engine.runtime.killAll(id);
  await engine.runtime.exit(id, created);
  const lines = (await engine.runtime.logs(id, { follow: false })).map(({ text }) => text);
  expect([lines[0], lines.at(-1)]).toEqual(['first', 'more']);
  await engine.runtime.delete(id);
});

test('a long line comes in one piece, and following outlives rotation', async () => {
  const created = await start([
    'sh',
    '-c',
    'head -c 30000 /dev/zero | tr "\\0" x; echo; for i in $(seq 1 40); do echo $i; sleep 0.02; done',
  ]);
  const followed = engine.runtime.logs(id, { follow: true });
  for (let round = 0; round < 4; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    await engine.runtime.rotateLog(id, { maxBytes: 0, maxFiles: 10 });
  }
  await engine.runtime.exit(id, created);
  const expected = ['x'.repeat(30000), ...Array.from({ length: 40 }, (_, at) => String(at + 1))];
  expect((await followed).map(({ text }) => text)).toEqual(expected);
  expect((await engine.runtime.logs(id, { follow: false })).map(({ text }) => text)).toEqual(expected);
  expect((await engine.runtime.logs(id, { follow: false, tail: 39 })).map(({ text }) => text)).toEqual(
    expected.slice(-39),
  );
  await engine.runtime.delete(id);
});

test('a new engine process knows the containers of a killed one: exit, log, commands, deletion', async () => {
  const created = await start(['sh', '-c', `echo before; ${untilAsked}; echo after; exit 9`]);
  await engine.crash();
  engine = await world.engine();
  expect(await engine.runtime.isAlive(created)).toBe(true);
  expect(await engine.runtime.list()).toEqual([id]);
  expect((await engine.runtime.exec(id, { ...inside, args: ['hostname'] }, {})).output).toBe('box\n');
  await askToEnd();
  const lines = await engine.runtime.logs(id, { follow: true });
  expect(lines.map(({ text }) => text).slice(-2)).toEqual(['before', 'after']);
  expect((await engine.runtime.exit(id, created)).code).toBe(9);
});

test('a container whose monitor was killed is noticed when it ends, with a code that says it is a guess', async () => {
  const created = await start(['sh', '-c', untilAsked]);
  process.kill(created.conmonPid, 'SIGKILL');
  await askToEnd();
  expect(await engine.runtime.exit(id, created)).toMatchObject({ code: 255, uncertain: true });
});

test('privileged means all that the host has', async () => {
  const script =
    'grep -E "CapEff|Seccomp:" /proc/self/status; test -w /sys/kernel && mount | grep -c "^sysfs.*rw"; ls /dev | grep -c .';
  const { lines } = await run(['sh', '-c', script], { privileged: true });
  const host = /CapBnd:\s*(\S+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  expect(lines.slice(0, 3)).toEqual([`CapEff:\t${host}`, 'Seccomp:\t0', '1']);
  expect(Number(lines[3])).toBeGreaterThan(20);
});

test('dropping all capabilities leaves none', async () => {
  const { lines } = await run(['grep', 'CapEff', '/proc/self/status'], { capDrop: ['ALL'] });
  expect(lines).toEqual(['CapEff:\t0000000000000000']);
});

test('a read-only container can write to its tmpfs and nowhere else', async () => {
  const script =
    'exec 2>&1; touch /x; touch /etc/hosts; touch /scratch/y && echo wrote; mount | grep /scratch';
  const { lines } = await run(['sh', '-c', script], {
    readOnly: true,
    mounts: [{ type: 'tmpfs', target: '/scratch', readOnly: false, sizeBytes: 1 << 20, mode: 0o700 }],
  });
  expect(lines[0]).toMatch(/touch: \/x: Read-only file system/);
  expect(lines[1]).toMatch(/\/etc\/hosts: Read-only file system/);
  expect(lines[2]).toBe('wrote');
  expect(lines[3]).toMatch(/nosuid,nodev,noexec,.*size=1024k,mode=700/);
});

test('containers that share an IPC namespace share its /dev/shm', async () => {
  const donor = await start(['sh', '-c', 'echo shared > /dev/shm/note; echo ready; sleep 60'], {
    namespaces: { network: 'new', pid: 'new', ipc: 'shareable', uts: 'new' },
    shmSizeBytes: 1 << 20,
  });
  await hasSaid('ready');
  const joined = await start(
    ['cat', '/dev/shm/note'],
    { namespaces: { network: { pid: donor.pid }, pid: 'new', ipc: { pid: donor.pid }, uts: 'new' } },
    `${id}-joined`,
  );
  expect((await engine.runtime.exit(`${id}-joined`, joined)).code).toBe(0);
  expect((await engine.runtime.logs(`${id}-joined`, { follow: false })).map(({ text }) => text)).toEqual([
    'shared',
  ]);
});

test('with a terminal, both streams are one and the program sees it', async () => {
  const { lines } = await run(['sh', '-c', 'tty; echo err >&2; echo $TERM'], { tty: true });
  expect(lines).toEqual(['/dev/pts/0\r', 'err\r', 'xterm\r']);
});

test('a container that could not be created leaves no process, and its name can be used again', async () => {
  await expect(engine.runtime.create(world.request(id, ['no-shebang']))).rejects.toMatchObject({
    exitCode: 126,
  });
  const created = await start(['true']);
  expect((await engine.runtime.exit(id, created)).code).toBe(0);
});

test('a container can run again under the same id, and its log goes on', async () => {
  for (const code of [3, 4]) {
    const created = await start(['sh', '-c', `echo run ${code}; exit ${code}`]);
    expect((await engine.runtime.exit(id, created)).code).toBe(code);
    await engine.runtime.delete(id);
  }
  const lines = await engine.runtime.logs(id, { follow: true });
  expect(lines.map(({ text }) => text)).toEqual(['run 3', 'run 4']);
});

test('twenty containers start at once, and go at once', async () => {
  const ids = Array.from({ length: 20 }, (_, at) => `${id}-${at}`);
  const created = await Promise.all(ids.map((one) => start(['sh', '-c', 'exit 6'], {}, one)));
  const exits = await Promise.all(
    ids.map((one, at) => engine.runtime.exit(one, created[at] as CreatedProcess)),
  );
  expect(exits.map(({ code }) => code)).toEqual(Array(20).fill(6));
  await Promise.all(ids.map((one) => engine.runtime.delete(one)));
  expect(await engine.runtime.list()).toEqual([]);
});

test('an engine killed in the middle of creating leaves nothing that the next one cannot find and take away', async () => {
  for (let round = 0; round < 8; round += 1) {
    const creating = engine.runtime.create(world.request(`${id}-${round}`, ['sleep', '60']));
    await new Promise((resolve) => setTimeout(resolve, 2 + round * 6));
    await Promise.all([engine.crash(), creating.catch(() => undefined)]);
    engine = await world.engine();
    for (const one of await engine.runtime.list()) await engine.runtime.delete(one);
    expect(await engine.runtime.list()).toEqual([]);
  }
});
