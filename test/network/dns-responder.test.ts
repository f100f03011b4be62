import { describe, expect, it } from 'vitest';
import { createResponder } from '../../src/network/dns/responder.ts';
import { endpoint, optOf, query, read, world } from './dns-world.ts';

const asker = { networkIds: ['app_front'], forwards: true };

function responder() {
  const zone = world();
  const respond = createResponder(zone, asker);
  const ask = (message: Buffer) => {
    const said = respond(message, 'udp');
    return said.kind === 'response' ? read(said.message).answers : said.kind;
  };
  return { zone, respond, ask };
}

describe('the resolver’s memory', () => {
  it('gives the same answer under the id of each query', () => {
    const { respond } = responder();
    const said = [1, 2, 65_535].map((id) => {
      const answer = respond(query('app-web-1', 'A', { id }), 'udp');
      return answer.kind === 'response' ? answer.message : Buffer.alloc(2);
    });
    expect(said.map((message) => message.readUInt16BE(0))).toEqual([1, 2, 65_535]);
    expect(new Set(said.map((message) => message.toString('hex', 2))).size).toBe(1);
  });

  it('lets the addresses of a scaled service take turns', () => {
    const { ask } = responder();
    const firsts = Array.from({ length: 6 }, () => ask(query('web'))[0]);
    expect(firsts.filter((first) => first === 'web A 172.19.0.2')).toHaveLength(3);
  });

  it('keeps no answer that was cut short: over TCP, or for a client that takes more, it is whole', () => {
    const { zone, respond } = responder();
    const replicas = Array.from({ length: 30 }, (_, number) => `172.19.1.${number + 1}`);
    for (const address of replicas) zone.put(address, [endpoint(address, 'app_front', address, ['many'])]);
    const count = (message: Buffer, transport: 'udp' | 'tcp' = 'udp') => {
      const said = respond(message, transport);
      return said.kind === 'response' ? read(said.message).answers.length : said.kind;
    };
    const asked = [
      count(query('many')),
      count(query('many'), 'tcp'),
      count(query('many', 'A', optOf(1232))),
      count(query('many')),
    ];
    expect(asked).toEqual([24, 30, 30, 24]);
  });

  it('forgets everything as soon as a name changes', () => {
    const { zone, ask } = responder();
    expect(ask(query('app-web-2'))).toEqual(['app-web-2 A 172.19.0.3']);
    zone.put('web2', [endpoint('app-web-2', 'app_front', '172.19.0.9', ['web', 'app-web-2'])]);
    expect(ask(query('app-web-2'))).toEqual(['app-web-2 A 172.19.0.9']);
    zone.remove('web2');
    expect(ask(query('app-web-2'))).toBe('forward');
  });

  it('keeps questions apart that differ in type, letters, flags or what follows', () => {
    const { ask } = responder();
    expect(ask(query('app-web-1'))).toEqual(['app-web-1 A 172.19.0.2']);
    expect(ask(query('app-web-1', 'AAAA'))).toEqual(['app-web-1 AAAA fd00::2']);
    expect(ask(query('APP-web-1'))).toEqual(['APP-web-1 A 172.19.0.2']);
    expect(ask(query('app-web-1', 'A', optOf(1232)))).toEqual(['app-web-1 A 172.19.0.2']);
  });

  it('does not hold against a question what was wrong with an earlier one behind it', () => {
    const { ask } = responder();
    const cut = query('app-web-1', 'A', optOf(1232)).subarray(0, -4);
    expect(ask(cut)).toBe('rejection');
    expect(ask(query('app-web-1', 'A', optOf(1232)))).toEqual(['app-web-1 A 172.19.0.2']);
  });

  it('does not grow without end', () => {
    const { ask } = responder();
    for (let number = 0; number < 4096; number += 1) {
      const name = [...'app-web-1']
        .map((letter, bit) => ((number >> bit) & 1 ? letter.toUpperCase() : letter))
        .join('');
      expect(ask(query(name))).toEqual([`${name} A 172.19.0.2`]);
    }
  });
});
