import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  capabilitiesOfMask,
  capabilitySets,
  containerCapabilities,
  defaultCapabilities,
} from '../../src/runtime/capabilities.ts';
import { compileSeccomp, isAtLeast, parseSeccompProfile } from '../../src/runtime/seccomp.ts';
import { parseSecurityOptions } from '../../src/runtime/security-options.ts';

const host = [...defaultCapabilities, 'CAP_NET_ADMIN', 'CAP_SYS_ADMIN'];
const asked = (capAdd: string[], capDrop: string[]): string[] =>
  containerCapabilities({ privileged: false, capAdd, capDrop }, host);

test('capabilities are added and dropped with or without their prefix, in any case', () => {
  expect(asked(['net_admin'], ['CAP_MKNOD', 'chown'])).toEqual([
    ...defaultCapabilities.filter((name) => name !== 'CAP_MKNOD' && name !== 'CAP_CHOWN'),
    'CAP_NET_ADMIN',
  ]);
});

test('ALL means all the host has; dropping ALL leaves what is added', () => {
  expect(asked(['ALL'], ['SYS_ADMIN'])).toEqual([...defaultCapabilities, 'CAP_NET_ADMIN']);
  expect(asked(['CHOWN'], ['ALL'])).toEqual(['CAP_CHOWN']);
  expect(asked([], ['all'])).toEqual([]);
});

test('an unknown capability is a mistake, one the host lacks a refusal', () => {
  expect(() => asked(['NET_ADMN'], [])).toThrow(expect.objectContaining({ code: 'CAPABILITY_UNKNOWN' }));
  expect(() => asked(['BPF'], [])).toThrow(expect.objectContaining({ code: 'CAPABILITY_LACKING' }));
});

test('only root gets effective capabilities', () => {
  expect(capabilitySets(['CAP_KILL'], 0)).toEqual({
    bounding: ['CAP_KILL'],
    effective: ['CAP_KILL'],
    permitted: ['CAP_KILL'],
  });
  expect(capabilitySets(['CAP_KILL'], 1000)).toEqual({ bounding: ['CAP_KILL'] });
});

test("the kernel's mask names Docker's fourteen", () => {
  expect(capabilitiesOfMask('00000000a80425fb').sort()).toEqual([...defaultCapabilities].sort());
});

test('rules of a profile hold or fall by capability, architecture and kernel', () => {
  const profile = parseSeccompProfile(
    JSON.stringify({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] }],
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ALLOW', args: [] },
        { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
        { names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 1, excludes: { caps: ['CAP_SYS_ADMIN'] } },
        { names: ['arch_prctl'], action: 'SCMP_ACT_ALLOW', includes: { arches: ['amd64'] } },
        { names: ['breakpoint'], action: 'SCMP_ACT_ALLOW', includes: { arches: ['arm'] } },
        { names: ['ptrace'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '4.8' } },
        { names: ['future'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '9.0' } },
        { name: 'old', action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }] },
      ],
    }),
    'test',
  );
  expect(
    compileSeccomp(profile, { capabilities: ['CAP_KILL'], arch: 'amd64', kernel: '6.1.0-13-amd64' }),
  ).toEqual({
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 38,
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
    syscalls: [
      { names: ['read'], action: 'SCMP_ACT_ALLOW' },
      { names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 },
      { names: ['arch_prctl'], action: 'SCMP_ACT_ALLOW' },
      { names: ['ptrace'], action: 'SCMP_ACT_ALLOW' },
      { names: ['old'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }] },
    ],
  });
});

test("the distribution's own profile keeps mount(2) from a default container", () => {
  const path = '/usr/share/containers/seccomp.json';
  const profile = parseSeccompProfile(readFileSync(path, 'utf8'), path);
  const allowed = (capabilities: readonly string[]): boolean =>
    compileSeccomp(profile, { capabilities, arch: 'amd64', kernel: '6.1.0' }).syscalls.some(
      ({ names, action }) => action === 'SCMP_ACT_ALLOW' && names.includes('bpf'),
    );
  expect(allowed(defaultCapabilities)).toBe(false);
  expect(allowed([...defaultCapabilities, 'CAP_SYS_ADMIN'])).toBe(true);
});

test.each([
  ['6.1.0-13-amd64', '4.8', true],
  ['4.19', '4.8', true],
  ['4.8.0', '4.8', true],
  ['4.4.302', '4.8', false],
  ['10.0', '9.9', true],
])('kernel %s is at least %s: %s', (kernel, wanted, answer) => {
  expect(isAtLeast(kernel, wanted)).toBe(answer);
});

test('security options are read with either separator', () => {
  const options = [
    'seccomp=unconfined',
    'apparmor:mine',
    'label=disable',
    'no-new-privileges:true',
    'systempaths=unconfined',
  ];
  expect(parseSecurityOptions(options)).toEqual({
    seccomp: 'unconfined',
    apparmor: 'mine',
    labels: ['disable'],
    noNewPrivileges: true,
    openSystemPaths: true,
  });
  expect(parseSecurityOptions(['seccomp:/etc/a=b:c.json', 'no-new-privileges=false'])).toMatchObject({
    seccomp: { profile: '/etc/a=b:c.json' },
    noNewPrivileges: false,
  });
});

test.each(['no-new-privilege', 'seccomp', 'systempaths=x', 'no-new-privileges=maybe', ''])(
  'the security option "%s" is refused',
  (option) => {
    expect(() => parseSecurityOptions([option])).toThrow(expect.objectContaining({ code: 'SECURITY_OPT' }));
  },
);
