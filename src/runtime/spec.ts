/** From a request and what is known of the host and the image to the bundle's `config.json`. Pure. */
import { TscomposeError } from '../errors.ts';
import { capabilitySets, containerCapabilities } from './capabilities.ts';
import type { BundleRequest } from './container.ts';
import { deviceNodes, deviceRules, type HostDevice } from './devices.ts';
import { processEnvironment } from './environment.ts';
import { initPath, type MountFacts, ociMounts, rootPropagation } from './mounts.ts';
import type { OciLinux, OciNamespace, OciProcess, OciSeccomp, OciSpec } from './oci.ts';
import { ociResources } from './resources.ts';
import { rlimits } from './rlimits.ts';
import { compileSeccomp, type SeccompProfile } from './seccomp.ts';
import { parseSecurityOptions, type SecurityOptions } from './security-options.ts';
import { checkSysctls, defaultNetworkSysctls } from './sysctls.ts';
import { maskedPaths, readonlyPaths } from './system-paths.ts';
import { resolveUser, type UserFiles } from './users.ts';

/** What the host can do; the same for every container. */
export interface HostFacts {
  /** Go's name: `amd64`, `arm64`. */
  readonly arch: string;
  readonly kernel: string;
  readonly cpuCount: number;
  /** Our bounding set. */
  readonly capabilities: readonly string[];
  /** `undefined` when we may raise them. */
  readonly hardLimits?: Readonly<Record<string, bigint>>;
  readonly oomScoreAdj: number;
  readonly cgroupVersion: 1 | 2;
  readonly apparmor: boolean;
  /** Directories of each processor that tell of its temperature; masked, as Docker does. */
  readonly thermalPaths: readonly string[];
}

/** What was looked up for this one container. */
export interface BundleFacts {
  readonly host: HostFacts;
  readonly users: UserFiles;
  /** Absent: the host has no default profile, or none was asked for. */
  readonly seccomp?: SeccompProfile;
  /** All of the host's when privileged. */
  readonly devices: readonly HostDevice[];
  readonly mounts: MountFacts;
  readonly cgroupsPath: string;
}

/** @throws TscomposeError when something asked for is unknown or cannot be had on this host */
export function bundleSpec(request: BundleRequest, facts: BundleFacts): OciSpec {
  const security = parseSecurityOptions(request.securityOpt);
  const capabilities = containerCapabilities(request, facts.host.capabilities);
  const ownUts = request.namespaces.uts !== 'host';
  return {
    ociVersion: '1.0.2',
    process: processOf(request, facts, security, capabilities),
    root: { path: request.rootfs, readonly: request.readOnly },
    ...(ownUts ? { hostname: request.hostname } : {}),
    mounts: ociMounts(request, facts.mounts),
    ...(Object.keys(request.annotations).length === 0 ? {} : { annotations: request.annotations }),
    linux: linuxOf(request, facts, security, capabilities),
  };
}

function processOf(
  request: BundleRequest,
  facts: BundleFacts,
  security: SecurityOptions,
  capabilities: readonly string[],
): OciProcess {
  const { home, ...user } = resolveUser(request.user, request.groupAdd, facts.users);
  const limits = rlimits(request.ulimits, facts.host.hardLimits);
  return {
    terminal: request.tty,
    user,
    args: facts.mounts.init === undefined ? request.args : [initPath, '--', ...request.args],
    env: processEnvironment(request.env, { hostname: request.hostname, home, tty: request.tty }),
    cwd: request.cwd,
    capabilities: capabilitySets(capabilities, user.uid),
    ...(limits.length === 0 ? {} : { rlimits: limits }),
    noNewPrivileges: security.noNewPrivileges,
    ...oomScore(request, facts.host),
    ...apparmor(security, facts.host),
  };
}

function linuxOf(
  request: BundleRequest,
  facts: BundleFacts,
  security: SecurityOptions,
  capabilities: readonly string[],
): OciLinux {
  const open = request.privileged || security.openSystemPaths;
  const propagation = rootPropagation(request.mounts);
  const seccomp = seccompOf(facts, capabilities);
  return {
    cgroupsPath: facts.cgroupsPath,
    namespaces: namespaces(request.namespaces, facts.host.cgroupVersion),
    resources: {
      devices: deviceRules(request.privileged, facts.devices),
      ...ociResources(request.resources, facts.host),
    },
    devices: deviceNodes(facts.devices),
    sysctl: sysctlsOf(request),
    maskedPaths: open ? [] : [...maskedPaths, ...facts.host.thermalPaths],
    readonlyPaths: open ? [] : readonlyPaths,
    ...(seccomp === undefined ? {} : { seccomp }),
    ...(propagation === undefined ? {} : { rootfsPropagation: propagation }),
  };
}

function seccompOf(facts: BundleFacts, capabilities: readonly string[]): OciSeccomp | undefined {
  if (facts.seccomp === undefined) return undefined;
  return compileSeccomp(facts.seccomp, { capabilities, arch: facts.host.arch, kernel: facts.host.kernel });
}

function namespaces(
  { network, pid, ipc, uts }: BundleRequest['namespaces'],
  cgroupVersion: 1 | 2,
): OciNamespace[] {
  const own = (
    type: OciNamespace['type'],
    kind: string,
    wanted: string | { pid: number },
  ): OciNamespace[] => {
    if (wanted === 'host') return [];
    return [typeof wanted === 'object' ? { type, path: `/proc/${wanted.pid}/ns/${kind}` } : { type }];
  };
  return [
    { type: 'mount' },
    ...own('network', 'net', network),
    ...own('uts', 'uts', uts),
    ...own('pid', 'pid', pid),
    ...own('ipc', 'ipc', ipc),
    // Docker's default: private with version 2, for the privileged too, and the host's with version 1.
    ...(cgroupVersion === 2 ? [{ type: 'cgroup' } as const] : []),
  ];
}

function sysctlsOf(request: BundleRequest): Record<string, string> {
  const { network, ipc, uts } = request.namespaces;
  checkSysctls(request.sysctls, { network: network !== 'host', ipc: ipc !== 'host', uts: uts !== 'host' });
  return {
    ...(network === 'new' ? defaultNetworkSysctls : {}),
    ...(request.domainname === undefined || uts === 'host'
      ? {}
      : { 'kernel.domainname': request.domainname }),
    ...request.sysctls,
  };
}

/** Lowering the score is a privilege of CAP_SYS_RESOURCE. */
export function oomScore(
  request: Pick<BundleRequest, 'resources'>,
  host: HostFacts,
): { oomScoreAdj?: number } {
  const score = request.resources.oomScoreAdj;
  if (score === undefined) return {};
  if (score < -1000 || score > 1000)
    throw new TscomposeError('RESOURCE_LIMIT', `oom_score_adj must be from -1000 to 1000, not ${score}`);
  if (score < host.oomScoreAdj && !host.capabilities.includes('CAP_SYS_RESOURCE'))
    throw new TscomposeError(
      'RESOURCE_LIMIT',
      `oom_score_adj ${score} is below our own (${host.oomScoreAdj}), and we may not lower it`,
      {
        hint: 'leave it out, or run with CAP_SYS_RESOURCE',
      },
    );
  return { oomScoreAdj: score };
}

/** A profile that is asked for by name must be enforced, or the container refused. */
export function apparmor(security: SecurityOptions, host: HostFacts): { apparmorProfile?: string } {
  if (security.apparmor === undefined || security.apparmor === 'unconfined') return {};
  if (!host.apparmor)
    throw new TscomposeError(
      'APPARMOR_ABSENT',
      `the AppArmor profile "${security.apparmor}" cannot be applied: this kernel has no AppArmor`,
      {
        hint: 'remove it from security_opt, or use apparmor=unconfined',
      },
    );
  return { apparmorProfile: security.apparmor };
}
