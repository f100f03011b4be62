/**
 * What carries plans out. The embedded engine is the default; a Docker Engine API endpoint could be another.
 * Nothing above this interface knows of crun, overlayfs or nftables.
 */
import type { Observed, ObserveQuestion } from '../compose/plan/observed.ts';
import type { Action, NodeId } from '../compose/plan/plan.ts';
import type { SourceRange } from '../errors.ts';
import type {
  ContainerFilter,
  ContainerView,
  ExecPlan,
  ImageView,
  NetworkView,
  TopView,
  VolumeView,
} from './views.ts';

export interface Engine {
  /** What is there, as far as planning a project needs it. */
  observe(question: ObserveQuestion): Promise<Observed>;
  /**
   * Checks what can only be known on the machine before anything is changed: host ports, static addresses,
   * bind sources, images that must exist. All problems at once.
   * @throws ComposeError with each problem at its place in the file
   */
  preflight(actions: readonly Action[], places: Places, networkKeys?: NetworkKeys): Promise<void>;
  /** Carries one action out; twice has the result of once. */
  perform(action: Action, context: ActionContext): Promise<void>;

  containers(filter: ContainerFilter): Promise<readonly ContainerView[]>;
  images(): Promise<readonly ImageView[]>;
  networks(): Promise<readonly NetworkView[]>;
  volumes(): Promise<readonly VolumeView[]>;
  /** Followed, they end with the run that is under way, once all of it has been handed on. */
  logs(containerId: string, query: LogsQuery, signal: AbortSignal): AsyncIterable<LogEntry>;
  exec(containerId: string, request: ExecQuestion): Promise<ExecPlan>;
  /** Where a client attaches to the container's own stdio. */
  attach(
    containerId: string,
  ): Promise<{ readonly socket: string; readonly control: string; readonly tty: boolean }>;
  /**
   * Resolves with the exit code when the container has ended for good.
   * @param run its restart count: the end of that run is enough, though its restart policy brings it back
   */
  wait(containerId: string, signal: AbortSignal, run?: number): Promise<number>;
  /** Resolves when something about a container is new, or the signal is raised. */
  changed(signal: AbortSignal): Promise<void>;
  top(containerId: string): Promise<TopView>;
}

/** Places in the files by model path (`services.web.ports[0]`), for errors only the machine can find. */
export type Places = Readonly<Record<string, SourceRange>>;

/** Keys of the file's networks by their real names, for the places of those that it did not make. */
export type NetworkKeys = Readonly<Record<string, string>>;

export interface ActionContext {
  /** Containers of others are not meant, whatever their names. */
  readonly project: string;
  readonly signal: AbortSignal;
  readonly report: (detail: ActionDetail) => void;
}

/** Progress within an action. */
export interface ActionDetail {
  readonly text: string;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
  /** What the action was for cannot be had and is done without; the text says why. */
  readonly skipped?: boolean;
}

/** What an applied plan reports, in order. */
export type PlanEvent =
  | { readonly kind: 'node'; readonly node: NodeId; readonly phase: 'started' | 'done' | 'skipped' }
  | {
      readonly kind: 'node';
      readonly node: NodeId;
      readonly phase: 'failed';
      readonly message: string;
      readonly hint?: string;
    }
  | { readonly kind: 'detail'; readonly node: NodeId; readonly detail: ActionDetail };

export interface LogsQuery {
  readonly follow: boolean;
  readonly tail?: number;
  readonly since?: number;
  readonly until?: number;
}

export interface LogEntry {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface StartOptions {
  /** Only what has never been started is: asked again, because the answer was lost, it does not run twice. */
  readonly first?: boolean;
}

export interface ExecQuestion {
  readonly args: readonly string[];
  /** `K=V`, or `K` (the client has already resolved those). */
  readonly env: readonly string[];
  readonly cwd?: string;
  readonly user?: string;
  readonly tty: boolean;
  readonly privileged: boolean;
}
