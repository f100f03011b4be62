/** A small world of names: two projects' networks, a scaled service, one container on two networks. */
import type { DecodedPacket, Packet, RecordType } from 'dns-packet';
import * as packets from 'dns-packet';
import type { Zone } from '../../src/network/dns/zone.ts';
import { createZone } from '../../src/network/dns/zone.ts';

export function endpoint(
  containerName: string,
  network: string,
  ipv4: string,
  names: readonly string[],
  ipv6?: string,
) {
  return {
    containerId: containerName,
    containerName,
    networkId: network,
    networkName: network,
    ipv4,
    names,
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}

export function world(): Zone {
  const zone = createZone();
  zone.put('db', [endpoint('app-db-1', 'app_back', '172.18.0.2', ['mysql', 'app-db-1', 'Primary.DB'])]);
  zone.put('web1', [
    endpoint('app-web-1', 'app_front', '172.19.0.2', ['web', 'app-web-1'], 'fd00::2'),
    endpoint('app-web-1', 'app_back', '172.18.0.3', ['web', 'app-web-1']),
  ]);
  zone.put('web2', [endpoint('app-web-2', 'app_front', '172.19.0.3', ['web', 'app-web-2'])]);
  return zone;
}

export function query(name: string, type: RecordType = 'A', extra: Partial<Packet> = {}): Buffer {
  return packets.encode({
    type: 'query',
    id: 4711,
    flags: packets.RECURSION_DESIRED,
    questions: [{ type, name }],
    ...extra,
  });
}

export function optOf(udpPayloadSize: number): Partial<Packet> {
  return {
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize,
        flags: 0,
        options: [],
        extendedRcode: 0,
        ednsVersion: 0,
        flag_do: false,
      },
    ],
  } as Partial<Packet>;
}

/** What an independent reader makes of the message: code, and the records in short. */
export function read(message: Buffer): { readonly code: string; readonly answers: readonly string[] } {
  const packet = packets.decode(message) as DecodedPacket & { rcode: string };
  return {
    code: packet.rcode,
    answers: (packet.answers ?? []).map(
      (record) => `${record.name} ${record.type} ${'data' in record ? record.data : ''}`,
    ),
  };
}
