import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

const form = 'write "name=address", such as "db=10.0.0.5" or "host.docker.internal=host-gateway"';

describe('extra_hosts', () => {
  it('is a list of name=address or name:address, printed with equals signs', async () => {
    const yaml = web(
      'extra_hosts: ["a=1.1.1.1", "b:2.2.2.2", "c:::1", "d=[::1]", "e:[::2]", "f:host-gateway"]',
    );
    expect(await canonicalOf(yaml)).toEqual({
      extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2', 'c=::1', 'd=::1', 'e=::2', 'f=host-gateway'],
    });
  });

  it('is a mapping of names to one address or several', async () => {
    const yaml = web('extra_hosts: {a: 1.1.1.1, b: [3.3.3.3, 2.2.2.2], c: "[::1]"}');
    expect(await canonicalOf(yaml)).toEqual({
      extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2', 'b=3.3.3.3', 'c=::1'],
    });
  });

  it('has several addresses in one item with commas, and is printed line by line in order', async () => {
    const yaml = web('extra_hosts: ["db=2.2.2.2,[::1]", "db-replica=9.9.9.9", "db=1.1.1.1"]');
    expect(await canonicalOf(yaml)).toEqual({
      extra_hosts: ['db-replica=9.9.9.9', 'db=1.1.1.1', 'db=2.2.2.2', 'db=::1'],
    });
  });

  it('has names and addresses apart in the typed project', async () => {
    expect((await serviceOf(web())).extraHosts).toEqual([]);
    expect((await serviceOf(web('extra_hosts: {b: "::1", a: host-gateway}'))).extraHosts).toEqual([
      { host: 'a', address: 'host-gateway' },
      { host: 'b', address: '::1' },
    ]);
  });

  it('may hold variables in its addresses and items', async () => {
    const env = { IP: '1.1.1.1' };
    expect(await canonicalOf(web('extra_hosts: {a: $IP, b: [$IP]}'), { env })).toEqual({
      extra_hosts: ['a=1.1.1.1', 'b=1.1.1.1'],
    });
    expect(await canonicalOf(web('extra_hosts: ["a:${IP}"]'), { env })).toEqual({
      extra_hosts: ['a=1.1.1.1'],
    });
  });

  it('is appended to across both forms; what is there already is not said twice', async () => {
    expect(
      await mergedOf('extra_hosts: {a: 1.1.1.1}', 'extra_hosts: ["a=1.1.1.1", "a=2.2.2.2", "b:3.3.3.3"]'),
    ).toEqual({ extra_hosts: ['a=1.1.1.1', 'a=2.2.2.2', 'b=3.3.3.3'] });
  });

  it('is refused where an item has no separator, no name, or a colon in its name', async () => {
    expect(
      await mistakesIn(web('extra_hosts: [db, "=1.1.1.1", "a:b=1.1.1.1"]'), { purpose: 'read' }),
    ).toEqual([
      `4:19 COMPOSE_VALUE: services.web.extra_hosts[0]: "db" has no address -> ${form}`,
      `4:23 COMPOSE_VALUE: services.web.extra_hosts[1]: "" cannot be the name of a host -> ${form}`,
      `4:35 COMPOSE_VALUE: services.web.extra_hosts[2]: "a:b" cannot be the name of a host -> ${form}`,
    ]);
  });

  it('is refused where an address is empty, when the project is to be started', async () => {
    const yaml = web('extra_hosts: ["db=${IP:-}"]');
    expect(await mistakesIn(yaml)).toEqual([
      '4:19 COMPOSE_VALUE: services.web.extra_hosts[0]: "db=" has no address -> write "name=address", or take it out where its variable is not set',
    ]);
    expect(await canonicalOf(yaml, { purpose: 'read' })).toEqual({ extra_hosts: ['db='] });
  });

  it('is refused where it is neither a list nor a mapping of text', async () => {
    expect(await placesIn(web('extra_hosts: "a=1.1.1.1"'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('extra_hosts: [1.1]'))).toEqual(['4:19 COMPOSE_TYPE']);
    expect(await placesIn(web('extra_hosts: {a: 5}'))).toEqual(['4:22 COMPOSE_TYPE']);
    expect(await placesIn(web('extra_hosts: {a: }'))).toEqual(['4:19 COMPOSE_TYPE']);
  });
});
