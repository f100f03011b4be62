/**
 * What client and agent say to each other: HTTP/1.1 over a unix socket (mode 0600). Everything is
 * `POST <pathPrefix>/<name>` with a JSON body. `Calls` answer one JSON value, `Streams` answer NDJSON lines
 * of which the last is the outcome, `Uploads` and `downloads` carry an archive as it is.
 * The path prefix carries the version; `/v1.xx` of the Docker Engine API stays free.
 */

import type { LoadOptions, LoadResult } from '../compose/index.ts';
import type { Project } from '../compose/model/project.ts';
import type { Command } from '../compose/plan/command.ts';
import type { Plan } from '../compose/plan/plan.ts';
import type { SavedPlan } from '../compose/plan/saved.ts';
import type { ExecQuestion, LogEntry, LogsQuery, PlanEvent, StartOptions } from '../engine/engine.ts';
import type {
  ContainerFilter,
  ContainerView,
  ExecPlan,
  ImageView,
  NetworkView,
  TopView,
  VolumeView,
} from '../engine/views.ts';
import type { Problem, SourceRange } from '../errors.ts';
import type { HistoryRow } from '../image/inspect.ts';
import type { LoadRequest } from './load.ts';

export type { ExecQuestion, LogEntry, LogsQuery, PlanEvent, StartOptions } from '../engine/engine.ts';
export type {
  ContainerFilter,
  ContainerView,
  ExecPlan,
  ImageView,
  NetworkView,
  TopView,
  VolumeView,
} from '../engine/views.ts';
export type { HistoryRow } from '../image/inspect.ts';

export const pathPrefix = '/tscompose/v1';

/** Outside the version: every agent must understand a newer client that asks it to leave. */
export const leavePath = '/tscompose/leave';

/** The build the client belongs to. An agent of another build refuses with `AGENT_OTHER_BUILD`. */
export const buildHeader = 'tscompose-build';

/** Names one request, so that `cancel` can end it and its outcome still be told. */
export const requestHeader = 'tscompose-request';

type Nothing = Readonly<Record<string, never>>;

interface Call<Takes, Gives> {
  readonly takes: Takes;
  readonly gives: Gives;
}

interface OfContainer {
  /** Full id, unambiguous beginning of one, or name. */
  readonly container: string;
}

/** One JSON value in, one out. */
export interface Calls {
  readonly info: Call<Nothing, AgentInfo>;
  readonly cancel: Call<{ readonly request: string }, Nothing>;
  /** `null`: the client has to do it itself. */
  readonly load: Call<LoadRequest, LoadResult | null>;
  readonly containers: Call<ContainerFilter, readonly ContainerView[]>;
  readonly images: Call<Nothing, readonly ImageView[]>;
  readonly networks: Call<Nothing, readonly NetworkView[]>;
  readonly volumes: Call<Nothing, readonly VolumeView[]>;
  readonly exec: Call<OfContainer & { readonly question: ExecQuestion }, ExecPlan>;
  readonly attach: Call<OfContainer, AttachPoint>;
  readonly start: Call<OfContainer & StartOptions, Nothing>;
  readonly stop: Call<OfContainer & StopOptions, Nothing>;
  readonly kill: Call<OfContainer & { readonly signal: string }, Nothing>;
  readonly removeContainer: Call<OfContainer & RemoveOptions, Nothing>;
  readonly wait: Call<OfContainer & { readonly run?: number }, { readonly exitCode: number }>;
  readonly settled: Call<{ readonly project: string }, Nothing>;
  readonly top: Call<OfContainer, TopView>;
  readonly imageInspect: Call<{ readonly reference: string }, unknown>;
  readonly imageHistory: Call<{ readonly reference: string }, readonly HistoryRow[]>;
  /** Full references with digests, in the order of the question. */
  readonly imageResolve: Call<{ readonly references: readonly string[] }, readonly string[]>;
  readonly imageTag: Call<{ readonly source: string; readonly target: string }, Nothing>;
  readonly imageRemove: Call<
    { readonly reference: string; readonly force: boolean },
    readonly RemovedReference[]
  >;
}

interface Stream<Takes, Line, Gives> extends Call<Takes, Gives> {
  readonly line: Line;
}

/** One JSON value in; lines out, and last an `Outcome`. */
export interface Streams {
  readonly apply: Stream<ApplyRequest, Exclude<ApplyLine, Outcome>, Nothing>;
  readonly logs: Stream<LogsRequest, ContainerLogEntry | ContainerLogEnd, Nothing>;
  readonly imagePull: Stream<
    { readonly reference: string; readonly platform?: string },
    { readonly text: string },
    ImageView
  >;
}

/** An archive in (its options as JSON in the query), one JSON value out. */
export interface Uploads {
  readonly imageLoad: Call<Nothing, readonly ImageView[]>;
  readonly imageImport: Call<ImportOptions, ImageView>;
}

/** One JSON value in, an archive out. */
export interface Downloads {
  readonly imageSave: { readonly takes: { readonly references: readonly string[] } };
}

/** The last line of every stream. */
export type Outcome<Gives = unknown> =
  | { readonly kind: 'outcome'; readonly ok: true; readonly gives?: Gives }
  | { readonly kind: 'outcome'; readonly ok: false; readonly error: WireError };

/** Ask the agent to observe, plan and (unless `dryRun`) execute under the project's lock. */
export interface ApplyRequest {
  /** Absent when only the name is known (`down -p name`): the plan is made from labels. */
  readonly project?: Project;
  readonly projectName: string;
  readonly command: Command;
  readonly dryRun: boolean;
  /** Of a dry run: what is to be kept of the plan is told after it. */
  readonly keep?: { readonly salt: string };
  /** Carry out this plan, which a dry run told to keep, and nothing else. */
  readonly saved?: SavedPlan;
  /** Actions at once; absent: the engine's own bound. -1: no bound. */
  readonly parallel?: number;
}

/**
 * The lines of an apply: perhaps that it waits for its turn, the plan, what is to be kept of it, then events, last the
 * outcome.
 * When images must be pulled before the rest can be decided there are two plans, each before its events.
 */
export type ApplyLine =
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'kept'; readonly saved: SavedPlan }
  | PlanEvent
  | Outcome;

export interface LogsRequest {
  readonly filter: ContainerFilter;
  readonly query: ContainerLogsQuery;
}

export interface ContainerLogsQuery extends LogsQuery {
  /** Under `follow`: go on when none of the containers runs (any longer), until the signal is raised. */
  readonly untilAborted?: boolean;
}

export interface ContainerLogEntry extends LogEntry {
  readonly container: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
}

/** Under `follow`: a container has ended, and everything that this run of it wrote has been handed on. */
export interface ContainerLogEnd {
  readonly kind: 'end';
  readonly id: string;
  /** When the run began. */
  readonly startedAt: number;
}

export interface AttachPoint {
  readonly socket: string;
  readonly control: string;
  readonly tty: boolean;
}

export interface StopOptions {
  readonly timeoutMs?: number;
  readonly signal?: string;
}

export interface RemoveOptions {
  readonly force: boolean;
  readonly volumes: boolean;
}

export interface ImportOptions {
  readonly reference?: string;
  readonly changes: readonly string[];
  readonly message?: string;
}

export interface RemovedReference {
  readonly untagged?: string;
  readonly deleted?: string;
}

/** An error as it crosses the socket; rebuilt on the other side with its code, hint and place. */
export interface WireError {
  readonly name: 'TscomposeError' | 'ComposeError' | 'HostError' | 'Error';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: SourceRange;
  readonly exitCode: number;
  readonly problems?: readonly Problem[];
  /** Only of a bug. */
  readonly stack?: string;
}

/** What a starting agent tells, on one line, to whoever started it. */
export type StartReport =
  | { readonly kind: 'ready' }
  /** Another agent holds the state root: it serves, is starting, or is leaving. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly error: WireError };

export interface AgentInfo {
  readonly version: string;
  readonly pid: number;
  readonly root: string;
  readonly run: string;
  readonly runtime: string;
  readonly cgroupVersion: 1 | 2;
  readonly containers: number;
}

/** The client's face of the agent: what the CLI and the library call. */
export interface AgentClient {
  /**
   * The project as the loader would give it, from an agent that is there and sees the same files. `undefined`: no
   * agent can say, load it here. Meanwhile one is started for a project that is to be run.
   */
  load(options: LoadOptions): Promise<LoadResult | undefined>;
  /**
   * Hands on every line, the outcome included, and throws when that is a failure. The signal asks the agent
   * to stop: what is in flight ends, the rest is skipped, and the outcome is `INTERRUPTED`. Resolves with the last plan.
   */
  apply(
    request: ApplyRequest,
    options: { readonly onLine: (line: ApplyLine) => void; readonly signal?: AbortSignal },
  ): Promise<Plan>;
  containers(filter: ContainerFilter): Promise<readonly ContainerView[]>;
  images(): Promise<readonly ImageView[]>;
  networks(): Promise<readonly NetworkView[]>;
  volumes(): Promise<readonly VolumeView[]>;
  /**
   * One stream for many containers; under `follow` it joins containers of the filter that appear later, ends when
   * none of them runs any longer and no command is changing the project, and outlives the agent's death. Resolves
   * when the signal is raised.
   */
  logs(
    filter: ContainerFilter,
    query: ContainerLogsQuery,
    onEntry: (entry: ContainerLogEntry) => void,
    signal?: AbortSignal,
    onEnd?: (end: ContainerLogEnd) => void,
  ): Promise<void>;
  exec(container: string, question: ExecQuestion): Promise<ExecPlan>;
  attach(container: string): Promise<AttachPoint>;
  /** An agent that dies is asked again by the next: with `first` that starts nothing a second time. */
  start(container: string, options?: StartOptions): Promise<void>;
  stop(container: string, options: StopOptions): Promise<void>;
  kill(container: string, signal: string): Promise<void>;
  removeContainer(container: string, options: RemoveOptions): Promise<void>;
  /**
   * Resolves with the exit code when the container has ended for good.
   * @param run its restart count: the end of that run is enough, though its restart policy brings it back
   */
  wait(container: string, signal?: AbortSignal, run?: number): Promise<number>;
  /** Resolves when no command is changing the project. */
  settled(project: string): Promise<void>;
  top(container: string): Promise<TopView>;
  imagePull(
    reference: string,
    options: {
      readonly platform?: string;
      readonly onProgress?: (text: string) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<ImageView>;
  /** Full references with the digests that the registries have for them now, in the order of the question. */
  imageResolve(references: readonly string[], signal?: AbortSignal): Promise<readonly string[]>;
  imageLoad(archive: NodeJS.ReadableStream): Promise<readonly ImageView[]>;
  imageImport(archive: NodeJS.ReadableStream, options: ImportOptions): Promise<ImageView>;
  imageSave(references: readonly string[], to: NodeJS.WritableStream): Promise<void>;
  imageInspect(reference: string): Promise<unknown>;
  /** One row an instruction, newest first. */
  imageHistory(reference: string): Promise<readonly HistoryRow[]>;
  imageTag(source: string, target: string): Promise<void>;
  imageRemove(reference: string, options: { readonly force: boolean }): Promise<readonly RemovedReference[]>;
  info(): Promise<AgentInfo>;
  /** Lets go of the connections. The agent stays as long as something needs it. */
  close(): void;
}
