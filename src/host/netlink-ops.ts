/** What can be asked of the kernel's network configuration, as plain data. */

export type NetlinkOp =
  | { readonly kind: 'AddBridge'; readonly name: string; readonly mac: string; readonly mtu?: number }
  | {
      readonly kind: 'AddVeth';
      readonly name: string;
      readonly mtu?: number;
      /** Interface index of the bridge that `name` becomes a port of. */
      readonly master?: number;
      readonly peer: {
        readonly name: string;
        readonly mac: string;
        /** Open file of the network namespace that the peer is born in. */
        readonly namespace: number;
      };
    }
  | {
      readonly kind: 'AddMacvlan';
      readonly name: string;
      /** Interface index of the parent. */
      readonly parent: number;
      readonly mac: string;
      readonly namespace: number;
      readonly mtu?: number;
    }
  | {
      readonly kind: 'SetLink';
      readonly name: string;
      readonly up?: boolean;
      readonly mac?: string;
      readonly mtu?: number;
      readonly master?: number;
      /** False: the interface gets no fe80:: address of its own. */
      readonly linkLocal?: boolean;
    }
  | {
      readonly kind: 'SetBridgePort';
      readonly name: string;
      /** Frames may leave through the port they came from: a container reaching its own published port. */
      readonly hairpin: boolean;
      /** The port talks to the bridge only, not to other isolated ports. */
      readonly isolated: boolean;
    }
  | {
      readonly kind: 'AddAddress';
      /** Interface index. */
      readonly index: number;
      readonly address: string;
      readonly prefix: number;
    }
  | { readonly kind: 'AddDefaultRoute'; readonly gateway: string; readonly index: number }
  | { readonly kind: 'DeleteLink'; readonly name: string };

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly mac: string;
  readonly up: boolean;
  /** Index of the bridge it is a port of; 0: none. */
  readonly master: number;
}

export interface AddressEntry {
  readonly index: number;
  readonly address: string;
  readonly prefix: number;
}

export interface RouteEntry {
  /** Index of the outgoing interface; 0: none. */
  readonly index: number;
  /** Destination network; `undefined` for the default route. */
  readonly destination?: string;
  readonly prefix: number;
}

/** The words for an operation in an error: "cannot … ". */
export function describe(op: NetlinkOp): string {
  const sayings: {
    readonly [Kind in NetlinkOp['kind']]: (op: Extract<NetlinkOp, { kind: Kind }>) => string;
  } = {
    AddBridge: ({ name }) => `create the bridge ${name}`,
    AddVeth: ({ name, peer }) => `create the interface pair ${name} and ${peer.name}`,
    AddMacvlan: ({ name }) => `create the macvlan interface ${name}`,
    SetLink: ({ name, up }) => `${up ? 'bring up' : 'configure'} the interface ${name}`,
    SetBridgePort: ({ name }) => `configure the bridge port ${name}`,
    AddAddress: ({ address, prefix }) => `give the interface the address ${address}/${prefix}`,
    AddDefaultRoute: ({ gateway }) => `set the default route through ${gateway}`,
    DeleteLink: ({ name }) => `remove the interface ${name}`,
  };
  return (sayings[op.kind] as (op: NetlinkOp) => string)(op);
}
