/** Plain values that the tests of this folder vary. */
import type { BundleRequest } from '../../src/runtime/container.ts';
import type { BundleFacts, HostFacts } from '../../src/runtime/spec.ts';

export const request: BundleRequest = {
  id: 'c1',
  name: 'web-1',
  rootfs: '/run/bundle/rootfs',
  args: ['nginx', '-g', 'daemon off;'],
  env: ['A=1'],
  cwd: '/srv',
  user: '',
  groupAdd: [],
  hostname: 'web',
  annotations: {},
  mounts: [],
  tty: false,
  stdinOpen: false,
  keepsLog: true,
  readOnly: false,
  privileged: false,
  init: false,
  capAdd: [],
  capDrop: [],
  securityOpt: [],
  ulimits: {},
  sysctls: {},
  devices: [],
  resources: {},
  namespaces: { network: 'new', pid: 'new', ipc: 'new', uts: 'new' },
  hosts: '127.0.0.1 localhost\n',
  resolvConf: 'nameserver 127.0.0.11\n',
};

export const hostFacts: HostFacts = {
  arch: 'amd64',
  kernel: '6.1.0-13-amd64',
  cpuCount: 2,
  capabilities: [
    ...'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP'.split(' '),
    ...'NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE NET_ADMIN SYS_ADMIN'.split(' '),
  ].map((name) => `CAP_${name}`),
  hardLimits: { nofile: 20_000n, nproc: 2n ** 64n - 1n },
  oomScoreAdj: 0,
  cgroupVersion: 1,
  apparmor: false,
  thermalPaths: [],
};

export const bundleFacts: BundleFacts = {
  host: hostFacts,
  users: { passwd: 'root:x:0:0:root:/root:/bin/sh\n', group: 'root:x:0:\n' },
  devices: [],
  cgroupsPath: '/tscompose-abc123/c1',
  mounts: {
    generated: { '/etc/hosts': '/run/bundle/hosts' },
    cgroupVersion: 1,
    kernel: '6.1.0-13-amd64',
  },
};
