/**
 * The `local` driver's options as calls of mount(2), which takes some words as flags and leaves the rest to the
 * file system. @see moby/sys, mount/flags_linux.go, mount/mounter_linux.go
 */
import type { MountFlag, MountRequest } from '../host/mounts.ts';
import type { VolumeRecord } from './volumes.ts';

/** Each flag is its own word; the other one takes it back. */
const opposites: Partial<Readonly<Record<MountFlag, string>>> = {
  ro: 'rw',
  nosuid: 'suid',
  nodev: 'dev',
  noexec: 'exec',
  sync: 'async',
  mand: 'nomand',
  noatime: 'atime',
  nodiratime: 'diratime',
  relatime: 'norelatime',
  strictatime: 'nostrictatime',
};
const flagsOf = new Map<string, readonly MountFlag[]>([
  ...(Object.keys(opposites) as MountFlag[]).map((flag): [string, MountFlag[]] => [flag, [flag]]),
  ['dirsync', ['dirsync']],
  ['bind', ['bind']],
  ['rbind', ['bind', 'rec']],
]);
const flagTakenBack = new Map(Object.entries(opposites).map(([flag, word]) => [word, flag as MountFlag]));
const propagations = new Map(
  (['private', 'shared', 'slave', 'unbindable'] as const).flatMap((flag): [string, MountFlag[]][] => [
    [flag, [flag]],
    [`r${flag}`, [flag, 'rec']],
  ]),
);
const withoutEffect = new Set(['', 'defaults']);

/** Flags that belong to the mount and not to the file system: the call that makes a bind does not look at them. */
const ofMount: ReadonlySet<MountFlag> = new Set([
  ...(['ro', 'nosuid', 'nodev', 'noexec'] as const),
  ...(['noatime', 'nodiratime', 'relatime', 'strictatime'] as const),
]);

/** What has to be called, in order. The first call mounts; the others change what is mounted then. */
export function mountCalls(
  options: VolumeRecord['driverOptions'],
  target: string,
): readonly [MountRequest, ...MountRequest[]] {
  const words = (options.o ?? '').split(',').map((word) => word.trim());
  const flags = flagsFrom(words);
  const own = words.filter((word) => !isFlag(word) && !withoutEffect.has(word));
  const type = options.type === 'none' ? undefined : options.type;
  const source = options.device ?? type ?? 'none';
  const mount = {
    source,
    target,
    ...(type === undefined ? {} : { type }),
    flags,
    ...(own.length === 0 ? {} : { options: own.join(',') }),
  };
  const isSetLater = flags.includes('bind') && flags.some((flag) => ofMount.has(flag));
  return [
    mount,
    // mount(2) takes a propagation alone.
    ...words.flatMap((word) => {
      const propagation = propagations.get(word);
      return propagation === undefined ? [] : [{ source, target, flags: propagation }];
    }),
    ...(isSetLater ? [{ source, target, flags: [...flags, 'remount' as const] }] : []),
  ];
}

function isFlag(word: string): boolean {
  return flagsOf.has(word) || flagTakenBack.has(word) || propagations.has(word);
}

/** Of contradicting words the last one holds. */
function flagsFrom(words: readonly string[]): MountFlag[] {
  const flags = new Set<MountFlag>();
  for (const word of words) {
    for (const flag of flagsOf.get(word) ?? []) flags.add(flag);
    const takenBack = flagTakenBack.get(word);
    if (takenBack !== undefined) flags.delete(takenBack);
  }
  return [...flags];
}
