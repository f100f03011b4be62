/** A container's root file system: the image's layers below its own writable one. */
import { join } from 'node:path';
import { allOf } from '../host/turns.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord } from './record.ts';

/** Mounts it in the bundle, which need not be there yet; whoever deletes the bundle unmounts it. */
export async function mountRootfs(parts: Parts, record: ContainerRecord): Promise<string> {
  const { containers, host, images } = parts;
  const data = containers.directory(record.id);
  const rootfs = join(containers.bundle(record.id), 'rootfs');
  const [lowers] = await allOf([
    images.lowerDirectories(record.imageId),
    host.files.makeDirectory(join(data, 'upper')),
    host.files.makeDirectory(join(data, 'work')),
    host.files.makeDirectory(rootfs),
  ]);
  // What an earlier agent may have left mounted there would hide this one.
  await host.mounts.unmount(rootfs);
  host.mounts.mount({
    source: 'overlay',
    target: rootfs,
    type: 'overlay',
    options: `lowerdir=${lowers.join(':')},upperdir=${join(data, 'upper')},workdir=${join(data, 'work')}`,
  });
  return rootfs;
}
