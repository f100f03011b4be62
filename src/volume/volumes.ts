/** What the volume layer offers the engine. A volume is a directory `volumes/<name>/_data` with its record beside it. */
import type { TscomposeError } from '../errors.ts';

export interface VolumeRecord {
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** Anonymous volumes have a name of 64 hexadecimal digits and go with their container. */
  readonly anonymous: boolean;
}

export interface VolumeManager {
  /** Ends what a crash cut short. To be called before everything else. */
  open(): Promise<void>;
  /** Why a volume like this could not be made; nothing when it could. */
  refusal(request: Pick<VolumeRecord, 'driver' | 'driverOptions'>): TscomposeError | undefined;
  /** Makes the volume, or answers the one of that name. @throws TscomposeError `VOLUME_DRIVER_UNSUPPORTED`, `VOLUME_NAME` */
  create(
    request: Omit<VolumeRecord, 'createdAt' | 'anonymous'> & { readonly anonymous?: boolean },
  ): Promise<VolumeRecord>;
  /** Removes data and record. Absent is fine. The engine has made sure that no container uses it. */
  remove(name: string): Promise<void>;
  get(name: string): Promise<VolumeRecord | undefined>;
  list(): Promise<readonly VolumeRecord[]>;
  /** The volume's directory on the host (mounted, when the `local` driver's options name a device). */
  path(name: string): Promise<string>;
  /**
   * Fills an empty volume with what the image has at `target`, owner and mode of the directory included;
   * a volume with content is left alone (Docker's rule).
   * @param rootfs mounted root file system of the container; links inside it never lead outside
   */
  copyUp(name: string, rootfs: string, target: string): Promise<void>;
}
