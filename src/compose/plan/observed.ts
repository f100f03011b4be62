/** What planning asks of the machine, and what the engine found there. Plain data. */
import type { Canonical } from './hash.ts';

/** What `Observed` must tell of beside everything that carries the project's label. Made by `questionFor`. */
export interface ObserveQuestion {
  readonly project: string;
  /** References as the project writes them. */
  readonly images: readonly string[];
  /** Real names, those of external networks included. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** Containers of other projects that are named. */
  readonly containers: readonly string[];
  /** Absolute paths of the files that configs and secrets are taken from. */
  readonly files: readonly string[];
}

export interface Observed {
  /** Containers that carry the project's label, of whatever service. */
  readonly containers: readonly ObservedContainer[];
  /** Networks with the project's label, and any other whose name the project uses. */
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** Image id (`sha256:…`) by reference as the project writes it; absent when not stored. */
  readonly images: Readonly<Record<string, string>>;
  /** Milliseconds since each was last pulled by that reference; absent when it came in another way. */
  readonly imageAgesMs: Readonly<Record<string, number>>;
  /** Containers of other projects that this one names (`network_mode: container:x`), by name. */
  readonly foreignContainers: Readonly<Record<string, { readonly id: string; readonly running: boolean }>>;
  /** SHA-256 of what is in each file asked for, by path; absent when there is no such file. */
  readonly fileDigests: Readonly<Record<string, string>>;
  /** Of the host's control groups. */
  readonly cgroupVersion: 1 | 2;
}

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly configHash: string;
  readonly image: string;
  readonly imageId: string;
  readonly state: ObservedState;
  /** Real names of the networks it is attached to, or will be when it starts. */
  readonly networks: readonly string[];
  /** Named volumes it mounts. */
  readonly volumes: readonly string[];
  readonly dependsOn: readonly string[];
  /** Container whose namespace it joined, by id. */
  readonly joins: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** What its service said when it was made; absent where that was not kept. */
  readonly asked?: Canonical;
}

export type ObservedState =
  | { readonly status: 'created' }
  | { readonly status: 'running'; readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy' }
  | { readonly status: 'paused' }
  | { readonly status: 'restarting' }
  | { readonly status: 'exited'; readonly exitCode: number };

export interface ObservedNetwork {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of containers attached to it, of whatever project. */
  readonly containers: readonly string[];
}

export interface ObservedVolume {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of containers that mount it, of whatever project. */
  readonly containers: readonly string[];
}
