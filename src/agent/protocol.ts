/**
 * What client and agent say to each other: HTTP/1.1 over a unix socket (mode 0600), JSON bodies,
 * NDJSON streams. The path prefix carries the version; `/v1.xx` of the Docker Engine API stays free.
 */

import type { Project } from '../compose/model/project.ts';
import type { Command } from '../compose/plan/command.ts';
import type { Plan } from '../compose/plan/plan.ts';
import type { ExecQuestion, LogEntry, LogsQuery, PlanEvent } from '../engine/engine.ts';
import type {
  ContainerFilter,
  ContainerView,
  ExecPlan,
  ImageView,
  NetworkView,
  TopView,
  VolumeView,
} from '../engine/views.ts';
import type { Problem } from '../errors.ts';

export type { ExecQuestion, LogEntry, LogsQuery, PlanEvent } from '../engine/engine.ts';
export type {
  ContainerFilter,
  ContainerView,
  ExecPlan,
  ImageView,
  NetworkView,
  TopView,
  VolumeView,
} from '../engine/views.ts';

export const pathPrefix = '/tscompose/v1';

/** Ask the agent to observe, plan and (unless `dryRun`) execute under the project's lock. */
export interface ApplyRequest {
  /** Absent when only the name is known (`down -p name`): the plan is made from labels. */
  readonly project?: Project;
  readonly projectName: string;
  readonly command: Command;
  readonly dryRun: boolean;
  /** Actions at once; absent: the engine's own bound. -1: no bound. */
  readonly parallel?: number;
}

/** The NDJSON lines of an apply: first the plan, then events, last the outcome. */
export type ApplyLine =
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'plan'; readonly plan: Plan }
  | PlanEvent
  | { readonly kind: 'outcome'; readonly ok: true }
  | { readonly kind: 'outcome'; readonly ok: false; readonly error: WireError };

/** An error as it crosses the socket; rebuilt on the other side with its code, hint and place. */
export interface WireError {
  readonly name: 'TscomposeError' | 'ComposeError' | 'HostError' | 'Error';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode: number;
  readonly problems?: readonly Problem[];
  readonly stack?: string;
}

/** The client's face of the agent: what the CLI and the library call. */
export interface AgentClient {
  apply(
    request: ApplyRequest,
    options: { readonly onLine: (line: ApplyLine) => void; readonly signal?: AbortSignal },
  ): Promise<Plan>;
  containers(filter: ContainerFilter): Promise<readonly ContainerView[]>;
  images(): Promise<readonly ImageView[]>;
  networks(): Promise<readonly NetworkView[]>;
  volumes(): Promise<readonly VolumeView[]>;
  /** One stream for many containers; under `follow` it joins containers of the filter that appear later. */
  logs(
    filter: ContainerFilter,
    query: LogsQuery,
    onEntry: (
      entry: LogEntry & {
        readonly container: string;
        readonly service: string;
        readonly number: number;
        readonly oneOff: boolean;
      },
    ) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  exec(containerId: string, question: ExecQuestion): Promise<ExecPlan>;
  attach(
    containerId: string,
  ): Promise<{ readonly socket: string; readonly control: string; readonly tty: boolean }>;
  start(containerId: string): Promise<void>;
  stop(
    containerId: string,
    options: { readonly timeoutMs?: number; readonly signal?: string },
  ): Promise<void>;
  kill(containerId: string, signal: string): Promise<void>;
  removeContainer(
    containerId: string,
    options: { readonly force: boolean; readonly volumes: boolean },
  ): Promise<void>;
  /** Resolves with the exit code. */
  wait(containerId: string, signal?: AbortSignal): Promise<number>;
  top(containerId: string): Promise<TopView>;
  imagePull(
    reference: string,
    options: {
      readonly platform?: string;
      readonly onProgress?: (text: string) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<ImageView>;
  imageLoad(archive: NodeJS.ReadableStream): Promise<readonly ImageView[]>;
  imageImport(
    archive: NodeJS.ReadableStream,
    options: { readonly reference?: string; readonly changes: readonly string[]; readonly message?: string },
  ): Promise<ImageView>;
  imageSave(references: readonly string[], to: NodeJS.WritableStream): Promise<void>;
  imageInspect(reference: string): Promise<unknown>;
  imageTag(source: string, target: string): Promise<void>;
  imageRemove(
    reference: string,
    options: { readonly force: boolean },
  ): Promise<readonly { readonly untagged?: string; readonly deleted?: string }[]>;
  info(): Promise<AgentInfo>;
  close(): void;
}

export interface AgentInfo {
  readonly version: string;
  readonly pid: number;
  readonly root: string;
  readonly run: string;
  readonly runtime: string;
  readonly cgroupVersion: 1 | 2;
  readonly containers: number;
}
