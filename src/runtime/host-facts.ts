/** Looks at the host once: processor, kernel, rights, limits, control groups. */
import { availableParallelism, release } from 'node:os';
import { type Cgroups, parseCgroups } from '../host/cgroups.ts';
import type { Host } from '../host/host.ts';
import { capabilitiesOfMask } from './capabilities.ts';
import { parseHardLimits } from './rlimits.ts';
import { parseSeccompProfile, type SeccompProfile } from './seccomp.ts';
import type { HostFacts } from './spec.ts';

export interface HostSurvey {
  readonly facts: HostFacts;
  readonly cgroups: Cgroups;
  /** Controllers that groups can use: `memory`, `cpu`, `pids`. */
  readonly controllers: ReadonlySet<string>;
  /** The distribution's default filter; `undefined` when its package was not there. */
  readonly seccomp?: SeccompProfile;
}

const seccompPath = '/usr/share/containers/seccomp.json';

export async function defaultSeccomp({ files }: Host): Promise<SeccompProfile | undefined> {
  const text = await files.readText(seccompPath);
  return text === undefined || text === '' ? undefined : parseSeccompProfile(text, seccompPath);
}

export async function surveyHost(host: Host): Promise<HostSurvey> {
  const read = async (path: string): Promise<string> => (await host.files.readText(path)) ?? '';
  const [status, limits, score, mountinfo, apparmor, seccomp, unified, thermalPaths] = await Promise.all([
    read('/proc/self/status'),
    read('/proc/self/limits'),
    read('/proc/self/oom_score_adj'),
    read('/proc/self/mountinfo'),
    read('/sys/module/apparmor/parameters/enabled'),
    defaultSeccomp(host),
    read('/sys/fs/cgroup/cgroup.controllers'),
    thermalDirectories(host),
  ]);
  const capabilities = capabilitiesOfMask(/^CapBnd:\s*(\S+)/m.exec(status)?.[1] ?? '0');
  const cgroups = parseCgroups(mountinfo);
  return {
    facts: {
      arch: goArchitecture[process.arch] ?? process.arch,
      kernel: release(),
      cpuCount: availableParallelism(),
      capabilities,
      ...(capabilities.includes('CAP_SYS_RESOURCE') ? {} : { hardLimits: parseHardLimits(limits) }),
      oomScoreAdj: Number(score),
      cgroupVersion: cgroups.version,
      apparmor: apparmor.startsWith('Y'),
      thermalPaths,
    },
    cgroups,
    controllers: new Set([
      ...cgroups.hierarchies.flatMap(({ controllers }) => controllers),
      ...unified.split(/\s+/).filter(Boolean),
    ]),
    ...(seccomp === undefined ? {} : { seccomp }),
  };
}

const goArchitecture: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  loong64: 'loong64',
};

async function thermalDirectories(host: Host): Promise<string[]> {
  const base = '/sys/devices/system/cpu';
  const processors = (await host.files.list(base)).filter(({ name }) => /^cpu\d+$/.test(name));
  const paths = processors.map(({ name }) => `${base}/${name}/thermal_throttle`);
  const found = await Promise.all(paths.map(async (path) => (await host.files.stat(path)) !== undefined));
  return paths.filter((_path, at) => found[at]);
}
