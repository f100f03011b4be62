import { expect, test } from 'vitest';
import { deviceNumber, deviceRules } from '../../src/runtime/devices.ts';
import { toJson } from '../../src/runtime/oci.ts';
import { exactLimits, parseHardLimits, rlimits, unlimited } from '../../src/runtime/rlimits.ts';
import { checkSysctls } from '../../src/runtime/sysctls.ts';

test("the kernel's table of limits is read by Compose's names", () => {
  const text = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max open files            1024                 20000                files     ',
    'Max processes             96529                unlimited            processes ',
  ].join('\n');
  expect(parseHardLimits(text)).toEqual({ nofile: 20000n, nproc: unlimited });
});

test('limits up to our own are set; above them only where we may raise them', () => {
  const asked = { nofile: { soft: 1024, hard: 20000 } };
  const set = [{ type: 'RLIMIT_NOFILE', soft: 1024n, hard: 20000n }];
  expect(rlimits(asked, { nofile: 20000n })).toEqual(set);
  expect(rlimits(asked, undefined)).toEqual(set);
  expect(() => rlimits(asked, { nofile: 4096n })).toThrow(
    "ulimit nofile: 20000 is above this host's hard limit of 4096, and we may not raise it",
  );
  expect(rlimits({ memlock: { soft: -1, hard: -1 } }, undefined)).toEqual([
    { type: 'RLIMIT_MEMLOCK', soft: unlimited, hard: unlimited },
  ]);
});

test('limits are the same after they were written as JSON and read', () => {
  const limits = rlimits({ core: { soft: 2 ** 60, hard: -1 }, nofile: { soft: 0, hard: 20000 } }, undefined);
  expect(exactLimits(JSON.parse(toJson(limits)))).toEqual(limits);
});

test('unknown limits and soft ones above the hard are mistakes', () => {
  expect(() => rlimits({ files: { soft: 1, hard: 1 } }, undefined)).toThrow(
    expect.objectContaining({ code: 'ULIMIT_UNKNOWN' }),
  );
  expect(() => rlimits({ nofile: { soft: 2, hard: 1 } }, undefined)).toThrow(
    expect.objectContaining({ code: 'ULIMIT_ORDER' }),
  );
});

const own = { network: true, ipc: true, uts: true };

test.each([
  ['net.core.somaxconn', own, true],
  ['net.core.somaxconn', { ...own, network: false }, false],
  ['kernel.msgmax', own, true],
  ['kernel.shmmax', { ...own, ipc: false }, false],
  ['fs.mqueue.msg_max', own, true],
  ['kernel.domainname', own, true],
  ['kernel.hostname', own, false],
  ['vm.max_map_count', own, false],
  ['fs.file-max', own, false],
])('sysctl %s with %j may be set: %s', (name, namespaces, allowed) => {
  const check = (): void => checkSysctls({ [name]: '1' }, namespaces);
  if (allowed) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: 'SYSCTL_NOT_NAMESPACED' }));
});

test("a device number falls apart into major and minor as the kernel's macros say", () => {
  expect(deviceNumber(0x0501)).toEqual({ major: 5, minor: 1 });
  expect(deviceNumber(0x0ae5)).toEqual({ major: 10, minor: 229 });
  expect(deviceNumber(0x100301)).toEqual({ major: 3, minor: 0x101 });
});

test('a device that is asked for may be used as the file says', () => {
  const fuse = {
    path: '/dev/fuse',
    type: 'c',
    major: 10,
    minor: 229,
    fileMode: 0o666,
    uid: 0,
    gid: 0,
    permissions: 'rw',
  } as const;
  expect(deviceRules(false, [fuse]).at(-1)).toEqual({
    allow: true,
    type: 'c',
    major: 10,
    minor: 229,
    access: 'rw',
  });
});
