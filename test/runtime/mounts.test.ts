import { expect, test } from 'vitest';
import type { BundleMount, BundleRequest } from '../../src/runtime/container.ts';
import { type MountFacts, ociMounts, rootPropagation } from '../../src/runtime/mounts.ts';
import { request } from './requests.ts';

const facts: MountFacts = { generated: { '/etc/hosts': '/b/hosts' }, cgroupVersion: 1, kernel: '6.1.0' };
const bind: BundleMount = { type: 'bind', source: '/src', target: '/data', readOnly: false };

/** The mounts asked for, which come after the kernel's own. */
function asked(mounts: BundleMount[], changes: Partial<MountFacts> = {}) {
  return ociMounts({ ...request, mounts }, { ...facts, generated: {}, ...changes }).slice(-mounts.length);
}

test.each<[Partial<Extract<BundleMount, { type: 'bind' }>>, string[]]>([
  [{}, ['rbind', 'rprivate', 'rw']],
  [{ readOnly: true }, ['rbind', 'rprivate', 'rro']],
  [{ readOnly: true, recursive: 'writable' }, ['rbind', 'rprivate', 'ro']],
  [{ readOnly: true, recursive: 'readonly' }, ['rbind', 'rprivate', 'rro']],
  [{ readOnly: true, recursive: 'disabled' }, ['bind', 'rprivate', 'ro']],
  [{ propagation: 'rslave' }, ['rbind', 'rslave', 'rw']],
])('a bind with %j has the options %j', (changes, options) => {
  expect(asked([{ ...bind, ...changes }])).toEqual([
    { destination: '/data', type: 'bind', source: '/src', options },
  ]);
});

test('a single file has nothing below it that would have to be read-only too', () => {
  const file: BundleMount = { ...bind, readOnly: true };
  expect(asked([file], { singleFiles: new Set(['/src']) })[0]?.options).toEqual(['rbind', 'rprivate', 'ro']);
});

test('before Linux 5.12 read-only does not reach the mounts below, and insisting on it is refused', () => {
  expect(asked([{ ...bind, readOnly: true }], { kernel: '5.10.0' })[0]?.options).toContain('ro');
  const insisting: BundleMount = { ...bind, readOnly: true, recursive: 'readonly' };
  expect(() => asked([insisting], { kernel: '5.10.0' })).toThrow(
    expect.objectContaining({ code: 'MOUNT_RECURSIVE' }),
  );
});

test.each<[Partial<Extract<BundleMount, { type: 'tmpfs' }>>, string[]]>([
  [{}, ['noexec', 'nosuid', 'nodev', 'rw']],
  [{ sizeBytes: 1024, mode: 0o1770 }, ['noexec', 'nosuid', 'nodev', 'rw', 'size=1024', 'mode=1770']],
  [{ options: ['exec', 'uid=1000'] }, ['nosuid', 'nodev', 'rw', 'exec', 'uid=1000']],
  [{ readOnly: true }, ['noexec', 'nosuid', 'nodev', 'ro']],
])('a tmpfs with %j has the options %j', (changes, options) => {
  const mount: BundleMount = { type: 'tmpfs', target: '/scratch', readOnly: false, ...changes };
  expect(asked([mount])).toEqual([{ destination: '/scratch', type: 'tmpfs', source: 'tmpfs', options }]);
});

test('parents are mounted before what lies below them', () => {
  const targets = ['/a/b/c', '/a', '/a/b'].map((target) => ({ ...bind, target }));
  expect(asked(targets).map(({ destination }) => destination)).toEqual(['/a', '/a/b', '/a/b/c']);
});

test('a generated file is mounted after a directory that is asked for above it', () => {
  const targets = ['/etc/app', '/etc', '/etc/hosts.d/own'].map((target) => ({ ...bind, target }));
  const mounts = ociMounts({ ...request, mounts: targets }, facts);
  const below = mounts.map(({ destination }) => destination).filter((path) => path.startsWith('/etc'));
  expect(below).toEqual(['/etc', '/etc/hosts', '/etc/app', '/etc/hosts.d/own']);
});

test('what is asked for takes the place of a default, and of those below it', () => {
  const mounts = [
    { ...bind, target: '/etc/hosts' },
    { ...bind, target: '/dev/' },
  ];
  expect(ociMounts({ ...request, mounts }, facts).map(({ destination }) => destination)).toEqual([
    '/proc',
    '/sys',
    '/sys/fs/cgroup',
    '/dev/',
    '/etc/hosts',
  ]);
});

test.each<[string, Partial<BundleRequest>, Partial<MountFacts>, { type: string; source: string }]>([
  ['of its own', { shmSizeBytes: 1024 }, {}, { type: 'tmpfs', source: 'shm' }],
  [
    'of the host',
    { namespaces: { ...request.namespaces, ipc: 'host' } },
    {},
    { type: 'bind', source: '/dev/shm' },
  ],
  ['that it shares', {}, { sharedMemory: '/b/shm' }, { type: 'bind', source: '/b/shm' }],
])('shared memory %s', (_what, changes, mountFacts, expected) => {
  const mounts = ociMounts({ ...request, ...changes }, { ...facts, ...mountFacts });
  expect(mounts.find(({ destination }) => destination === '/dev/shm')).toMatchObject(expected);
});

test("the root's propagation follows what its binds need", () => {
  expect(rootPropagation([bind])).toBeUndefined();
  expect(rootPropagation([bind, { ...bind, propagation: 'rslave' }])).toBe('slave');
});
