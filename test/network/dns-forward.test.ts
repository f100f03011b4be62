import { Duplex } from 'node:stream';
import * as packets from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { HostError } from '../../src/errors.ts';
import type { Upstream } from '../../src/network/dns/forward.ts';
import { createForwarder } from '../../src/network/dns/forward.ts';
import { frame, frames } from '../../src/network/dns/framing.ts';
import { query, read } from './dns-world.ts';

type Server = (query: Buffer, transport: 'udp' | 'tcp') => Buffer | 'silence' | 'unreachable';

/** Resolvers by address; what was asked of whom is noted. */
function upstream(
  servers: Readonly<Record<string, Server>>,
): Upstream & { readonly asked: string[]; readonly ids: number[] } {
  const asked: string[] = [];
  const ids: number[] = [];
  const ask = (server: string, transport: 'udp' | 'tcp', message: Buffer) => {
    asked.push(`${server} ${transport}`);
    ids.push(message.readUInt16BE(0));
    return servers[server]!(message, transport);
  };
  return {
    asked,
    ids,
    servers: async () => Object.keys(servers),
    udp: (server) => {
      let deliver = (_message: Buffer): void => undefined;
      let refuse = (): void => undefined;
      return {
        send: (message) => {
          const said = ask(server, 'udp', Buffer.from(message));
          setImmediate(() => {
            if (said === 'unreachable') refuse();
            else if (said !== 'silence') deliver(said);
          });
        },
        onMessage: (handler) => {
          deliver = handler;
        },
        onRefused: (handler) => {
          refuse = handler;
        },
        close: () => undefined,
      };
    },
    tcp: (server) => {
      const connection: Duplex = new Duplex({
        read: () => undefined,
        write: (chunk: Buffer, _encoding, done) => {
          frames((message) => {
            const said = ask(server, 'tcp', message);
            if (typeof said !== 'string') connection.push(frame(said));
          })(chunk);
          done();
        },
      });
      return connection;
    },
  };
}

const reply = (message: Buffer, over: packets.Packet & { rcode?: number } = {}): Buffer => {
  const asked = packets.decode(message);
  const { rcode = 0, ...rest } = over;
  return packets.encode({
    type: 'response',
    id: asked.id ?? 0,
    flags: packets.RECURSION_AVAILABLE | rcode,
    questions: asked.questions ?? [],
    answers: rcode === 0 ? [{ type: 'A', name: 'debian.org', data: '151.101.2.132' }] : [],
    ...rest,
  });
};
const good: Server = (message) => reply(message);
const failing: Server = (message) => reply(message, { rcode: 2 });
const silent: Server = () => 'silence';
const limits = { timeoutMs: 30, maxInFlight: 4 };
const ask = async (servers: Readonly<Record<string, Server>>, transport: 'udp' | 'tcp' = 'udp') => {
  const world = upstream(servers);
  const message = await createForwarder(limits).forward(query('debian.org'), world, transport);
  return { asked: world.asked, ids: world.ids, id: message.readUInt16BE(0), ...read(message) };
};

describe('a forwarded question', () => {
  it('comes back with the asker’s id, and leaves with another', async () => {
    const { ids, ...said } = await ask({ a: good });
    expect(said).toEqual({
      asked: ['a udp'],
      id: 4711,
      code: 'NOERROR',
      answers: ['debian.org A 151.101.2.132'],
    });
    const more = await Promise.all(Array.from({ length: 4 }, () => ask({ a: good })));
    expect(new Set([...ids, ...more.flatMap((one) => one.ids)]).size).toBeGreaterThan(1);
  });

  it.each([
    ['is silent', silent],
    ['fails', failing],
    ['refuses', (message: Buffer) => reply(message, { rcode: 5 })],
    ['is not there', () => 'unreachable' as const],
  ])('goes to the next server when one %s', async (_how, bad) => {
    expect(await ask({ a: bad, b: good })).toMatchObject({ asked: ['a udp', 'b udp'], code: 'NOERROR' });
  });

  it('fails when nobody can be asked any more: the container has ended, or the list of servers is unreadable', async () => {
    const refuse = (code: string) => (): never => {
      throw new HostError(code, 'cannot');
    };
    const ended = { ...upstream({ a: silent, b: silent }), udp: refuse('HOST_EBADF') };
    const unreadable = { ...upstream({}), servers: async () => refuse('HOST_EIO')() };
    for (const world of [ended, unreadable])
      expect(read(await createForwarder(limits).forward(query('x'), world, 'udp')).code).toBe('SERVFAIL');
  });

  it('does not go on when a server says that the name does not exist', async () => {
    const none: Server = (message) => reply(message, { rcode: 3 });
    expect(await ask({ a: none, b: good })).toMatchObject({ asked: ['a udp'], code: 'NXDOMAIN' });
  });

  it('goes to three servers at most, and fails when none knows', async () => {
    expect(await ask({ a: failing, b: silent, c: silent, d: good })).toMatchObject({
      asked: ['a udp', 'b udp', 'c udp'],
      code: 'SERVFAIL',
    });
    expect(await ask({})).toMatchObject({ asked: [], code: 'SERVFAIL', id: 4711 });
  });

  it('is not answered by a message of another id or another question', async () => {
    const wrongId: Server = (message) => {
      const forged = reply(message);
      forged.writeUInt16BE((message.readUInt16BE(0) + 1) & 0xffff, 0);
      return forged;
    };
    const wrongName: Server = (message) => reply(message, { questions: [{ type: 'A', name: 'evil.org' }] });
    expect(await ask({ a: wrongId, b: wrongName, c: good })).toMatchObject({
      asked: ['a udp', 'b udp', 'c udp'],
      code: 'NOERROR',
    });
  });

  it('is not answered by noise, nor by a message that points in circles', async () => {
    const cut: Server = (message) => reply(message).subarray(0, 20);
    const circular: Server = (message) => {
      const forged = reply(message);
      forged.writeUInt16BE(0xc00c, 12);
      return forged;
    };
    expect(await ask({ a: cut, b: circular, c: good })).toMatchObject({
      asked: ['a udp', 'b udp', 'c udp'],
      code: 'NOERROR',
    });
  });

  it('is passed on as the server said it, whatever stands behind the question', async () => {
    const odd: Server = (message) =>
      Buffer.concat([reply(message, { answers: [] }), Buffer.from('no record at all')]);
    expect(await ask({ a: odd })).toMatchObject({ asked: ['a udp'], code: 'NOERROR', answers: [] });
  });

  it('is asked again over TCP when the answer was cut and the asker can take it whole', async () => {
    const cut: Server = (message, transport) =>
      transport === 'udp'
        ? reply(message, { flags: packets.TRUNCATED_RESPONSE, answers: [] })
        : reply(message);
    expect(await ask({ a: cut }, 'tcp')).toMatchObject({
      asked: ['a udp', 'a tcp'],
      answers: ['debian.org A 151.101.2.132'],
    });
    expect(await ask({ a: cut }, 'udp')).toMatchObject({ asked: ['a udp'], answers: [] });
  });

  it('is refused when too many wait already', async () => {
    const forwarder = createForwarder(limits);
    const world = upstream({ a: silent });
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () => read(await forwarder.forward(query('x'), world, 'udp')).code),
    );
    expect(codes.sort()).toEqual(['REFUSED', 'REFUSED', 'SERVFAIL', 'SERVFAIL', 'SERVFAIL', 'SERVFAIL']);
  });

  it('ends at once when the resolver closes', async () => {
    const forwarder = createForwarder({ timeoutMs: 60_000, maxInFlight: 1 });
    const waiting = forwarder.forward(query('x'), upstream({ a: silent, b: silent }), 'udp');
    setImmediate(() => forwarder.close());
    expect(read(await waiting).code).toBe('SERVFAIL');
  });
});
