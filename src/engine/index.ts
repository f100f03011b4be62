/**
 * The engine: carries plans out on this machine, and keeps what runs running.
 * Goes in: actions and questions. Comes out: changed containers, networks, volumes; views of them.
 * It is the single writer of the state on disk and the place where the layers below meet.
 * It never chooses what should be done (the planner has) and never draws (the client does).
 */
import { join } from 'node:path';
import { HostError } from '../errors.ts';
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import { createImageStore } from '../image/index.ts';
import { createNetworkManager } from '../network/index.ts';
import { createRuntime } from '../runtime/index.ts';
import { createVolumeManager } from '../volume/index.ts';
import { adoptAll } from './adoption.ts';
import { ContainerTable } from './containers.ts';
import { EmbeddedEngine } from './embedded.ts';
import { HealthMonitor } from './health-monitor.ts';
import { Lifecycle } from './lifecycle.ts';
import { requireTools } from './tools.ts';

export { EmbeddedEngine } from './embedded.ts';
export { defaultParallel, executePlan } from './executor.ts';

/**
 * Opens the engine on its directories: unfinished work of a crash is finished or taken away,
 * and containers that run are adopted.
 * @throws HostError when a tool, a kernel feature or the permission is missing
 */
export async function createEmbeddedEngine(
  host: Host,
  dirs: Directories,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<EmbeddedEngine> {
  await Promise.all([
    host.files.makeDirectory(dirs.data, 0o700),
    host.files.makeDirectory(join(dirs.run, 'containers'), 0o700),
  ]);
  await requireTools(host);
  await requireOverlay(host, dirs);
  const parts = {
    host,
    dirs,
    bootId: ((await host.files.readText('/proc/sys/kernel/random/boot_id')) ?? '').trim(),
    images: createImageStore(host, dirs),
    networks: createNetworkManager(host, dirs, given({ pools: environment.TSCOMPOSE_ADDRESS_POOLS })),
    volumes: createVolumeManager(host, dirs),
    runtime: createRuntime(host, dirs, given({ runtime: environment.TSCOMPOSE_RUNTIME })),
    containers: new ContainerTable(host, dirs),
  };
  await Promise.all([
    parts.images.open(),
    parts.networks.open(),
    parts.volumes.open(),
    parts.runtime.open(),
    parts.containers.open(),
  ]);
  const lifecycle = new Lifecycle(parts, new HealthMonitor(parts));
  await adoptAll(parts, lifecycle);
  return new EmbeddedEngine(parts, lifecycle);
}

/**
 * Without overlayfs no container could be made: better said before a network is. Where the file system is not listed
 * its module may still be loaded by the attempt to mount one, which fails for want of options.
 * @throws HostError `HOST_KERNEL_LACKS`
 */
export async function requireOverlay({ files, mounts }: Host, { run }: Directories): Promise<void> {
  if (/\toverlay$/m.test((await files.readText('/proc/filesystems')) ?? '')) return;
  try {
    mounts.mount({ source: 'overlay', target: run, type: 'overlay' });
  } catch (error) {
    if (error instanceof HostError && error.code === 'HOST_KERNEL_LACKS') throw error;
  }
}

/** Only what is set. */
function given<T extends object>(values: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;
}
