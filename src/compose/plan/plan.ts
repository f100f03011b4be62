/**
 * A plan: actions with explicit dependencies and the reason for each, as plain data.
 * `plan()` makes it from what is wanted and what was observed; the engine carries it out.
 */
import type { Problem } from '../../errors.ts';
import type { Mount, NamespaceMode, Service } from '../model/project.ts';
import type { Change } from './changes.ts';
import type { Canonical } from './hash.ts';

export type NodeId = string & { readonly __brand: 'NodeId' };

export interface Plan {
  readonly project: string;
  readonly nodes: readonly PlanNode[];
  /** Things a person should know that are no errors: orphans, keys without effect. */
  readonly warnings: readonly string[];
  /** Names of containers that run already and are left alone: silence about them would look like nothing runs. */
  readonly running?: readonly string[];
  /** What a person has to answer first: until then the plan is not carried out, and leaves alone what they are about. */
  readonly questions?: readonly PlanQuestion[];
  /** Only of a draft: what keeps it from being carried out. */
  readonly problems?: readonly Problem[];
}

/** Whether a volume is to be made again, and its data lost. */
export interface PlanQuestion {
  readonly volume: string;
  readonly text: string;
}

export interface PlanNode {
  readonly id: NodeId;
  readonly action: Action;
  /** Every one must have succeeded before this runs. */
  readonly after: readonly NodeId[];
  /** Shown to people: "image changed". */
  readonly because: string;
  /** Of a container that is made again: what its service says now and did not say before. */
  readonly changes?: readonly Change[];
}

/** Every action may be carried out twice with the result of once. Objects are named, never numbered. */
export type Action =
  | {
      readonly kind: 'EnsureImage';
      readonly image: string;
      readonly policy: PullPolicy;
      readonly service: string;
      readonly platform?: string;
    }
  | { readonly kind: 'CreateNetwork'; readonly network: NetworkSpec }
  /** Stopped containers that still hold addresses there: these go with the network. */
  | { readonly kind: 'RemoveNetwork'; readonly name: string; readonly evicts?: readonly string[] }
  | { readonly kind: 'CreateVolume'; readonly volume: VolumeSpec }
  /** Stopped containers that still name it: they are replaced next. */
  | { readonly kind: 'RemoveVolume'; readonly name: string; readonly evicts?: readonly string[] }
  | {
      readonly kind: 'CreateContainer';
      readonly container: ContainerSpec;
      readonly replaces?: ReplacedContainer;
      /** Ids of other containers that have stopped to be replaced: the addresses they hold are free for this one. */
      readonly evicts?: readonly string[];
    }
  | { readonly kind: 'StartContainer'; readonly name: string; readonly service: string }
  | {
      readonly kind: 'WaitFor';
      readonly name: string;
      readonly service: string;
      readonly condition: Readiness;
      readonly required: boolean;
      readonly timeoutMs?: number;
    }
  | {
      readonly kind: 'StopContainer';
      readonly name: string;
      readonly service: string;
      readonly timeoutMs?: number;
      readonly signal?: string;
    }
  | {
      readonly kind: 'KillContainer';
      readonly name: string;
      readonly service: string;
      readonly signal: string;
    }
  | {
      readonly kind: 'RestartContainer';
      readonly name: string;
      readonly service: string;
      readonly timeoutMs?: number;
    }
  | { readonly kind: 'PauseContainer'; readonly name: string; readonly service: string }
  | { readonly kind: 'UnpauseContainer'; readonly name: string; readonly service: string }
  | {
      readonly kind: 'RemoveContainer';
      readonly name: string;
      readonly service: string;
      readonly volumes: boolean;
      readonly force: boolean;
    }
  | { readonly kind: 'RemoveImage'; readonly image: string };

export type ActionKind = Action['kind'];

/** `build` never pulls: the image must be there or be built. */
export type PullPolicy = 'always' | 'missing' | 'never' | 'build';

export type Readiness = 'started' | 'healthy' | 'completed' | 'running-or-healthy';

/**
 * The container that the new one takes the place (and the anonymous volumes) of. The plan stops the old one first;
 * creating then removes it and gives its name to the new one, as one step that leaves either the old or the new.
 * The host ports of a stopped container are free to be taken by others.
 */
export interface ReplacedContainer {
  readonly id: string;
  readonly name: string;
  /** False with `--renew-anon-volumes`. */
  readonly keepAnonymousVolumes: boolean;
}

export interface NetworkSpec {
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly enableIpv6: boolean;
  readonly subnets: readonly {
    readonly subnet?: string;
    readonly gateway?: string;
    readonly ipRange?: string;
    readonly auxAddresses?: readonly string[];
  }[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface VolumeSpec {
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** All that is known of a container before its image is looked at. Names are the engine's, not the file's keys. */
export interface ContainerSpec extends Pick<Service, CarriedOver> {
  readonly name: string;
  readonly project: string;
  readonly service: string;
  /** The replica's number from 1; 0 for a one-off (`run`). */
  readonly number: number;
  readonly oneOff: boolean;
  readonly image: string;
  readonly mounts: readonly MountSpec[];
  /** In order of attachment: eth0, eth1, … */
  readonly networks: readonly EndpointSpec[];
  /** `container` modes name the engine's container. */
  readonly networkMode: Exclude<NamespaceMode, { kind: 'service' }> | { readonly kind: 'networks' };
  readonly pid?: Exclude<NamespaceMode, { kind: 'service' }>;
  readonly ipc?: Exclude<NamespaceMode, { kind: 'service' }>;
  /** Secrets and configs, by content or by host path. */
  readonly files: readonly FileSpec[];
  /** What the service said of it, so that a later plan can tell what changed. Absent: a one-off. */
  readonly asked?: Canonical;
  /** Removed by the engine when it exits (`run --rm`). */
  readonly autoRemove: boolean;
}

/** What a container has exactly as its service. */
type CarriedOver =
  | ('platform' | 'command' | 'entrypoint' | 'environment' | 'workingDir' | 'user' | 'groupAdd')
  | ('hostname' | 'domainname' | 'labels' | 'annotations' | 'ports' | 'expose' | 'uts')
  | ('healthcheck' | 'restart' | 'stopSignal' | 'stopGracePeriodMs' | 'init' | 'tty' | 'stdinOpen')
  | ('readOnly' | 'privileged' | 'capAdd' | 'capDrop' | 'securityOpt' | 'ulimits' | 'sysctls')
  | ('extraHosts' | 'dns' | 'dnsSearch' | 'dnsOptions' | 'devices' | 'shmSizeBytes' | 'resources')
  | 'logging';

/** A volume is named as the engine knows it; without a name it is anonymous. */
export type MountSpec =
  | (Omit<Extract<Mount, { type: 'volume' }>, 'source'> & { readonly name?: string })
  | Exclude<Mount, { type: 'volume' }>;

export interface EndpointSpec {
  readonly network: string;
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly macAddress?: string;
  readonly interfaceName?: string;
  /** The one with the highest wins the default route; ties go to the first. */
  readonly gatewayPriority: number;
}

export type FileSpec = {
  readonly target: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: number;
} & (
  | { readonly kind: 'bind'; readonly source: string }
  | { readonly kind: 'content'; readonly content: string }
);
