// A server of names for tests: says what its argument tells it to, and prints what it was asked.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import * as packets from 'dns-packet';

const names = JSON.parse(process.argv[2]);
const codes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
/** More than 512 bytes and less than a datagram of today. */
const many = Array.from({ length: 60 }, (_, index) => `192.0.2.${index + 1}`);

function answer(message, transport) {
  const { id, questions } = packets.decode(message);
  const [{ name, type }] = questions;
  console.log(`${transport} ${name} ${type}`);
  const said = names[name] ?? names['*'] ?? 'NXDOMAIN';
  if (said === 'silence') return undefined;
  const cut = said === 'cut' && transport === 'udp' ? packets.TRUNCATED_RESPONSE : 0;
  const addresses = said === 'cut' && cut === 0 ? many : Array.isArray(said) && type === 'A' ? said : [];
  return packets.encode({
    type: 'response',
    id,
    flags: packets.RECURSION_DESIRED | packets.RECURSION_AVAILABLE | cut | (codes[said] ?? 0),
    questions,
    answers: addresses.map((data) => ({ type: 'A', name, ttl: 60, data })),
  });
}

const udp = createSocket('udp4');
udp.on('message', (message, { port, address }) => {
  const said = answer(message, 'udp');
  if (said !== undefined) udp.send(said, port, address);
});
const tcp = createServer((connection) => {
  connection.on('error', () => connection.destroy());
  connection.on('data', (bytes) => {
    const said = answer(bytes.subarray(2), 'tcp');
    if (said !== undefined)
      connection.end(Buffer.concat([Buffer.from([said.length >> 8, said.length & 255]), said]));
  });
});
udp.bind(53, '0.0.0.0', () => tcp.listen(53, '0.0.0.0', () => console.log('ready')));
