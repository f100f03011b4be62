import type { RecordType } from 'dns-packet';
import * as packets from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asker } from '../../src/network/dns/answer.ts';
import { answer } from '../../src/network/dns/answer.ts';
import { createZone } from '../../src/network/dns/zone.ts';
import { endpoint, optOf, query, read, world } from './dns-world.ts';

const zone = world();
const web: Asker = { networkIds: ['app_front', 'app_back'], forwards: true };
const front: Asker = { networkIds: ['app_front'], forwards: true };
const secluded: Asker = { networkIds: ['app_back'], forwards: false };

const ask = (
  message: Buffer,
  asker: Asker = web,
  options: { transport?: 'udp' | 'tcp'; turn?: number } = {},
) => {
  const said = answer(message, zone, asker, { transport: 'udp', turn: 0, ...options });
  return 'message' in said ? read(said.message) : said.kind;
};
const ok = (...answers: string[]) => ({ code: 'NOERROR', answers });

describe('a name', () => {
  it('is answered as Docker answers it, byte for byte', () => {
    const said = answer(query('mysql'), zone, web, { transport: 'udp', turn: 0 });
    expect(said).toEqual({
      kind: 'response',
      message: Buffer.from(
        // id, qr rd ra, 1 question, 1 answer; the question; mysql. 600 IN A 172.18.0.2: 44 bytes
        '1267 8180 0001 0001 0000 0000 05 6d7973716c 00 0001 0001 05 6d7973716c 00 0001 0001 00000258 0004 ac120002'.replaceAll(
          ' ',
          '',
        ),
        'hex',
      ),
    });
    expect(said.kind === 'response' && said.message.length).toBe(44);
  });

  it('gets no OPT record, though dig sends one', () => {
    const said = answer(query('mysql', 'A', optOf(1232)), zone, web, { transport: 'udp', turn: 0 });
    expect(said.kind === 'response' && packets.decode(said.message).additionals).toEqual([]);
  });

  it('may be a service, a container, an alias, or any of them with its network, in any case of letters', () => {
    const back = { networkIds: ['app_back'], forwards: true };
    for (const name of ['mysql', 'app-db-1', 'primary.db', 'mysql.app_back', 'primary.db.app_back'])
      expect(ask(query(name), back)).toEqual(ok(`${name} A 172.18.0.2`));
    expect(ask(query('MySQL.App_Back'), back)).toEqual(ok('MySQL.App_Back A 172.18.0.2'));
  });

  it('is known only to those on its network', () => {
    expect(ask(query('mysql'), front)).toBe('forward');
    expect(ask(query('mysql.app_back'), front)).toBe('forward');
  });

  it('has the address of the first network that both are on', () => {
    expect(ask(query('app-web-1'), web)).toEqual(ok('app-web-1 A 172.19.0.2'));
    expect(ask(query('app-web-1'), secluded)).toEqual(ok('app-web-1 A 172.18.0.3'));
  });

  it('of a scaled service has all addresses, each first in its turn', () => {
    expect(ask(query('web'), front, { turn: 0 })).toEqual(ok('web A 172.19.0.2', 'web A 172.19.0.3'));
    expect(ask(query('web'), front, { turn: 1 })).toEqual(ok('web A 172.19.0.3', 'web A 172.19.0.2'));
  });

  it('without an IPv6 address is not an error for who asks for one', () => {
    expect(ask(query('web', 'AAAA'))).toEqual(ok('web AAAA fd00::2'));
    for (const type of ['AAAA', 'MX', 'SRV', 'TXT'] as const) expect(ask(query('mysql', type))).toEqual(ok());
    expect(ask(query('web', 'ANY' as RecordType))).toEqual(
      ok('web A 172.19.0.2', 'web AAAA fd00::2', 'web A 172.19.0.3'),
    );
  });

  it('of nobody is somebody else’s to answer, but on an internal network does not exist', () => {
    expect(ask(query('debian.org'))).toBe('forward');
    expect(ask(query('debian.org'), secluded)).toEqual({ code: 'NXDOMAIN', answers: [] });
  });
});

describe('an address', () => {
  it('has the name of its container and network', () => {
    expect(ask(query('2.0.18.172.in-addr.arpa', 'PTR'))).toEqual(
      ok('2.0.18.172.in-addr.arpa PTR app-db-1.app_back'),
    );
    const six = `${'2'.padEnd(24, '0')}00000000`.slice(0, 28).split('').join('.');
    expect(ask(query(`${six}.0.0.d.f.ip6.arpa`, 'PTR'))).toEqual(
      ok(`${six}.0.0.d.f.ip6.arpa PTR app-web-1.app_front`),
    );
  });

  it('of nobody is forwarded', () => {
    expect(ask(query('9.9.9.9.in-addr.arpa', 'PTR'))).toBe('forward');
  });
});

describe('a large answer', () => {
  const big = createZone();
  for (let number = 1; number <= 100; number += 1)
    big.put(`c${number}`, [endpoint(`c${number}`, 'net', `10.0.0.${number}`, ['many'])]);
  const asker = { networkIds: ['net'], forwards: true };
  const said = (message: Buffer, transport: 'udp' | 'tcp') => {
    const given = answer(message, big, asker, { transport, turn: 0 });
    if (given.kind !== 'response') throw new Error(given.kind);
    return { size: given.message.length, ...packets.decode(given.message) };
  };

  it('is cut to 512 bytes and marked, for who says nothing of his own size', () => {
    const { size, flag_tc, answers } = said(query('many'), 'udp');
    expect({ fits: size <= 512, flag_tc, count: answers?.length }).toEqual({
      fits: true,
      flag_tc: true,
      count: 24,
    });
  });

  it('is whole for who takes it whole, and over TCP', () => {
    const udp = said(query('many', 'A', optOf(2022)), 'udp');
    expect({ size: udp.size, flag_tc: udp.flag_tc, count: udp.answers?.length }).toEqual({
      size: 2022,
      flag_tc: false,
      count: 100,
    });
    expect(said(query('many'), 'tcp').answers).toHaveLength(100);
  });
});

describe('a message that is no proper question', () => {
  it('is not answered when it is an answer itself, or shorter than a header', () => {
    expect(ask(packets.encode({ type: 'response', questions: [{ type: 'A', name: 'web' }] }))).toBe('ignore');
    expect(ask(Buffer.alloc(11))).toBe('ignore');
  });

  it('is told what is wrong with it', () => {
    const notify = query('web');
    notify[2] = notify[2]! | 0x20;
    expect(ask(notify)).toEqual({ code: 'NOTIMP', answers: [] });
    expect(ask(query('web').subarray(0, 15))).toEqual({ code: 'FORMERR', answers: [] });
    expect(ask(query('web', 'AXFR'))).toEqual({ code: 'REFUSED', answers: [] });
  });

  it('is not read further than the question and the client’s own size, wherever its counts and pointers lead', () => {
    const pointsAtItself = Buffer.concat([query('').subarray(0, 12), Buffer.from('c00c00010001', 'hex')]);
    const pointsAtHeader = Buffer.concat([query('').subarray(0, 12), Buffer.from('c00000010001', 'hex')]);
    for (const message of [pointsAtItself, pointsAtHeader])
      expect(ask(message)).toEqual({ code: 'FORMERR', answers: [] });
    const claimsMuch = query('mysql');
    claimsMuch.fill(0xff, 6, 12);
    expect(ask(claimsMuch)).toEqual(ok('mysql A 172.18.0.2'));
    claimsMuch.fill(0xff, 4, 6);
    expect(ask(claimsMuch)).toEqual({ code: 'FORMERR', answers: [] });
  });

  it('of a name that is no text is answered with the same bytes', () => {
    const strange = query('a-name');
    strange[14] = 0xff;
    const said = answer(strange, zone, secluded, { transport: 'udp', turn: 0 });
    expect(said.kind === 'response' && said.message.toString('hex', 12)).toBe(strange.toString('hex', 12));
  });

  it('never breaks the resolver, whatever bytes it is made of', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.record({ at: fc.nat(40), byte: fc.nat(255), cut: fc.nat(60) }).map(({ at, byte, cut }) => {
        const message = query('web.app_front', 'A', optOf(4096));
        message[at % message.length] = byte;
        return message.subarray(0, cut);
      }),
    );
    fc.assert(
      fc.property(noise, fc.constantFrom('udp' as const, 'tcp' as const), (message, transport) => {
        const given = answer(message, zone, web, { transport, turn: 3 });
        if (!('message' in given)) return;
        expect(given.message.length).toBeLessThanOrEqual(65_535);
        expect(given.message.subarray(0, 2)).toEqual(message.subarray(0, 2));
        expect(given.message[2]! & 0x80).toBe(0x80);
      }),
      { numRuns: 2_000 },
    );
  });
});
