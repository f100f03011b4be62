/** What this host could not give a container, found while nothing has been changed yet. */
import { HostError, TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { initProgram, seccompProfile } from './bundle.ts';
import { containerCapabilities } from './capabilities.ts';
import type { Refusal, Settings } from './container.ts';
import { requestedDevices } from './device-lookup.ts';
import type { HostSurvey } from './host-facts.ts';
import { ociResources } from './resources.ts';
import { rlimits } from './rlimits.ts';
import { parseSecurityOptions } from './security-options.ts';
import { apparmor, oomScore } from './spec.ts';

interface Check {
  readonly attribute: string;
  readonly run: () => unknown;
}

/** Makes every setting on its own, as the bundle would, so that each is blamed and none hides another. */
export async function refusals(host: Host, survey: HostSurvey, settings: Settings): Promise<Refusal[]> {
  const found = await Promise.all(
    checks(host, survey, settings).map(async ({ attribute, run }) => {
      const error = await refusalOf(run);
      return error === undefined ? [] : [{ attribute, error }];
    }),
  );
  return found.flat();
}

function checks(host: Host, survey: HostSurvey, settings: Settings): Check[] {
  const { facts } = survey;
  const { privileged, capAdd, capDrop, securityOpt, ulimits, devices, init, resources } = settings;
  const none = { privileged, capAdd: [], capDrop: [] };
  return [
    ...each('cap_add', capAdd, (name) =>
      containerCapabilities({ ...none, capAdd: [name] }, facts.capabilities),
    ),
    ...each('cap_drop', capDrop, (name) =>
      containerCapabilities({ ...none, capDrop: [name] }, facts.capabilities),
    ),
    ...each('security_opt', securityOpt, async (option) => {
      apparmor(parseSecurityOptions([option]), facts);
      if (namesFilter(option)) await seccompProfile(host, survey, { privileged, securityOpt: [option] });
    }),
    ...defaultFilter(securityOpt, () => seccompProfile(host, survey, { privileged, securityOpt: [] })),
    ...Object.entries(ulimits).map(([name, limit]) => ({
      attribute: `ulimits.${name}`,
      run: () => rlimits({ [name]: limit }, facts.hardLimits),
    })),
    ...each('devices', devices, (device) => requestedDevices(host, [device])),
    { attribute: 'init', run: () => (init ? initProgram(host) : undefined) },
    { attribute: 'oom_score_adj', run: () => oomScore({ resources }, facts) },
    ...controlled(resources).map(([attribute, controller]) => ({
      attribute,
      run: () => requireController(controller, survey.controllers),
    })),
    { attribute: 'cpus', run: () => ociResources(resources, facts) },
    { attribute: 'cpuset', run: () => checkProcessors(host, resources.cpuset) },
  ];
}

/** The one that applies where no option names another. */
function defaultFilter(securityOpt: readonly string[], run: Check['run']): Check[] {
  return securityOpt.some(namesFilter) ? [] : [{ attribute: 'security_opt', run }];
}

function namesFilter(option: string): boolean {
  return /^seccomp[=:]/.test(option);
}

function each<Item>(attribute: string, items: readonly Item[], check: (item: Item) => unknown): Check[] {
  return items.map((item, index) => ({ attribute: `${attribute}[${index}]`, run: () => check(item) }));
}

async function refusalOf(run: Check['run']): Promise<TscomposeError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof TscomposeError) return error;
    throw error;
  }
}

/** Which controller each limit is the business of. */
function controlled(resources: Settings['resources']): [attribute: string, controller: string][] {
  const { memoryBytes, memoryReservationBytes, cpus, cpuShares, cpuQuotaUs, cpuset, pids } = resources;
  const asked: [attribute: string, controller: string, value: unknown][] = [
    ['mem_limit', 'memory', memoryBytes],
    ['mem_reservation', 'memory', memoryReservationBytes],
    ['cpus', 'cpu', cpus],
    ['cpu_shares', 'cpu', cpuShares],
    ['cpu_quota', 'cpu', cpuQuotaUs],
    ['cpuset', 'cpuset', cpuset],
    ['pids_limit', 'pids', pids],
  ];
  return asked.flatMap(([attribute, controller, value]) => (value ? [[attribute, controller]] : []));
}

function requireController(controller: string, there: ReadonlySet<string>): void {
  if (there.has(controller)) return;
  throw new HostError(
    'HOST_KERNEL_LACKS',
    `this host has no control group controller "${controller}", so the limit could not be kept`,
    {
      hint: `mount it below /sys/fs/cgroup, or enable it when booting (${bootOptions[controller] ?? `cgroup_enable=${controller}`})`,
    },
  );
}

const bootOptions: Readonly<Record<string, string>> = { memory: 'cgroup_enable=memory swapaccount=1' };

async function checkProcessors(host: Host, wanted: string | undefined): Promise<void> {
  const online = (await host.files.readText('/sys/devices/system/cpu/online'))?.trim();
  if (wanted === undefined || wanted === '' || online === undefined) return;
  const there = new Set(numbersOf(online));
  if (numbersOf(wanted).every((number) => there.has(number))) return;
  throw new TscomposeError(
    'RESOURCE_LIMIT',
    `cpuset ${wanted} names processors that this host does not have`,
    { hint: `it has ${online}` },
  );
}

/** As many as any kernel has. */
const mostProcessors = 8192;

/** Of `0-3,6`. */
function numbersOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map((text) => Math.min(Number(text), mostProcessors));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
  });
}
