/** Which of an index's manifests runs here. */
import { TscomposeError } from '../errors.ts';
import type { Descriptor, Platform } from './media.ts';

/** Go's names of the processors Node knows. */
const architectures: Readonly<Record<string, Platform>> = {
  x64: { os: 'linux', architecture: 'amd64' },
  ia32: { os: 'linux', architecture: '386' },
  arm64: { os: 'linux', architecture: 'arm64' },
  arm: { os: 'linux', architecture: 'arm', variant: 'v7' },
  ppc64: { os: 'linux', architecture: 'ppc64le' },
  s390x: { os: 'linux', architecture: 's390x' },
  riscv64: { os: 'linux', architecture: 'riscv64' },
  loong64: { os: 'linux', architecture: 'loong64' },
};

export function platformOfMachine(arch: string = process.arch): Platform {
  return architectures[arch] ?? { os: 'linux', architecture: arch };
}

/** Other names people write. */
const aliases: Readonly<Record<string, Partial<Platform>>> = {
  x86_64: { architecture: 'amd64' },
  'x86-64': { architecture: 'amd64' },
  aarch64: { architecture: 'arm64' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v6' },
  i386: { architecture: '386' },
};

/**
 * `linux/arm64`, `linux/arm/v7`, or an architecture alone.
 * @throws TscomposeError `PLATFORM_INVALID`
 */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)))
    throw new TscomposeError('PLATFORM_INVALID', `"${text}" is no platform`, {
      hint: 'write it as os/architecture[/variant], such as linux/amd64 or linux/arm/v7',
    });
  const [os, name, variant] = parts.length === 1 ? ['linux', parts[0], undefined] : parts;
  const alias = aliases[name as string] ?? { architecture: name as string };
  const stated = variant ?? alias.variant;
  return {
    os: os as string,
    architecture: alias.architecture as string,
    ...(stated === undefined ? {} : { variant: stated }),
  };
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join('/');
}

/**
 * The best manifest for the platform: its own variant, else the next lower one that runs there.
 * Attestations, which carry the platform unknown/unknown, are no images.
 */
export function choosePlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const ranked = manifests
    .map((descriptor) => ({ descriptor, rank: rank(descriptor.platform, wanted) }))
    .filter((candidate) => candidate.rank !== -1)
    .sort((left, right) => left.rank - right.rank);
  return ranked[0]?.descriptor;
}

/** Whether an image made for one platform is what was asked for: that one, or a lower variant that runs there. */
export function isMadeFor(made: Platform, wanted: Platform): boolean {
  return rank(made, wanted) !== -1;
}

/** 0 is the best; -1 does not run there. */
function rank(made: Platform | undefined, wanted: Platform): number {
  if (made?.os !== wanted.os || made.architecture !== wanted.architecture) return -1;
  return runnableVariants(wanted).indexOf(normalVariant(made));
}

/** Best first. */
function runnableVariants(wanted: Platform): string[] {
  const own = normalVariant(wanted);
  const floor = floors[wanted.architecture];
  const level = /^v([0-9]+)$/.exec(own)?.[1];
  if (floor === undefined || level === undefined) return [own];
  return Array.from(
    { length: Math.max(1, Number(level) - floor + 1) },
    (_, step) => `v${Number(level) - step}`,
  );
}

/** The lowest variant worth trying. */
const floors: Readonly<Record<string, number>> = { arm: 5, arm64: 8, amd64: 1 };

function normalVariant({ architecture, variant }: Platform): string {
  return (variant === '' ? undefined : variant) ?? assumed[architecture] ?? '';
}

/** What an absent variant means. */
const assumed: Readonly<Record<string, string>> = { arm: 'v7', arm64: 'v8', amd64: 'v1' };
