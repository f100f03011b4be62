/**
 * Operations as rtnetlink messages: pure functions from plain data to bytes.
 * @see rtnetlink(7), <linux/if_link.h>, <linux/rtnetlink.h>
 */
import { isIPv6 } from 'node:net';
import { unreachable } from '../errors.ts';
import { addressBytes } from './netlink-addresses.ts';
import {
  acknowledgeFlag,
  attribute,
  macBytes,
  message,
  nested,
  nothing,
  optional,
  requestFlag,
  text,
  u8,
  u32,
} from './netlink-bytes.ts';
import type { NetlinkOp } from './netlink-ops.ts';

export const messageType = {
  error: 2,
  done: 3,
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  getAddress: 22,
  newRoute: 24,
  getRoute: 26,
} as const;

const flag = {
  request: requestFlag,
  ack: acknowledgeFlag,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
} as const;
const family = { unspecified: 0, ipv4: 2, ipv6: 10 } as const;
const interfaceUp = 1;

/** Attributes of an interface, `IFLA_*`. */
const link = {
  address: 1,
  name: 3,
  mtu: 4,
  link: 5,
  master: 10,
  info: 18,
  namespaceFd: 28,
  familySpecific: 26,
} as const;
const linkInfo = { kind: 1, data: 2, portKind: 4, portData: 5 } as const;
const vethPeer = 1;
const macvlanMode = { attribute: 1, bridge: 4 } as const;
const bridgePort = { hairpin: 4, isolated: 33 } as const;
/** `IFLA_INET6_ADDR_GEN_MODE`. */
const addressGeneration = { attribute: 8, eui64: 0, none: 1 } as const;

const address = { address: 1, local: 2, flags: 8 } as const;
/** No duplicate address detection: the lease has made sure, and a tentative address answers nobody. */
const IFA_F_NODAD = 0x02;
const route = { gateway: 5, interface: 4 } as const;
const routeTable = { main: 254 } as const;
const routeOrigin = { static: 4 } as const;
const unicast = 1;

/** One operation as one message, with the sequence number that its acknowledgement will carry. */
export function encodeOp(op: NetlinkOp, sequence: number): Buffer {
  const { type, flags, body } = request(op);
  return message(type, flags | flag.request | flag.ack, sequence, body);
}

/** Asks for all objects of a kind. */
export function encodeDump(
  type: typeof messageType.getLink | typeof messageType.getAddress | typeof messageType.getRoute,
  sequence: number,
): Buffer {
  const body = type === messageType.getLink ? linkHeader() : Buffer.alloc(12);
  return message(type, flag.request | flag.dump, sequence, body);
}

interface Request {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

function request(op: NetlinkOp): Request {
  const fresh = flag.create | flag.exclusive;
  switch (op.kind) {
    case 'AddBridge':
      return {
        type: messageType.newLink,
        flags: fresh,
        body: Buffer.concat([
          linkHeader(),
          text(link.name, op.name),
          attribute(link.address, macBytes(op.mac)),
          optional(link.mtu, op.mtu),
          kindOf('bridge'),
        ]),
      };
    case 'AddVeth':
      return { type: messageType.newLink, flags: fresh, body: vethBody(op) };
    case 'AddMacvlan':
      return {
        type: messageType.newLink,
        flags: fresh,
        body: Buffer.concat([
          linkHeader(),
          text(link.name, op.name),
          attribute(link.address, macBytes(op.mac)),
          attribute(link.link, u32(op.parent)),
          attribute(link.namespaceFd, u32(op.namespace)),
          optional(link.mtu, op.mtu),
          kindOf('macvlan', attribute(macvlanMode.attribute, u32(macvlanMode.bridge))),
        ]),
      };
    case 'SetLink':
      return { type: messageType.newLink, flags: 0, body: setLinkBody(op) };
    case 'SetBridgePort':
      return {
        type: messageType.newLink,
        flags: 0,
        body: Buffer.concat([
          linkHeader(),
          text(link.name, op.name),
          attribute(
            link.info | nested,
            text(linkInfo.portKind, 'bridge'),
            attribute(
              linkInfo.portData | nested,
              attribute(bridgePort.hairpin, u8(op.hairpin ? 1 : 0)),
              attribute(bridgePort.isolated, u8(op.isolated ? 1 : 0)),
            ),
          ),
        ]),
      };
    case 'AddAddress':
      return { type: messageType.newAddress, flags: flag.create | flag.replace, body: addressBody(op) };
    case 'AddDefaultRoute':
      return { type: messageType.newRoute, flags: flag.create | flag.replace, body: routeBody(op) };
    case 'DeleteLink':
      return {
        type: messageType.delLink,
        flags: 0,
        body: Buffer.concat([linkHeader(), text(link.name, op.name)]),
      };
    default:
      return unreachable(op);
  }
}

function vethBody(op: Extract<NetlinkOp, { kind: 'AddVeth' }>): Buffer {
  const peer = Buffer.concat([
    linkHeader(),
    text(link.name, op.peer.name),
    attribute(link.address, macBytes(op.peer.mac)),
    attribute(link.namespaceFd, u32(op.peer.namespace)),
    optional(link.mtu, op.mtu),
  ]);
  return Buffer.concat([
    linkHeader(),
    text(link.name, op.name),
    optional(link.mtu, op.mtu),
    optional(link.master, op.master),
    kindOf('veth', attribute(vethPeer, peer)),
  ]);
}

function setLinkBody(op: Extract<NetlinkOp, { kind: 'SetLink' }>): Buffer {
  return Buffer.concat([
    op.up === undefined ? linkHeader() : linkHeader(op.up ? interfaceUp : 0, interfaceUp),
    text(link.name, op.name),
    op.mac === undefined ? nothing : attribute(link.address, macBytes(op.mac)),
    optional(link.mtu, op.mtu),
    optional(link.master, op.master),
    op.linkLocal === undefined ? nothing : addressGenerationMode(op.linkLocal),
  ]);
}

function addressGenerationMode(linkLocal: boolean): Buffer {
  const mode = linkLocal ? addressGeneration.eui64 : addressGeneration.none;
  return attribute(
    link.familySpecific | nested,
    attribute(family.ipv6 | nested, attribute(addressGeneration.attribute, u8(mode))),
  );
}

function addressBody(op: Extract<NetlinkOp, { kind: 'AddAddress' }>): Buffer {
  const bytes = addressBytes(op.address);
  const six = isIPv6(op.address);
  const header = Buffer.alloc(8);
  header[0] = six ? family.ipv6 : family.ipv4;
  header[1] = op.prefix;
  header.writeUInt32LE(op.index, 4);
  return Buffer.concat([
    header,
    attribute(address.local, bytes),
    attribute(address.address, bytes),
    six ? attribute(address.flags, u32(IFA_F_NODAD)) : nothing,
  ]);
}

function routeBody(op: Extract<NetlinkOp, { kind: 'AddDefaultRoute' }>): Buffer {
  const header = Buffer.alloc(12);
  header[0] = isIPv6(op.gateway) ? family.ipv6 : family.ipv4;
  header[4] = routeTable.main;
  header[5] = routeOrigin.static;
  header[7] = unicast;
  return Buffer.concat([
    header,
    attribute(route.gateway, addressBytes(op.gateway)),
    attribute(route.interface, u32(op.index)),
  ]);
}

/** `struct ifinfomsg`. */
function linkHeader(flags = 0, change = 0): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(flags, 8);
  header.writeUInt32LE(change, 12);
  return header;
}

function kindOf(kind: string, ...data: readonly Buffer[]): Buffer {
  const parts = [text(linkInfo.kind, kind)];
  if (data.length > 0) parts.push(attribute(linkInfo.data | nested, ...data));
  return attribute(link.info | nested, ...parts);
}
