/** Where one engine keeps its things. Two engines with different roots never meet. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

export interface Directories {
  /** Survives a reboot: images, volumes, networks, containers and their logs. */
  readonly data: string;
  /** Need not survive one, and must not be believed to have been cleared: sockets, bundles, pid records. */
  readonly run: string;
  /** Six hexadecimal digits that mark this engine's kernel objects: bridges, veths, nftables table, cgroups. */
  readonly tag: string;
}

/**
 * `/var/lib/tscompose` and `/run/tscompose` for root, the XDG directories for others;
 * `TSCOMPOSE_ROOT` moves both below one directory.
 */
export function directoriesFor(
  environment: Readonly<Record<string, string | undefined>>,
  uid: number,
): Directories {
  const { data, run } = places(environment, uid);
  return {
    data,
    run,
    // On asking: most clients never do, and hashing loads a large module.
    get tag() {
      return createHash('sha256').update(data).digest('hex').slice(0, 6);
    },
  };
}

function places(
  environment: Readonly<Record<string, string | undefined>>,
  uid: number,
): { data: string; run: string } {
  const root = environment.TSCOMPOSE_ROOT;
  if (root !== undefined && root !== '')
    return { data: join(resolve(root), 'data'), run: join(resolve(root), 'run') };
  if (uid === 0) return { data: '/var/lib/tscompose', run: '/run/tscompose' };
  const home = environment.HOME ?? '/';
  return {
    data: join(environment.XDG_DATA_HOME ?? join(home, '.local/share'), 'tscompose'),
    run: join(environment.XDG_RUNTIME_DIR ?? `/run/user/${uid}`, 'tscompose'),
  };
}
