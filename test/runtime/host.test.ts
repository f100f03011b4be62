import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Cgroups, groupDirectory, parseCgroups } from '../../src/host/cgroups.ts';
import type { Host } from '../../src/host/host.ts';
import { isProcessAlive, parseStat, processStat } from '../../src/host/procfs.ts';
import { readInRoot, resolveInRoot } from '../../src/host/rooted.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { chooseOciRuntime } from '../../src/runtime/oci-command.ts';
import { topRow } from '../../src/runtime/top.ts';

const mount = (point: string, type: string, options: string): string =>
  `30 23 0:26 / ${point} rw,relatime shared:9 - ${type} cgroup ${options}`;
const version1 = [
  mount('/sys/fs/cgroup/cpu', 'cgroup', 'rw,cpu,cpuacct'),
  mount('/sys/fs/cgroup/pids', 'cgroup', 'rw,pids'),
  mount('/sys/fs/cgroup/systemd', 'cgroup', 'rw,xattr,name=systemd'),
];
const unified = (point: string): string => mount(point, 'cgroup2', 'rw,nsdelegate');

test('hierarchies are found in the mount table, whatever the version', () => {
  expect(
    parseCgroups(
      [...version1, unified('/sys/fs/cgroup/unified'), '21 1 0:5 / /proc rw - proc proc rw'].join('\n'),
    ),
  ).toEqual({
    version: 1,
    hierarchies: [
      { mountPoint: '/sys/fs/cgroup/cpu', controllers: ['cpu', 'cpuacct'], unified: false },
      { mountPoint: '/sys/fs/cgroup/pids', controllers: ['pids'], unified: false },
      { mountPoint: '/sys/fs/cgroup/systemd', controllers: [], unified: false },
      { mountPoint: '/sys/fs/cgroup/unified', controllers: [], unified: true },
    ],
  });
  const modern = parseCgroups(unified('/sys/fs/cgroup'));
  expect(modern.version).toBe(2);
  expect(groupDirectory(modern, '/a/b', 'memory')).toBe('/sys/fs/cgroup/a/b');
  expect(groupDirectory(parseCgroups(version1.join('\n')), '/a/b')).toBe('/sys/fs/cgroup/pids/a/b');
});

/** A host with these programs and nothing else. */
function hostWith(...programs: string[]): Host {
  const stat = async (path: string) => (programs.includes(path) ? { isFile: () => true } : undefined);
  return { ...systemHost, files: { ...systemHost.files, stat: stat as Host['files']['stat'] } };
}
const modern = parseCgroups(unified('/sys/fs/cgroup'));
const hybrid = parseCgroups([...version1, unified('/sys/fs/cgroup/unified')].join('\n'));
const both = hostWith('/usr/bin/crun', '/usr/sbin/runc');

test.each<[string, Host, Cgroups, string | undefined, string]>([
  ['crun where both work', both, modern, undefined, '/usr/bin/crun'],
  ['runc where cgroups are hybrid', both, hybrid, undefined, '/usr/sbin/runc'],
  ['the one that was named', both, modern, 'runc', '/usr/sbin/runc'],
  ['the one that is there', hostWith('/usr/sbin/runc'), modern, undefined, '/usr/sbin/runc'],
])('chosen is %s', async (_what, host, cgroups, wanted, program) => {
  expect((await chooseOciRuntime(host, cgroups, wanted)).program).toBe(program);
});

test.each<[Host, Cgroups, string | undefined, string, string]>([
  [hostWith(), modern, undefined, 'HOST_TOOL_MISSING', 'crun'],
  [hostWith(), modern, 'runc', 'HOST_TOOL_MISSING', 'runc'],
  [hostWith('/usr/bin/crun'), hybrid, undefined, 'HOST_KERNEL_LACKS', 'runc'],
  [both, modern, 'youki', 'HOST_TOOL_MISSING', 'crun'],
])(
  'without a runtime that works, the package to install is named',
  async (host, cgroups, wanted, code, named) => {
    const hint = expect.stringContaining(named);
    await expect(chooseOciRuntime(host, cgroups, wanted)).rejects.toMatchObject({ code, hint });
  },
);

const statLine = `12 (a) b (c) S 7 5 5 34817 5 4194304 1 0 0 0 150 50 0 0 20 0 1 0 98765 1 1`;

test('the name of a command cannot confuse the reading of its record', () => {
  expect(parseStat(statLine)).toEqual({
    state: 'S',
    parent: 7,
    group: 5,
    terminal: 34817,
    cpuTicks: 200,
    startTime: '98765',
  });
});

test('a process is known by its pid and its start, and gone when it has ended', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid as number;
  const startTime = processStat(pid)?.startTime ?? '';
  expect(isProcessAlive(pid, startTime)).toBe(true);
  expect(isProcessAlive(pid, `${startTime}1`)).toBe(false);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(isProcessAlive(pid, startTime)).toBe(false);
});

test('a process is shown as ps -ef shows it', () => {
  const bootedAt = Date.parse('2024-03-09T10:00:00');
  const row = { pid: 12, stat: parseStat(statLine), uid: 0, command: 'nginx -g' };
  const started = bootedAt + 987_650;
  const context = {
    bootedAt,
    now: started + 20_000,
    userName: (uid: number) => (uid === 0 ? 'root' : String(uid)),
  };
  expect(topRow(row, context)).toEqual(['root', '12', '7', '10', '10:16', 'pts/1', '00:00:02', 'nginx -g']);
  const later = { ...context, now: started + 3 * 86_400_000 };
  expect(topRow({ ...row, uid: 5 }, later)).toEqual([
    '5',
    '12',
    '7',
    '0',
    'Mar09',
    'pts/1',
    '00:00:02',
    'nginx -g',
  ]);
});

test('no path leads out of a root', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tscompose-rooted-'));
  const root = join(directory, 'root');
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(directory, 'secret'), 'outside');
  await writeFile(join(root, 'etc/passwd'), 'inside');
  await symlink('/etc/passwd', join(root, 'absolute'));
  await symlink('../../../../etc', join(root, 'upwards'));
  await symlink('../secret', join(root, 'escape'));
  await symlink('loop', join(root, 'loop'));
  await symlink(`/proc/self/root${directory}`, join(root, 'magic'));
  const read = async (path: string) => (await readInRoot(root, path))?.toString();
  expect(await Promise.all(['/absolute', 'upwards/passwd', '../../etc/passwd'].map(read))).toEqual([
    'inside',
    'inside',
    'inside',
  ]);
  expect(await Promise.all(['escape', 'loop', 'magic/secret', 'etc', 'none'].map(read))).toEqual(
    Array(5).fill(undefined),
  );
  expect(await resolveInRoot(root, 'upwards')).toBe(join(root, 'etc'));
  await rm(directory, { recursive: true });
});
