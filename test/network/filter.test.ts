import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFilter } from '../../src/network/filter.ts';
import {
  changeNetwork,
  changePorts,
  filteredNetwork,
  resolverTable,
  wholeTable,
} from '../../src/network/ruleset.ts';
import { fakeKernel } from './fake-kernel.ts';
import { record } from './records.ts';

const table = 'tscompose_abcdef';
const network = filteredNetwork(record());
const web = (hostPort: number, hostIp = '0.0.0.0') => ({
  binding: { target: 80, hostPort, hostIp, protocol: 'tcp' as const },
  address: '10.213.0.2',
});

describe('the packet filter’s text', () => {
  it('has a network as elements', () => {
    expect(changeNetwork('add', table, network).split('\n')).toEqual([
      'add element inet tscompose_abcdef bridges { "tsbabcdefa1b2c3" }',
      'add element inet tscompose_abcdef siblings { "tsbabcdefa1b2c3" . "tsbabcdefa1b2c3" }',
      'add element inet tscompose_abcdef subnets4 { 10.213.0.0/26 . "tsbabcdefa1b2c3" }',
      'add element inet tscompose_abcdef masqueraded4 { 10.213.0.0/26 }',
    ]);
  });

  it('does not masquerade an internal network, and names it as one', () => {
    const six = { subnet: 'fd00::/64', gateway: 'fd00::1' };
    const sets = (over: Parameters<typeof record>[0]) =>
      [...changeNetwork('add', table, filteredNetwork(record(over))).matchAll(/abcdef (\w+) \{/g)].map(
        ([, set]) => set,
      );
    expect(sets({ internal: true })).toEqual(['bridges', 'internal', 'siblings', 'subnets4']);
    expect(sets({ ipv6: six })).toEqual([
      'bridges',
      'siblings',
      'subnets4',
      'masqueraded4',
      'subnets6',
      'masqueraded6',
    ]);
    expect(sets({ driverOptions: { 'com.docker.network.bridge.enable_icc': 'false' } })).not.toContain(
      'siblings',
    );
    expect(
      sets({ driverOptions: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } }),
    ).not.toContain('masqueraded4');
  });

  it('passes on nothing of a family’s that is not ours, when told so', () => {
    const whole = wholeTable(table, [network], [], ['ipv4']).split('\n');
    expect(whole).toContain('flush map inet tscompose_abcdef strangers');
    expect(whole.at(-1)).toBe('add element inet tscompose_abcdef strangers { ipv4 : drop }');
    expect(wholeTable(table, [network], [])).not.toContain('drop }');
  });

  it('has a published port as an element, by address where the file names one; IPv6 is relayed instead', () => {
    expect(
      changePorts('add', table, [web(8080), web(8081, '127.0.0.1'), web(8082, '::1')]).split('\n'),
    ).toEqual([
      'add element inet tscompose_abcdef published { tcp . 8080 : 10.213.0.2 . 80 }',
      'add element inet tscompose_abcdef published_at { 127.0.0.1 . tcp . 8081 : 10.213.0.2 . 80 }',
    ]);
    expect(changePorts('delete', table, [web(8080)])).toBe(
      'delete element inet tscompose_abcdef published { tcp . 8080 }',
    );
  });

  it('has numeric priorities only', () => {
    const texts = [wholeTable(table, [network], [web(8080)]), resolverTable({ udpPort: 1, tcpPort: 2 })].join(
      '\n',
    );
    expect(texts.match(/priority \S+/g)?.every((priority) => /priority -?\d+;/.test(priority))).toBe(true);
  });
});

describe('the packet filter', () => {
  const commands = (kernel: ReturnType<typeof fakeKernel>) => kernel.filters.map(({ commands }) => commands);

  it('is written whole once, then changed element by element', async () => {
    const kernel = fakeKernel();
    const filter = createFilter(kernel, table);
    await filter.addNetwork(network);
    await filter.addNetwork(network);
    await filter.publish('a', [web(8080)]);
    await filter.unpublish('a');
    await filter.unpublish('a');
    await filter.removeNetwork(network.bridge);
    expect(commands(kernel)).toEqual([
      wholeTable(table, [network], []),
      changePorts('add', table, [web(8080)]),
      changePorts('delete', table, [web(8080)]),
      changeNetwork('delete', table, network),
    ]);
  });

  it('lets UDP clients find their way anew when a port comes or goes', async () => {
    const kernel = fakeKernel();
    const filter = createFilter(kernel, table);
    const udp = { ...web(5353), binding: { ...web(5353).binding, protocol: 'udp' as const } };
    await filter.publish('a', [web(8080), udp]);
    await filter.unpublish('a');
    expect(kernel.forgotten).toEqual([5353, 5353]);
  });

  it('keeps the ports of running containers when a new agent writes it for the first time', async () => {
    const kernel = fakeKernel();
    const filter = createFilter(kernel, table);
    filter.recallNetwork(network);
    filter.recallPorts('a', [web(8080)]);
    filter.recallPorts('b', [web(8081)]);
    await filter.publish('b', [web(8081)]);
    await filter.settle();
    expect(commands(kernel)).toEqual([wholeTable(table, [network], [web(8080), web(8081)])]);
  });

  it('is written whole again when somebody has flushed it', async () => {
    const kernel = fakeKernel();
    const filter = createFilter(kernel, table);
    await filter.addNetwork(network);
    kernel.refuse = (what) => (String(what).startsWith('add element') ? 'HOST_NFT' : undefined);
    await filter.publish('a', [web(8080)]);
    expect(commands(kernel).at(-1)).toBe(wholeTable(table, [network], [web(8080)]));
  });

  it('is written again without a change, soon after somebody has taken it away, until it is dropped', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const kernel = fakeKernel();
    const filter = createFilter(kernel, table);
    await filter.addNetwork(network);
    await vi.advanceTimersByTimeAsync(10_000);
    const whole = wholeTable(table, [network], []);
    expect(commands(kernel).filter((text) => text === whole)).toHaveLength(1);
    kernel.refuse = (what) => (String(what).startsWith('list chain') ? 'HOST_NFT' : undefined);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(commands(kernel).filter((text) => text === whole)).toHaveLength(2);
    await filter.drop();
    const after = commands(kernel).length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(commands(kernel)).toHaveLength(after);
  });

  it('makes room first when a table of another shape is in the way', async () => {
    const kernel = fakeKernel();
    kernel.refuse = (what) => (String(what).includes('delete table') ? undefined : 'HOST_NFT');
    await createFilter(kernel, table).addNetwork(network);
    expect(commands(kernel).at(-1)).toContain(
      `delete table inet ${table}\n${wholeTable(table, [network], [])}`,
    );
  });

  it('says so when the kernel takes neither', async () => {
    const kernel = fakeKernel();
    kernel.refuse = () => 'HOST_NFT';
    await expect(createFilter(kernel, table).addNetwork(network)).rejects.toMatchObject({ code: 'HOST_NFT' });
  });

  it('is not removed when it is not there', async () => {
    const kernel = fakeKernel();
    kernel.refuse = (what) => (String(what).startsWith('list') ? 'HOST_NFT' : undefined);
    await createFilter(kernel, table).drop();
    expect(commands(kernel)).toEqual([`list table inet ${table}`]);
  });
});
