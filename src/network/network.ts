/**
 * What the network layer offers the engine: bridges, endpoints in containers' network namespaces,
 * published ports, names. It knows containers by id and namespace, and no project.
 */
import type { SourceRange, TscomposeError } from '../errors.ts';

export interface NetworkRequest {
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

/** A network as it is kept in `networks/<id>/network.json`. */
export interface NetworkRecord {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** The bridge's interface name on the host. */
  readonly bridge: string;
  readonly ipv4: {
    readonly subnet: string;
    readonly gateway: string;
    readonly ipRange?: string;
    readonly reserved: readonly string[];
  };
  readonly ipv6?: {
    readonly subnet: string;
    readonly gateway: string;
    readonly ipRange?: string;
    readonly reserved?: readonly string[];
  };
}

/** An address held for a container on a network, from creation to removal. Kept with the container. */
export interface Lease {
  readonly networkId: string;
  readonly networkName: string;
  readonly ipv4: string;
  readonly ipv6?: string;
  readonly mac: string;
  /** `eth0`, `eth1`, … or what the service asked for. */
  readonly interfaceName: string;
  /** Names that answer with this endpoint's address on this network: service, container, short id, aliases. */
  readonly names: readonly string[];
  /** True for the one network that carries the default route. */
  readonly defaultRoute: boolean;
}

export interface LeaseRequest {
  readonly containerId: string;
  readonly containerName: string;
  readonly networks: readonly {
    readonly network: string;
    readonly names: readonly string[];
    readonly ipv4Address?: string;
    readonly ipv6Address?: string;
    readonly macAddress?: string;
    readonly interfaceName?: string;
    readonly gatewayPriority: number;
  }[];
}

export interface PortRequest {
  readonly target: number;
  readonly published?: { readonly start: number; readonly end: number };
  readonly hostIp?: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Where the file asks for it, for the error about a port in use. */
  readonly at?: SourceRange;
}

/** A host port held for a container. */
export interface PortBinding {
  readonly target: number;
  readonly hostPort: number;
  /** Empty when the file names no address: every address of both families. */
  readonly hostIp: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

/** What a running container needs wired: given at start, and again when the agent adopts it. */
export interface Attachment {
  readonly containerId: string;
  readonly containerName: string;
  /** A process in the container's network namespace. */
  readonly pid: number;
  readonly leases: readonly Lease[];
  readonly ports: readonly PortBinding[];
  /** `dns:`; empty: the host's own resolvers. */
  readonly upstreams: readonly string[];
}

/** Networks and containers that are planned, to be judged before anything is made. */
export interface NetworkRehearsal {
  readonly made: readonly NetworkRequest[];
  /** Names of networks that go first. */
  readonly dropped: readonly string[];
  readonly containers: readonly { readonly name: string; readonly networks: LeaseRequest['networks'] }[];
  /** Ids of containers whose addresses become free. */
  readonly leaving: readonly string[];
}

export interface NetworkRefusal {
  readonly network: string;
  /** Absent: the network itself is refused. */
  readonly container?: string;
  /** Which setting, as Compose has it: `ipam.config[0].subnet`, `ipv4_address`. */
  readonly part?: string;
  readonly error: TscomposeError;
}

export interface NetworkManager {
  /** Reads what is on disk, makes missing bridges and rules again, removes kernel objects of ours that nothing on disk explains. */
  open(): Promise<void>;
  /**
   * Makes the network, or answers the one of that name.
   * @throws TscomposeError `NETWORK_POOL_EXHAUSTED`, `NETWORK_SUBNET_OVERLAP` (naming the other), `NETWORK_DRIVER_UNSUPPORTED`
   */
  create(request: NetworkRequest): Promise<NetworkRecord>;
  /** Subnets and fixed addresses that `create` and `lease` would refuse. Changes nothing. */
  refusals(rehearsal: NetworkRehearsal): Promise<readonly NetworkRefusal[]>;
  /**
   * Removes bridge, rules and record. Absent is fine.
   * @param evicts names of containers that do not run, whose addresses are no use of the network
   * @throws TscomposeError `NETWORK_IN_USE` naming the containers; HostError when the disk takes no changes: nothing is
   *   changed then
   */
  remove(name: string, evicts?: readonly string[]): Promise<void>;
  list(): Promise<readonly NetworkRecord[]>;
  /**
   * Chooses and holds addresses. Held leases given back by `restoreLeases` are not chosen again.
   * @throws TscomposeError `NETWORK_ADDRESS_IN_USE`, `NETWORK_ADDRESS_OUTSIDE`, `NETWORK_FULL`, `NETWORK_UNKNOWN`
   */
  lease(request: LeaseRequest): Promise<readonly Lease[]>;
  /** Tells of the leases of a container known from disk, before anything is chosen. */
  restoreLeases(containerId: string, containerName: string, leases: readonly Lease[]): void;
  /** Frees the addresses. */
  release(containerId: string): void;
  /**
   * Chooses and holds host ports; nothing is reachable before `attach`. None for a container whose networks all
   * cannot be reached from outside.
   * @throws TscomposeError `PORT_IN_USE` naming the holder (process or container), at the place in the file
   */
  reservePorts(
    containerId: string,
    containerName: string,
    ports: readonly PortRequest[],
  ): Promise<readonly PortBinding[]>;
  /** Holds again the ports of a container known from disk, on adoption and on restart. */
  restorePorts(containerId: string, containerName: string, bindings: readonly PortBinding[]): Promise<void>;
  releasePorts(containerId: string): Promise<void>;
  /** Whether these host ports could be had now, apart from those that `ignoring` containers hold; the problems otherwise. */
  checkPorts(ports: readonly PortRequest[], ignoring: readonly string[]): Promise<readonly TakenPort[]>;
  /** Wires the namespace: veths, addresses, routes, resolver, published ports. Carried out twice it changes nothing. */
  attach(attachment: Attachment): Promise<void>;
  /** Takes names, published ports and veths away; the namespace may be gone already. */
  detach(containerId: string): Promise<void>;
  /** Removes every kernel object of ours (last container gone, agent about to leave): table, sysctls set by us. */
  close(): Promise<void>;
}

export interface TakenPort {
  readonly port: PortRequest;
  readonly hostPort: number;
  /** "nginx (pid 812)", "container other-web-1". */
  readonly holder: string;
}
