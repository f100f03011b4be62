/** `volume.subpath`: a part of a volume, which a hostile container may rearrange while we look. */
import { TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { closeDescriptor, findInRoot } from '../host/rooted.ts';

export interface SubpathRequest {
  /** The volume's directory. */
  readonly root: string;
  readonly subpath: string;
  /** Where it is bound; made as a directory or file to fit. Below the bundle's `mounts/` it goes with the container. */
  readonly mountPoint: string;
}

/**
 * Binds exactly the file that was found inside the volume, whatever its path leads to a moment later.
 * @returns the mount point
 * @throws TscomposeError `VOLUME_SUBPATH` when there is nothing of that name in the volume
 */
export async function bindSubpath(host: Host, request: SubpathRequest): Promise<string> {
  const { root, subpath, mountPoint } = request;
  if (subpath.startsWith('/') || subpath.split('/').includes('..'))
    throw new TscomposeError('VOLUME_SUBPATH', `the subpath "${subpath}" must lie inside the volume`);
  const found = await findInRoot(root, subpath);
  if (found === undefined)
    throw new TscomposeError('VOLUME_SUBPATH', `the volume has no "${subpath}"`, {
      hint: 'create it in the volume before a service mounts it',
    });
  try {
    const isDirectory = (await host.files.stat(found.path))?.isDirectory() ?? false;
    if (isDirectory) await host.files.makeDirectory(mountPoint);
    else await host.files.write(mountPoint, '');
    host.mounts.mount({ source: found.path, target: mountPoint, flags: ['bind', 'rec'] });
    return mountPoint;
  } finally {
    closeDescriptor(found.fd);
  }
}
