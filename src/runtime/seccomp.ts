/** System call filters: the profile's conditions are settled here, for one container, and what remains is OCI's. */
import { TscomposeError } from '../errors.ts';
import type { OciSeccomp, SeccompArgument } from './oci.ts';

/** Docker's and Podman's profile format. @see moby, profiles/seccomp; containers/common, pkg/seccomp */
export interface SeccompProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures?: readonly string[];
  readonly archMap?: readonly {
    readonly architecture: string;
    readonly subArchitectures: readonly string[] | null;
  }[];
  readonly syscalls: readonly SeccompRule[];
}

interface SeccompRule {
  readonly names?: readonly string[];
  /** The oldest form names one call a rule. */
  readonly name?: string;
  readonly action: string;
  readonly args?: readonly SeccompArgument[] | null;
  readonly errnoRet?: number;
  readonly includes?: Conditions;
  readonly excludes?: Conditions;
}

interface Conditions {
  readonly caps?: readonly string[] | null;
  readonly arches?: readonly string[] | null;
  readonly minKernel?: string;
}

export interface SeccompContext {
  readonly capabilities: readonly string[];
  /** Go's name of the architecture: `amd64`, `arm64`. */
  readonly arch: string;
  /** `6.1.0-13-amd64`. */
  readonly kernel: string;
}

export function compileSeccomp(profile: SeccompProfile, context: SeccompContext): OciSeccomp {
  return {
    defaultAction: profile.defaultAction,
    ...(profile.defaultErrnoRet === undefined ? {} : { defaultErrnoRet: profile.defaultErrnoRet }),
    architectures: architecturesOf(profile, context.arch),
    syscalls: profile.syscalls
      .filter((rule) => applies(rule, context))
      .map((rule) => ({
        names: rule.names ?? (rule.name === undefined ? [] : [rule.name]),
        action: rule.action,
        ...(rule.errnoRet === undefined ? {} : { errnoRet: rule.errnoRet }),
        ...(rule.args === undefined || rule.args === null || rule.args.length === 0
          ? {}
          : { args: rule.args }),
      })),
  };
}

/** @throws TscomposeError `SECCOMP_PROFILE` */
export function parseSeccompProfile(text: string, origin: string): SeccompProfile {
  const value = parseJson(text, origin) as Partial<SeccompProfile> | null;
  if (typeof value?.defaultAction !== 'string' || !Array.isArray(value.syscalls ?? []))
    throw new TscomposeError(
      'SECCOMP_PROFILE',
      `${origin} is not a seccomp profile: it has no defaultAction`,
    );
  return { ...value, defaultAction: value.defaultAction, syscalls: value.syscalls ?? [] };
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TscomposeError('SECCOMP_PROFILE', `the seccomp profile ${origin} is not valid JSON`, { cause });
  }
}

/** Every included condition must hold, and no excluded one. */
function applies(rule: SeccompRule, context: SeccompContext): boolean {
  const { includes = {}, excludes = {} } = rule;
  const has = (name: string): boolean => context.capabilities.includes(name);
  if (includes.arches?.length && !includes.arches.includes(context.arch)) return false;
  if (includes.caps?.length && !includes.caps.every(has)) return false;
  if (includes.minKernel !== undefined && !isAtLeast(context.kernel, includes.minKernel)) return false;
  if (excludes.arches?.includes(context.arch)) return false;
  if (excludes.caps?.some(has)) return false;
  return excludes.minKernel === undefined || !isAtLeast(context.kernel, excludes.minKernel);
}

const nativeArchitecture: Readonly<Record<string, string>> = {
  amd64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
  arm: 'SCMP_ARCH_ARM',
  '386': 'SCMP_ARCH_X86',
  riscv64: 'SCMP_ARCH_RISCV64',
  s390x: 'SCMP_ARCH_S390X',
  ppc64le: 'SCMP_ARCH_PPC64LE',
  loong64: 'SCMP_ARCH_LOONGARCH64',
};

/** The host's own architecture and those it can also run. */
function architecturesOf(profile: SeccompProfile, arch: string): readonly string[] {
  if (profile.architectures?.length) return profile.architectures;
  const own = nativeArchitecture[arch];
  const entry = profile.archMap?.find(({ architecture }) => architecture === own);
  return own === undefined ? [] : [own, ...(entry?.subArchitectures ?? [])];
}

/** Compares major and minor. */
export function isAtLeast(kernel: string, wanted: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(Number.parseFloat);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number.parseFloat);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
