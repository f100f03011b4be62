/**
 * What the engine keeps of a container. `container.json` (data directory) outlives a reboot;
 * `run.json` (run directory) speaks of processes and is only believed under the boot id it names.
 */
import type { ContainerSpec } from '../compose/plan/plan.ts';
import type { Digest } from '../image/images.ts';
import type { Lease, PortBinding } from '../network/network.ts';
import type { CreatedProcess } from '../runtime/container.ts';
import type { HealthState } from '../runtime/health.ts';

export interface ContainerRecord {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly imageId: Digest;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly mounts: readonly ResolvedMount[];
  /** Its empty volumes have got what the image has for them. */
  readonly populated?: boolean;
  readonly leases: readonly Lease[];
  readonly status: Status;
  /** A person stopped it: `unless-stopped` and `on-failure` leave it alone until a person starts it. */
  readonly manuallyStopped: boolean;
  readonly restartCount: number;
  /** The wait before the last restart by policy, in milliseconds; 0: none yet. */
  readonly restartDelayMs: number;
  /** Ended, and to be started again by its restart policy. */
  readonly restarting: boolean;
  /** The container this one took the place of; present until that one is gone. */
  readonly replaces?: { readonly id: string; readonly removeVolumes: boolean };
  /** Why the last start failed. */
  readonly error?: string;
}

export type Status =
  | { readonly kind: 'created' }
  | { readonly kind: 'running'; readonly startedAt: number }
  | {
      readonly kind: 'exited';
      readonly startedAt: number;
      readonly finishedAt: number;
      readonly code: number;
      readonly oomKilled: boolean;
    };

/** A mount whose source on the host is known, or will be when the container starts. */
export type ResolvedMount =
  | {
      readonly type: 'volume';
      readonly volume: string;
      readonly anonymous: boolean;
      readonly target: string;
      readonly readOnly: boolean;
      readonly nocopy: boolean;
      readonly subpath?: string;
    }
  | Extract<ContainerSpec['mounts'][number], { type: 'bind' | 'tmpfs' }>;

export interface RunRecord {
  readonly bootId: string;
  readonly process: CreatedProcess;
  readonly startedAt: number;
  /** False between `create` and `start` of the OCI runtime. */
  readonly started: boolean;
  readonly paused: boolean;
  readonly ports: readonly PortBinding[];
  readonly health?: HealthState;
}
