/** What people are shown of the engine's objects: plain data, Docker's words. */

export interface ContainerView {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly image: string;
  readonly imageId: string;
  /** The command as `ps` shows it: entrypoint and arguments. */
  readonly command: readonly string[];
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'removing';
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** Process id on the host; 0 when not running. */
  readonly pid: number;
  /** Milliseconds since the epoch; 0 when it never happened. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly restartCount: number;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Published and merely exposed ports; `hostPort` 0 when only exposed, empty `hostIp`: on every address of both families. */
  readonly ports: readonly {
    readonly target: number;
    readonly protocol: string;
    readonly hostIp: string;
    readonly hostPort: number;
  }[];
  readonly networks: readonly {
    readonly name: string;
    readonly ipv4: string;
    readonly ipv6?: string;
    readonly mac: string;
    readonly gateway: string;
  }[];
  readonly mounts: readonly {
    readonly type: 'bind' | 'volume' | 'tmpfs';
    readonly name?: string;
    readonly source: string;
    readonly target: string;
    readonly readOnly: boolean;
  }[];
  /** The last health checks, oldest first, at most five. */
  readonly healthLog: readonly { readonly at: number; readonly exitCode: number; readonly output: string }[];
  /** Why it could not be started, when it could not. */
  readonly error?: string;
}

export interface ContainerFilter {
  readonly project?: string;
  readonly services?: readonly string[];
  /** Also those that are not running. */
  readonly all: boolean;
  readonly oneOffs: 'include' | 'exclude' | 'only';
}

export interface ImageView {
  readonly id: string;
  readonly references: readonly string[];
  readonly createdAt: number;
  readonly sizeBytes: number;
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface NetworkView {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  readonly subnet: string;
  readonly gateway: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly string[];
}

export interface VolumeView {
  readonly name: string;
  readonly driver: string;
  readonly mountpoint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly anonymous: boolean;
}

export interface TopView {
  readonly titles: readonly string[];
  readonly processes: readonly (readonly string[])[];
}

/** What a client runs, with its own terminal, to be inside. */
export interface ExecPlan {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}
