import { expect, test } from 'vitest';
import { toJson } from '../../src/runtime/oci.ts';
import { bundleSpec } from '../../src/runtime/spec.ts';
import { bundleFacts, hostFacts, request } from './requests.ts';

const fourteen = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

test('a request with nothing special becomes what Docker makes of it', () => {
  expect(bundleSpec(request, bundleFacts)).toEqual({
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0, additionalGids: [0] },
      args: ['nginx', '-g', 'daemon off;'],
      env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HOSTNAME=web',
        'HOME=/root',
        'A=1',
      ],
      cwd: '/srv',
      capabilities: { bounding: fourteen, effective: fourteen, permitted: fourteen },
      noNewPrivileges: false,
    },
    root: { path: '/run/bundle/rootfs', readonly: false },
    hostname: 'web',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      {
        destination: '/sys/fs/cgroup',
        type: 'cgroup',
        source: 'cgroup',
        options: ['ro', 'nosuid', 'noexec', 'nodev', 'relatime'],
      },
      {
        destination: '/dev/mqueue',
        type: 'mqueue',
        source: 'mqueue',
        options: ['nosuid', 'noexec', 'nodev'],
      },
      {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=67108864'],
      },
      {
        destination: '/etc/hosts',
        type: 'bind',
        source: '/run/bundle/hosts',
        options: ['rbind', 'rprivate', 'rw'],
      },
    ],
    linux: {
      cgroupsPath: '/tscompose-abc123/c1',
      namespaces: [{ type: 'mount' }, { type: 'network' }, { type: 'uts' }, { type: 'pid' }, { type: 'ipc' }],
      resources: {
        devices: [
          { allow: false, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 5, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 3, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 9, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 8, access: 'rwm' },
          { allow: true, type: 'c', major: 5, minor: 0, access: 'rwm' },
          { allow: true, type: 'c', major: 5, minor: 1, access: 'rwm' },
          { allow: false, type: 'c', major: 10, minor: 229, access: 'rwm' },
        ],
      },
      devices: [],
      sysctl: { 'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0 2147483647' },
      maskedPaths: [
        '/proc/acpi',
        '/proc/asound',
        '/proc/interrupts',
        '/proc/kcore',
        '/proc/keys',
        '/proc/latency_stats',
        '/proc/sched_debug',
        '/proc/scsi',
        '/proc/timer_list',
        '/proc/timer_stats',
        '/sys/devices/virtual/powercap',
        '/sys/firmware',
      ],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  });
});

test('a privileged container gets all the host has, and sees all of it', () => {
  const spec = bundleSpec({ ...request, privileged: true }, bundleFacts);
  expect(spec.process.capabilities.effective).toEqual(hostFacts.capabilities);
  expect(spec.linux.resources.devices).toEqual([{ allow: true, access: 'rwm' }]);
  expect([spec.linux.maskedPaths, spec.linux.readonlyPaths]).toEqual([[], []]);
  expect(
    spec.mounts.filter(({ type }) => type === 'sysfs' || type === 'cgroup').map(({ options }) => options),
  ).toEqual([
    ['nosuid', 'noexec', 'nodev', 'rw'],
    ['rw', 'nosuid', 'noexec', 'nodev', 'relatime'],
  ]);
});

test('joined namespaces are named by a process in them; those of the host are left out', () => {
  const namespaces = { network: { pid: 7 }, pid: 'host', ipc: { pid: 7 }, uts: 'host' } as const;
  const spec = bundleSpec({ ...request, namespaces }, bundleFacts);
  expect(spec.linux.namespaces).toEqual([
    { type: 'mount' },
    { type: 'network', path: '/proc/7/ns/net' },
    { type: 'ipc', path: '/proc/7/ns/ipc' },
  ]);
  expect(spec.hostname).toBeUndefined();
  expect(spec.linux.sysctl).toEqual({});
});

test.each([false, true])(
  'with cgroup version 2 the container has a cgroup namespace of its own (privileged: %s)',
  (privileged) => {
    const host = { ...hostFacts, cgroupVersion: 2 } as const;
    const { namespaces } = bundleSpec({ ...request, privileged }, { ...bundleFacts, host }).linux;
    expect(namespaces).toContainEqual({ type: 'cgroup' });
  },
);

test('init runs first, and the command after it', () => {
  const mounts = { ...bundleFacts.mounts, init: '/usr/bin/tini-static' };
  const spec = bundleSpec({ ...request, init: true }, { ...bundleFacts, mounts });
  expect(spec.process.args).toEqual(['/sbin/docker-init', '--', 'nginx', '-g', 'daemon off;']);
  expect(spec.mounts.at(-1)).toEqual({
    destination: '/sbin/docker-init',
    type: 'bind',
    source: '/usr/bin/tini-static',
    options: ['bind', 'ro'],
  });
});

test.each([
  [{ securityOpt: ['apparmor=mine'] }, 'APPARMOR_ABSENT'],
  [{ resources: { oomScoreAdj: -500 } }, 'RESOURCE_LIMIT'],
  [{ resources: { oomScoreAdj: 2000 } }, 'RESOURCE_LIMIT'],
  [{ ulimits: { nofile: { soft: 1024, hard: 65536 } } }, 'ULIMIT_TOO_HIGH'],
  [{ capAdd: ['SYS_RESOURCE'] }, 'CAPABILITY_LACKING'],
  [{ sysctls: { 'vm.swappiness': '1' } }, 'SYSCTL_NOT_NAMESPACED'],
  [{ user: 'nobody-here' }, 'USER_UNKNOWN'],
])('what this host cannot give is refused, not left out: %j', (changes, code) => {
  expect(() => bundleSpec({ ...request, ...changes }, bundleFacts)).toThrow(
    expect.objectContaining({ code }),
  );
});

test('"unlimited" is written as the largest number of 64 bits, digit by digit', () => {
  const ulimits = { nproc: { soft: 100, hard: -1 } };
  const text = toJson(bundleSpec({ ...request, ulimits }, bundleFacts));
  expect(text).toContain('"rlimits":[{"type":"RLIMIT_NPROC","soft":100,"hard":18446744073709551615}]');
});
