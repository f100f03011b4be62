import { expect, test } from 'vitest';
import { execProcess } from '../../src/runtime/exec.ts';
import type { OciProcess } from '../../src/runtime/oci.ts';

const users = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  group: 'audio:x:29:app\n',
};
const base: OciProcess = {
  terminal: false,
  user: { uid: 0, gid: 0, additionalGids: [0] },
  args: ['nginx'],
  env: ['PATH=/bin', 'HOME=/root', 'A=1'],
  cwd: '/srv',
  capabilities: { bounding: ['CAP_KILL'], effective: ['CAP_KILL'], permitted: ['CAP_KILL'] },
  noNewPrivileges: true,
  rlimits: [],
};
const request = { args: ['sh'], env: [], groupAdd: [], tty: false, privileged: false };
const hostCapabilities = ['CAP_KILL', 'CAP_SYS_ADMIN'];

test("a command has the container's own surroundings, and its own words", () => {
  expect(execProcess(base, { ...request, env: ['A=2', 'B=3'] }, users, hostCapabilities)).toEqual({
    ...base,
    args: ['sh'],
    env: ['PATH=/bin', 'HOME=/root', 'A=2', 'B=3'],
  });
});

test('another user brings groups and home, and loses the effective capabilities', () => {
  expect(execProcess(base, { ...request, user: 'app', cwd: '/' }, users, hostCapabilities)).toEqual({
    ...base,
    args: ['sh'],
    cwd: '/',
    user: { uid: 1000, gid: 1000, additionalGids: [1000, 29] },
    env: ['PATH=/bin', 'HOME=/home/app', 'A=1'],
    capabilities: { bounding: ['CAP_KILL'] },
  });
});

test('another user is in the groups that were added to the container, too', () => {
  const added = { ...request, user: 'app:app', groupAdd: ['audio', '44'] };
  const named = { ...users, group: `${users.group}app:x:1000:\n` };
  expect(execProcess(base, added, named, hostCapabilities).user).toEqual({
    uid: 1000,
    gid: 1000,
    additionalGids: [1000, 29, 44],
  });
});

test('a HOME that was set on purpose stays', () => {
  const set = { ...base, env: ['HOME=/data'] };
  expect(execProcess(set, { ...request, user: 'app' }, users, hostCapabilities).env).toEqual(['HOME=/data']);
});

test('a terminal has a TERM; the privileged have all the host has and may gain more', () => {
  expect(
    execProcess(base, { ...request, tty: true, privileged: true }, users, hostCapabilities),
  ).toMatchObject({
    terminal: true,
    env: ['PATH=/bin', 'HOME=/root', 'A=1', 'TERM=xterm'],
    capabilities: { effective: hostCapabilities },
    noNewPrivileges: false,
  });
});
