/**
 * The kernel remembers where the packets of a flow go. UDP has no connections: a client that goes on sending
 * would be led to a container that is gone, or past one that has come, for as long as it goes on.
 */
import { closeSync } from 'node:fs';
import { acknowledgeFlag, attribute, message, nested, requestFlag, u8, u32 } from './netlink-bytes.ts';
import { acknowledgement, messagesOf } from './netlink-decode.ts';
import { netlinkFamily, openNetlinkSocket, received, refusal, send } from './netlink-socket.ts';

/** `NFNL_SUBSYS_CTNETLINK`, `IPCTNL_MSG_CT_DELETE`. */
const deleteFlows = (1 << 8) | 2;
const AF_INET = 2;
const IPPROTO_UDP = 17;
/** `CTA_*`, each of its own level. */
const attributes = { original: 1, protocol: 2, protocolNumber: 1, destinationPort: 3, filter: 25 } as const;
/** Which parts of the given flow must match: its protocol and its destination port. */
const filterFlags = { original: 1, reply: 2, protocolNumber: 1 << 3, destinationPort: 1 << 5 } as const;

/** Nobody remembers such a flow, or the kernel (before 5.8) cannot look for one by port. */
const nothingToForget: ReadonlySet<string> = new Set(['HOST_ENOENT', 'HOST_EINVAL', 'HOST_EOPNOTSUPP']);

/** Forgets the IPv4 flows that were sent to the UDP port, on whatever address. */
export async function forgetUdpFlows(port: number): Promise<void> {
  const fd = openNetlinkSocket(netlinkFamily.netfilter);
  try {
    await send(fd, encodeForget(port));
    const answer = messagesOf(received(fd)).map(acknowledgement)[0];
    if (answer === undefined || answer.errno === 0) return;
    const error = refusal(`forget the flows to port ${port}/udp`, answer);
    if (!nothingToForget.has(error.code)) throw error;
  } finally {
    closeSync(fd);
  }
}

export function encodeForget(port: number): Buffer {
  const header = Buffer.from([AF_INET, 0, 0, 0]);
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  const flow = attribute(
    attributes.original | nested,
    attribute(
      attributes.protocol | nested,
      attribute(attributes.protocolNumber, u8(IPPROTO_UDP)),
      attribute(attributes.destinationPort, portBytes),
    ),
  );
  const filter = attribute(
    attributes.filter | nested,
    attribute(filterFlags.original, u32(filterFlags.protocolNumber | filterFlags.destinationPort)),
    attribute(filterFlags.reply, u32(0)),
  );
  return message(deleteFlows, requestFlag | acknowledgeFlag, 1, Buffer.concat([header, flow, filter]));
}
