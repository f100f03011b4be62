/**
 * The domain model of a loaded project: long syntax only, units resolved, names final.
 * Everything is plain readonly data, so a project can cross the socket to the agent as JSON.
 */
import type { SourceRange } from '../../errors.ts';

/** A value as JSON has it: what the canonical form is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Project {
  readonly name: string;
  /** Absolute directory that relative paths were resolved against. */
  readonly workingDir: string;
  /** Absolute paths of the files that were read, in order. `-` stands for standard input. */
  readonly configFiles: readonly string[];
  /** Absolute paths given with `--env-file`; empty when the default `.env` was used. */
  readonly envFiles: readonly string[];
  /** Enabled services (by profile or by name), keyed by service name. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services held back by their profiles; kept so that `run` and `up NAME` can name them. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly secrets: Readonly<Record<string, FileObject>>;
  readonly configs: Readonly<Record<string, FileObject>>;
  /** Profiles that were asked for. */
  readonly profiles: readonly string[];
  /** The canonical tree, keys and values as `docker compose config --format json` prints them. */
  readonly canonical: { readonly [key: string]: Json };
  /** Where things stand in the files, by path: `services.web.ports[0]`, `networks.back`. */
  readonly positions: Readonly<Record<string, SourceRange>>;
}

export interface Service {
  readonly name: string;
  readonly image?: string;
  /** The canonical `build` section; present means the image can be built. */
  readonly build?: Json;
  readonly pullPolicy?: string;
  readonly platform?: string;
  /** `undefined`: the image's. `[]`: emptied. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Merged from `env_file` and `environment`; `null` is a name without a value (not set in the container). */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly workingDir?: string;
  readonly user?: string;
  readonly groupAdd: readonly string[];
  readonly hostname?: string;
  readonly domainname?: string;
  readonly containerName?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ports: readonly PortMapping[];
  /** `"3000/tcp"` forms; metadata only. */
  readonly expose: readonly string[];
  readonly mounts: readonly Mount[];
  /** Keyed by the network's key in `Project.networks`, in order of attachment. Empty under `networkMode`. */
  readonly networks: Readonly<Record<string, NetworkAttachment>>;
  /** Absent: attached to `networks`. */
  readonly networkMode?: NamespaceMode;
  readonly pid?: NamespaceMode;
  readonly ipc?: NamespaceMode;
  readonly uts?: 'host';
  /** Explicit and implied (`links`, `network_mode: service:x`, …) dependencies by service name. */
  readonly dependsOn: Readonly<Record<string, Dependency>>;
  /** Link aliases: alias → service. */
  readonly links: Readonly<Record<string, string>>;
  readonly healthcheck?: Healthcheck;
  readonly restart: RestartPolicy;
  readonly stopSignal?: string;
  /** Absent: 10 s. */
  readonly stopGracePeriodMs?: number;
  readonly init: boolean;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  readonly readOnly: boolean;
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  /** As written: `no-new-privileges:true`, `seccomp=unconfined`, `seccomp=/abs/profile.json`. */
  readonly securityOpt: readonly string[];
  readonly ulimits: Readonly<Record<string, Ulimit>>;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Host name → addresses (or `host-gateway`), in file order. */
  readonly extraHosts: readonly { readonly host: string; readonly address: string }[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly macAddress?: string;
  readonly devices: readonly DeviceMapping[];
  readonly shmSizeBytes?: number;
  readonly resources: Resources;
  readonly secrets: readonly FileMount[];
  readonly configs: readonly FileMount[];
  readonly profiles: readonly string[];
  /** From `scale` or `deploy.replicas`; 1 when neither is written. */
  readonly scale: number;
  /** False: left out of attached `up`'s logs. */
  readonly attach: boolean;
  /** Absent: all of its output is kept. */
  readonly logging?: LogKeeping;
  /** The service as `config` prints it; the configuration hash is taken over this. */
  readonly canonical: { readonly [key: string]: Json };
}

/** How much of a container's output is kept: nothing, or so many files of about that size. */
export type LogKeeping =
  | { readonly kind: 'none' }
  | { readonly kind: 'bounded'; readonly maxBytes: number; readonly maxFiles: number };

export interface PortMapping {
  readonly target: number;
  /** One host port, a range to pick from, or absent: any free one. */
  readonly published?: { readonly start: number; readonly end: number };
  readonly hostIp?: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly mode: 'host' | 'ingress';
  readonly name?: string;
  readonly appProtocol?: string;
}

export type Mount =
  | {
      readonly type: 'volume';
      /** Key in `Project.volumes`; absent: an anonymous volume. */
      readonly source?: string;
      readonly target: string;
      readonly readOnly: boolean;
      readonly nocopy: boolean;
      readonly subpath?: string;
    }
  | {
      readonly type: 'bind';
      /** Absolute path on the host. */
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      readonly createHostPath: boolean;
      readonly propagation?: string;
      readonly recursive?: 'enabled' | 'disabled' | 'writable' | 'readonly';
    }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      readonly readOnly: boolean;
      readonly sizeBytes?: number;
      readonly mode?: number;
      /** Raw extra options of the service's `tmpfs:` short form, such as `uid=1000` or `exec`. */
      readonly options?: readonly string[];
    };

export interface NetworkAttachment {
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly macAddress?: string;
  readonly interfaceName?: string;
  readonly priority?: number;
  readonly gatewayPriority?: number;
}

export type NamespaceMode =
  | { readonly kind: 'none' }
  | { readonly kind: 'host' }
  | { readonly kind: 'bridge' }
  | { readonly kind: 'private' }
  | { readonly kind: 'shareable' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'container'; readonly container: string };

export interface Dependency {
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  readonly required: boolean;
  readonly restart: boolean;
}

export type Healthcheck =
  | { readonly kind: 'disabled' }
  | {
      readonly kind: 'enabled';
      /** Absent: the image's own test, with these timings. Else `['CMD', …]` or `['CMD-SHELL', line]`. */
      readonly test?: readonly string[];
      readonly intervalMs?: number;
      readonly timeoutMs?: number;
      readonly retries?: number;
      readonly startPeriodMs?: number;
      readonly startIntervalMs?: number;
    };

export type RestartPolicy =
  | { readonly kind: 'no' }
  | { readonly kind: 'always' }
  | { readonly kind: 'unless-stopped' }
  | { readonly kind: 'on-failure'; readonly maxRetries?: number };

export interface Ulimit {
  readonly soft: number;
  readonly hard: number;
}

export interface DeviceMapping {
  readonly source: string;
  readonly target: string;
  readonly permissions: string;
}

/** Limits; `deploy.resources` and the service-level spellings have become one. */
export interface Resources {
  readonly memoryBytes?: number;
  /** Memory plus swap; -1 unlimited. */
  readonly memorySwapBytes?: number;
  readonly memoryReservationBytes?: number;
  /** Cores, such as 0.5. */
  readonly cpus?: number;
  readonly cpuShares?: number;
  readonly cpuQuotaUs?: number;
  readonly cpuPeriodUs?: number;
  readonly cpuset?: string;
  /** -1 or 0: unlimited. */
  readonly pids?: number;
  readonly oomScoreAdj?: number;
  readonly oomKillDisable?: boolean;
}

export interface FileMount {
  /** Key in `Project.secrets` or `Project.configs`. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Permission bits, such as 0o440. */
  readonly mode?: number;
}

export interface Network {
  /** The real name: `<project>_<key>`, or what `name:` says. */
  readonly name: string;
  readonly external: boolean;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly enableIpv4: boolean;
  readonly enableIpv6: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly ipam: {
    readonly driver?: string;
    readonly config: readonly {
      readonly subnet?: string;
      readonly gateway?: string;
      readonly ipRange?: string;
      readonly auxAddresses?: Readonly<Record<string, string>>;
    }[];
  };
}

export interface Volume {
  readonly name: string;
  readonly external: boolean;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** A top-level secret or config. */
export type FileObject =
  | { readonly kind: 'file'; readonly name: string; readonly file: string }
  /** `content` was taken from the variable when the project was loaded. */
  | {
      readonly kind: 'environment';
      readonly name: string;
      readonly variable: string;
      readonly content: string;
    }
  | { readonly kind: 'content'; readonly name: string; readonly content: string }
  | { readonly kind: 'external'; readonly name: string };
