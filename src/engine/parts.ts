/** The layers that meet in the engine. */
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import type { ImageStore } from '../image/images.ts';
import type { NetworkManager } from '../network/network.ts';
import type { Runtime } from '../runtime/container.ts';
import type { VolumeManager } from '../volume/volumes.ts';
import type { ContainerTable } from './containers.ts';

export interface Parts {
  readonly host: Host;
  readonly dirs: Directories;
  /** `/proc/sys/kernel/random/boot_id`: run records of another boot are not believed. */
  readonly bootId: string;
  readonly images: ImageStore;
  readonly networks: NetworkManager;
  readonly volumes: VolumeManager;
  readonly runtime: Runtime;
  readonly containers: ContainerTable;
}
