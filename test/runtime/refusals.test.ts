import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import type { Settings } from '../../src/runtime/container.ts';
import type { HostSurvey } from '../../src/runtime/host-facts.ts';
import { refusals } from '../../src/runtime/refusals.ts';
import { hostFacts, request } from './requests.ts';

const files: Readonly<Record<string, string>> = {
  '/sys/devices/system/cpu/online': '0-1\n',
  '/etc/bad.json': '[]',
};

/** A host of two processors with few files and no devices. */
const host = {
  files: {
    readText: async (path: string) => files[path],
    realpath: async (path: string) => path,
    stat: async () => undefined,
  },
} as unknown as Host;

async function refused(
  settings: Partial<Settings>,
  changes: Partial<HostSurvey> = {},
): Promise<readonly string[]> {
  const survey = {
    facts: hostFacts,
    cgroups: { version: 1 as const, hierarchies: [] },
    controllers: new Set(['cpu', 'cpuset', 'memory', 'pids']),
    seccomp: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [] },
    ...changes,
  };
  const found = await refusals(host, survey, { ...request, ...settings });
  return found.map(({ attribute, error }) => `${attribute}: ${error.code}: ${error.message}`);
}

test('what a host can give is not refused', async () => {
  const limits = { memoryBytes: 64_000_000, cpus: 0.5, cpuset: '0-1', pids: 100, oomScoreAdj: 500 };
  expect(await refused({ capAdd: ['NET_ADMIN'], ulimits: { nofile: { soft: 5, hard: 10 } } })).toEqual([]);
  expect(await refused({ resources: limits })).toEqual([]);
});

test('every setting that this host cannot give is told of by its attribute', async () => {
  const device = { source: '/dev/nope', target: '/dev/x', permissions: 'rwm' };
  expect(
    await refused({
      capAdd: ['NET_ADMIN', 'SYS_TIME'],
      securityOpt: ['apparmor=mine', 'seccomp=/nowhere.json'],
      ulimits: { nofile: { soft: 5, hard: 50_000 } },
      devices: [device],
      init: true,
      resources: { cpus: 3, cpuset: '0,2-3', oomScoreAdj: -5 },
    }),
  ).toEqual([
    'cap_add[1]: CAPABILITY_LACKING: the host itself does not have CAP_SYS_TIME',
    'security_opt[0]: APPARMOR_ABSENT: the AppArmor profile "mine" cannot be applied: this kernel has no AppArmor',
    'security_opt[1]: SECCOMP_PROFILE: the seccomp profile /nowhere.json does not exist',
    `ulimits.nofile: ULIMIT_TOO_HIGH: ulimit nofile: 50000 is above this host's hard limit of 20000, and we may not raise it`,
    'devices[0]: DEVICE_MISSING: /dev/nope is not a device of this host',
    'init: HOST_TOOL_MISSING: "init: true" needs the program "tini-static", which is not on this machine',
    'oom_score_adj: RESOURCE_LIMIT: oom_score_adj -5 is below our own (0), and we may not lower it',
    'cpus: RESOURCE_LIMIT: cpus must be from 0.01 to 2.00: this host has 2',
    'cpuset: RESOURCE_LIMIT: cpuset 0,2-3 names processors that this host does not have',
  ]);
});

test('a limit that no controller of the kernel keeps is refused, and the controller named', async () => {
  expect(
    await refused(
      { resources: { memoryBytes: 64_000_000, cpus: 1, pids: 5 } },
      { controllers: new Set(['cpu']) },
    ),
  ).toEqual([
    'mem_limit: HOST_KERNEL_LACKS: this host has no control group controller "memory", so the limit could not be kept',
    'pids_limit: HOST_KERNEL_LACKS: this host has no control group controller "pids", so the limit could not be kept',
  ]);
});

describe('without the default filter of system calls', () => {
  const without = { seccomp: undefined } as unknown as Partial<HostSurvey>;
  const missing =
    'HOST_SECCOMP_PROFILE_MISSING: the default filter of system calls, without which containers are not safe, is not on this machine';

  test.each<[Partial<Settings>, readonly string[]]>([
    [{}, [`security_opt: ${missing}`]],
    [{ securityOpt: ['no-new-privileges'] }, [`security_opt: ${missing}`]],
    [{ securityOpt: ['no-new-privileges', 'seccomp=builtin'] }, [`security_opt[1]: ${missing}`]],
    [{ securityOpt: ['no-new-privileges', 'seccomp=unconfined'] }, []],
    [{ privileged: true }, []],
  ])('%j asks for %j', async (settings, expected) => {
    expect(await refused(settings, without)).toEqual(expected);
  });
});
