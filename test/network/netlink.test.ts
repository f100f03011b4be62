import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes, addressText } from '../../src/host/netlink-addresses.ts';
import { encodeForget } from '../../src/host/netlink-conntrack.ts';
import { acknowledgement, linkOf, messagesOf, routeOf } from '../../src/host/netlink-decode.ts';
import { encodeDump, encodeOp, messageType } from '../../src/host/netlink-encode.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s|#.*$/gm, ''), 'hex');

describe('an rtnetlink message', () => {
  it('deletes a link by its name', () => {
    expect(encodeOp({ kind: 'DeleteLink', name: 'tsv0' }, 7)).toEqual(
      hex(`
        2c000000 1100 0500 07000000 00000000         # length 44, DELLINK, REQUEST|ACK, sequence 7
        00000000 00000000 00000000 00000000          # struct ifinfomsg
        0900 0300 7473763000 000000                  # IFLA_IFNAME "tsv0"
      `),
    );
  });

  it('makes a veth pair with one end already in another namespace and the other already in the bridge', () => {
    const op = {
      kind: 'AddVeth',
      name: 'tsv0',
      master: 5,
      peer: { name: 'eth0', mac: '02:42:0a:d5:00:02', namespace: 9 },
    } as const;
    expect(encodeOp(op, 1)).toEqual(
      hex(`
        7c000000 1000 0506 01000000 00000000         # NEWLINK, REQUEST|ACK|EXCL|CREATE
        00000000 00000000 00000000 00000000
        0900 0300 7473763000 000000                  # IFLA_IFNAME "tsv0"
        0800 0a00 05000000                           # IFLA_MASTER 5
        4800 1280                                    # IFLA_LINKINFO
          0900 0100 7665746800 000000                #   IFLA_INFO_KIND "veth"
          3800 0280                                  #   IFLA_INFO_DATA
            3400 0100                                #     VETH_INFO_PEER
              00000000 00000000 00000000 00000000
              0900 0300 6574683000 000000            #       IFLA_IFNAME "eth0"
              0a00 0100 02420ad50002 0000            #       IFLA_ADDRESS
              0800 1c00 09000000                     #       IFLA_NET_NS_FD 9
      `),
    );
  });

  it('makes a bridge with a hardware address of its own', () => {
    const encoded = encodeOp({ kind: 'AddBridge', name: 'b0', mac: '02:42:00:00:00:01', mtu: 1400 }, 1);
    expect(encoded).toEqual(
      hex(`
        4c000000 1000 0506 01000000 00000000
        00000000 00000000 00000000 00000000
        0700 0300 623000 00
        0a00 0100 024200000001 0000
        0800 0400 78050000                           # IFLA_MTU 1400
        1000 1280 0b00 0100 62726964676500 00        # "bridge"
      `),
    );
  });

  it('brings a link up, and says whether it has an fe80:: address', () => {
    expect(encodeOp({ kind: 'SetLink', name: 'lo', up: true }, 1)).toEqual(
      hex(`28000000 1000 0500 01000000 00000000 00000000 00000000 01000000 01000000 0700 0300 6c6f00 00`),
    );
    expect(encodeOp({ kind: 'SetLink', name: 'lo', linkLocal: false }, 1)).toEqual(
      hex(`
        38000000 1000 0500 01000000 00000000 00000000 00000000 00000000 00000000 0700 0300 6c6f00 00
        1000 1a80 0c00 0a80 0500 0800 01 000000      # IFLA_AF_SPEC, AF_INET6, ADDR_GEN_MODE none
      `),
    );
  });

  it('gives addresses of both families, the IPv6 one without waiting for duplicates', () => {
    expect(encodeOp({ kind: 'AddAddress', index: 2, address: '10.213.0.2', prefix: 26 }, 1)).toEqual(
      hex(`28000000 1400 0505 01000000 00000000 021a0000 02000000 0800 0200 0ad50002 0800 0100 0ad50002`),
    );
    const six = encodeOp({ kind: 'AddAddress', index: 2, address: 'fd00::2', prefix: 64 }, 1);
    expect(six.subarray(16, 24)).toEqual(hex('0a400000 02000000'));
    expect(six.subarray(-8)).toEqual(hex('0800 0800 02000000'));
  });

  it('sets the default route', () => {
    expect(encodeOp({ kind: 'AddDefaultRoute', gateway: '10.213.0.1', index: 2 }, 1)).toEqual(
      hex(`
        2c000000 1800 0505 01000000 00000000
        02000000 fe040001 00000000                   # main table, static, everywhere, unicast
        0800 0500 0ad50001 0800 0400 02000000
      `),
    );
  });

  it('lets a bridge port send frames back where they came from', () => {
    const encoded = encodeOp({ kind: 'SetBridgePort', name: 'v', hairpin: true, isolated: false }, 1);
    expect(encoded.subarray(40)).toEqual(
      hex('2400 1280 0b00 0400 62726964676500 00 1400 0580 0500 0400 01 000000 0500 2100 00 000000'),
    );
  });

  it('forgets the UDP flows to a port', () => {
    expect(encodeForget(5353)).toEqual(
      hex(`
        40000000 0201 0500 01000000 00000000         # CTNETLINK delete
        02000000                                     # struct nfgenmsg: IPv4
        1800 0180 1400 0280                          # CTA_TUPLE_ORIG, CTA_TUPLE_PROTO
          0500 0100 11 000000 0600 0300 14e9 0000    #   UDP, destination port 5353
        1400 1980 0800 0100 28000000 0800 0200 00000000
      `),
    );
  });

  it('is as long as it says, whatever the operation', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,15}$/), fc.nat(), (name, sequence) => {
        const encoded = encodeOp({ kind: 'SetLink', name, up: true, mtu: 1500 }, sequence % 0x1_0000_0000);
        expect(encoded.readUInt32LE(0)).toBe(encoded.length);
        expect(encoded.length % 4).toBe(0);
        expect(messagesOf(encoded)).toHaveLength(1);
      }),
    );
  });
});

describe('the kernel’s answer', () => {
  it('says which operation failed and why', () => {
    const answer = hex(`
      3c000000 0200 0003 07000000 00000000           # NLMSG_ERROR, capped, with attributes
      efffffff                                       # -17
      2c000000 1000 0506 07000000 00000000           # the request's header
      1800 0100 46696c652065786973747320616c726561647900
    `);
    const [message] = messagesOf(answer);
    expect(acknowledgement(message!)).toEqual({ sequence: 7, errno: 17, explanation: 'File exists already' });
  });

  it('lists links and routes', () => {
    const [link] = messagesOf(
      hex(`
        3c000000 1000 0200 01000000 00000000 00000100 05000000 01000000 00000000
        0700 0300 623000 00 0a00 0100 024200000001 0000 0800 0a00 09000000
      `),
    );
    expect(linkOf(link!)).toEqual({ index: 5, name: 'b0', mac: '02:42:00:00:00:01', up: true, master: 9 });
    const [route] = messagesOf(
      hex(
        '2c000000 1800 0200 01000000 00000000 02180000 fe020001 00000000 0800 0100 c0000200 0800 0400 02000000',
      ),
    );
    expect(routeOf(route!)).toEqual({ index: 2, destination: '192.0.2.0', prefix: 24 });
  });

  it('is read to its end when it is cut short, and no further', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const message of messagesOf(Buffer.from(bytes))) expect(message.body.length).toBeLessThan(200);
      }),
    );
  });

  it('is asked for with a dump request', () => {
    expect(encodeDump(messageType.getRoute, 3)).toEqual(
      hex('1c000000 1a00 0103 03000000 00000000 00000000 00000000 00000000'),
    );
  });
});

describe('an address', () => {
  it('is the same after a way through bytes', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(addressText(addressBytes(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(addressBytes(addressText(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
