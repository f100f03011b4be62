/** What a person asked for: the planner's third input beside the project and what was observed. */
import type { ContainerOverrides } from './overrides.ts';
import type { PullPolicy } from './plan.ts';

/** `services` empty: all that are enabled (or, without a project, all that are there). */
export type Command =
  | UpCommand
  | {
      readonly kind: 'down';
      readonly services: readonly string[];
      readonly volumes: boolean;
      readonly removeOrphans: boolean;
      readonly timeoutMs?: number;
      readonly images?: 'local' | 'all';
    }
  | RunCommand
  | {
      readonly kind: 'start';
      readonly services: readonly string[];
      readonly wait: boolean;
      /** 0 or less: no limit. */
      readonly waitTimeoutMs?: number;
    }
  | { readonly kind: 'stop'; readonly services: readonly string[]; readonly timeoutMs?: number }
  | {
      readonly kind: 'restart';
      readonly services: readonly string[];
      readonly timeoutMs?: number;
      readonly noDeps: boolean;
    }
  | {
      readonly kind: 'kill';
      readonly services: readonly string[];
      readonly signal: string;
      readonly removeOrphans: boolean;
    }
  | {
      readonly kind: 'rm';
      readonly services: readonly string[];
      readonly stop: boolean;
      readonly volumes: boolean;
    }
  | { readonly kind: 'pause'; readonly services: readonly string[] }
  | { readonly kind: 'unpause'; readonly services: readonly string[] }
  | {
      readonly kind: 'pull';
      readonly services: readonly string[];
      readonly policy: PullPolicy;
      readonly includeDeps: boolean;
      readonly ignoreBuildable: boolean;
    };

export interface UpCommand {
  readonly kind: 'up';
  readonly services: readonly string[];
  readonly recreate: 'diverged' | 'force' | 'never';
  /** `--always-recreate-deps`: dependencies follow `recreate` too. */
  readonly recreateDependencies: boolean;
  readonly noDeps: boolean;
  /** False: `--no-start` and `create`. */
  readonly start: boolean;
  /** `--wait`. */
  readonly wait: boolean;
  /** 0 or less: no limit. */
  readonly waitTimeoutMs?: number;
  readonly removeOrphans: boolean;
  readonly ignoreOrphans: boolean;
  readonly scale: Readonly<Record<string, number>>;
  /** Stop timeout of containers that are replaced or removed. */
  readonly timeoutMs?: number;
  readonly pull?: PullPolicy;
  /** Images of services that have a `build` are to be made anew. */
  readonly build?: boolean;
  readonly renewAnonymousVolumes: boolean;
  /** Absent: they are kept. */
  readonly divergedVolumes?: DivergedVolumes;
}

/**
 * What becomes of volumes that were made with other options than the file now has: making one again loses its data.
 * A record holds what a person has answered, by the volume's name; about the others the plan asks.
 */
export type DivergedVolumes = 'keep' | 'remake' | Readonly<Record<string, boolean>>;

/** `run`: dependencies first, then one one-off container, created and not started (the client attaches before it starts). */
export interface RunCommand {
  readonly kind: 'run';
  readonly service: string;
  readonly noDeps: boolean;
  readonly removeOrphans: boolean;
  /** Absent: they are warned of. */
  readonly ignoreOrphans?: boolean;
  readonly pull?: PullPolicy;
  readonly build?: boolean;
  /** 12 hexadecimal digits: `<project>-<service>-run-<slug>`. Given, so that planning stays pure. */
  readonly slug: string;
  readonly overrides: ContainerOverrides;
}
