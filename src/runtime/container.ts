/**
 * What the runtime layer offers the engine: OCI bundles run by `crun` (or `runc`) under `conmon`.
 * It gets everything resolved: the image's configuration is merged in, mounts are host paths.
 */

import type { TscomposeError } from '../errors.ts';

/** All that is needed to make the OCI bundle. */
export interface BundleRequest {
  readonly id: string;
  readonly name: string;
  /** Mounted root file system. */
  readonly rootfs: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** `uid[:gid]` or names, looked up in the root file system. Empty: root. */
  readonly user: string;
  readonly groupAdd: readonly string[];
  readonly hostname: string;
  readonly domainname?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mounts: readonly BundleMount[];
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  /** Its input ends when the first client that attached leaves; else it waits for the next. */
  readonly stdinOnce?: boolean;
  /** False: its output can only be seen by whoever is attached. */
  readonly keepsLog: boolean;
  readonly readOnly: boolean;
  readonly privileged: boolean;
  readonly init: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly devices: readonly {
    readonly source: string;
    readonly target: string;
    readonly permissions: string;
  }[];
  readonly shmSizeBytes?: number;
  readonly resources: BundleResources;
  readonly namespaces: {
    /** `new`: made by the OCI runtime at create; a pid: joined. */
    readonly network: 'new' | 'host' | { readonly pid: number };
    readonly pid: 'new' | 'host' | { readonly pid: number };
    /** `shareable`: new, and its /dev/shm can be joined by other containers with the pid. */
    readonly ipc: 'new' | 'shareable' | 'host' | { readonly pid: number };
    readonly uts: 'new' | 'host';
  };
  /** Content of the generated files; absent ones are not mounted (`network_mode: host` uses the host's). */
  readonly hosts: string;
  readonly resolvConf: string;
}

/** What of a request can be judged before anything is made for it. */
export type Settings = Pick<
  BundleRequest,
  'privileged' | 'capAdd' | 'capDrop' | 'securityOpt' | 'ulimits' | 'devices' | 'resources' | 'init'
>;

/** One setting that cannot be had. */
export interface Refusal {
  /** Below the service: `cap_add[0]`, `ulimits.nofile`. */
  readonly attribute: string;
  readonly error: TscomposeError;
}

export type BundleMount =
  | {
      readonly type: 'bind';
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      readonly propagation?: string;
      readonly recursive?: 'enabled' | 'disabled' | 'writable' | 'readonly';
    }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      readonly readOnly: boolean;
      readonly sizeBytes?: number;
      readonly mode?: number;
      readonly options?: readonly string[];
    };

export interface BundleResources {
  readonly memoryBytes?: number;
  readonly memorySwapBytes?: number;
  readonly memoryReservationBytes?: number;
  readonly cpus?: number;
  readonly cpuShares?: number;
  readonly cpuQuotaUs?: number;
  readonly cpuPeriodUs?: number;
  readonly cpuset?: string;
  readonly pids?: number;
  readonly oomScoreAdj?: number;
  readonly oomKillDisable?: boolean;
}

/** How a container's main process ended. */
export interface Exit {
  /** As a shell has it: 128 + signal. 127: no such program, 126: not executable. 125: the runtime failed. */
  readonly code: number;
  readonly oomKilled: boolean;
  readonly finishedAt: number;
  /** Why nothing better than a guess is known: conmon was killed. */
  readonly uncertain?: boolean;
}

/** A process that `create` left waiting for `start`, guarded against pid reuse. */
export interface CreatedProcess {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat. */
  readonly pidStartTime: string;
  readonly conmonPid: number;
  readonly conmonStartTime: string;
}

export interface ExecRequest {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd?: string;
  readonly user?: string;
  /** The container's own; every user of it has them. */
  readonly groupAdd: readonly string[];
  readonly tty: boolean;
  readonly privileged: boolean;
}

export interface LogLine {
  readonly containerId: string;
  /** Nanosecond RFC 3339, as conmon wrote it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** Without its newline. */
  readonly text: string;
}

export interface LogQuery {
  readonly follow: boolean;
  /** Lines from the end; absent: all. */
  readonly tail?: number;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
}

export interface LogBound {
  readonly maxBytes: number;
  /** 1 at least: the current one counts. */
  readonly maxFiles: number;
}

export interface Runtime {
  /** Chooses crun or runc by what works here. @throws HostError `HOST_TOOL_MISSING`, `HOST_KERNEL_LACKS` */
  open(): Promise<void>;
  /** The host part of the engine's directories: `<run>/containers/<id>`. */
  readonly name: 'crun' | 'runc';
  readonly cgroupVersion: 1 | 2;
  /** What of these settings the host cannot give. Changes nothing. */
  refusals(settings: Settings): Promise<readonly Refusal[]>;
  /**
   * Writes the bundle and has conmon create the container. The process exists, in its namespaces, and waits.
   * @throws TscomposeError `CONTAINER_CREATE` with exit code 125, 126 or 127 as Docker gives it
   */
  create(request: BundleRequest): Promise<CreatedProcess>;
  start(id: string): Promise<void>;
  /** Whether the container was let run, by whomever and whatever became of it: an earlier agent may not have noted it. */
  hasBegun(id: string): Promise<boolean>;
  /** Sends a signal (name or number, `SIG` optional) to the main process. A container that has ended is fine. */
  kill(id: string, signal: string): Promise<void>;
  /** SIGKILL to every process of the container's cgroup. */
  killAll(id: string): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Removes what the OCI runtime and conmon keep of the container: state, cgroup, bundle. Kills what still runs. Absent is fine. */
  delete(id: string): Promise<void>;
  /** Whether the process of that pid and start time is alive. */
  isAlive(process: CreatedProcess): Promise<boolean>;
  /** Resolves when the container has ended; at once when it has. Survives conmon's death. */
  exit(id: string, process: CreatedProcess, signal: AbortSignal): Promise<Exit>;
  /** Runs a command inside and waits for it: health checks. */
  exec(
    id: string,
    request: ExecRequest,
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly maxOutputBytes?: number },
  ): Promise<{ readonly code: number; readonly output: string; readonly timedOut: boolean }>;
  /**
   * The exact argv with which a client on this host runs the command with its own terminal, at once.
   * @throws TscomposeError `CONTAINER_NOT_RUNNING`, `COMMAND_REFUSED` with Docker's exit code for why
   */
  execArgv(id: string, request: ExecRequest): Promise<{ readonly argv: readonly [string, ...string[]] }>;
  /** The bundle's `attach` socket (SOCK_SEQPACKET) and `ctl` fifo, for a client that wants the container's own stdio. */
  attachPaths(id: string): { readonly socket: string; readonly control: string };
  /** Lines in order; partial writes are joined. Ends with the container, or when the signal is raised. Outlives rotation. */
  logs(id: string, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;
  /**
   * Has conmon begin a new log file when the current one is full, and removes the oldest beyond `maxFiles`
   * (`container.log.1` is the newest of the old ones). `logs` reads them all.
   * @returns the size of the current one as it was found, in bytes; 0 when the container has ended
   */
  rotateLog(id: string, bound: LogBound): Promise<number>;
  /** Processes of the container, as `ps -ef` shows them on the host. */
  top(
    id: string,
  ): Promise<{ readonly titles: readonly string[]; readonly processes: readonly (readonly string[])[] }>;
  /** Ids that the runtime or the cgroups know; for clean-up after a crash. */
  list(): Promise<readonly string[]>;
}
