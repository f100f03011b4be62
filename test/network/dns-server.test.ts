import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, frames } from '../../src/network/dns/framing.ts';
import { createResponder } from '../../src/network/dns/responder.ts';
import { serveConnection } from '../../src/network/dns/server.ts';
import { query, read, world } from './dns-world.ts';

/** A TCP client and the messages that it was sent. */
function client() {
  const received: Buffer[] = [];
  const read = frames((message) => received.push(Buffer.from(message)));
  const connection: Duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      read(chunk);
      done();
    },
  });
  const upstream = { servers: async () => [], udp: () => fail(), tcp: () => fail() };
  serveConnection(connection, {
    respond: createResponder(world(), { networkIds: ['app_front'], forwards: true }),
    forwarder: {
      forward: async (message) =>
        Buffer.concat([message.subarray(0, 2), Buffer.from('8180', 'hex'), Buffer.alloc(8)]),
      close: () => undefined,
    },
    upstream,
  });
  return { connection, received };
}

function fail(): never {
  throw new Error('nobody is asked');
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a resolver’s TCP connection', () => {
  it('answers many questions in one go, however they are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(90), { maxLength: 8 }), async (cuts) => {
        const { connection, received } = client();
        const bytes = Buffer.concat([
          frame(query('app-web-1')),
          frame(query('app-web-2')),
          frame(query('debian.org')),
        ]);
        let from = 0;
        for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
          if (cut > from) connection.push(bytes.subarray(from, cut));
          from = Math.max(from, cut);
        }
        await settled();
        expect(received.map((message) => read(message).answers)).toEqual([
          ['app-web-1 A 172.19.0.2'],
          ['app-web-2 A 172.19.0.3'],
          [],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('is cut off when it sends answers, or a question longer than any', async () => {
    const response = query('web');
    response[2] = 0x80;
    for (const bytes of [frame(response), frame(Buffer.alloc(5_000))]) {
      const { connection } = client();
      connection.push(bytes);
      await settled();
      expect(connection.destroyed).toBe(true);
    }
  });

  it('survives whatever bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const { connection } = client();
        connection.push(Buffer.from(bytes));
        await settled();
        connection.destroy();
      }),
      { numRuns: 200 },
    );
  });

  it('answers what was asked before the client stopped talking', async () => {
    const { connection, received } = client();
    connection.push(frame(query('debian.org')));
    connection.push(null);
    await settled();
    expect(received).toHaveLength(1);
    expect(connection.writableEnded).toBe(true);
  });
});
