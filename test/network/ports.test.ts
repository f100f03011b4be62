import { describe, expect, it } from 'vitest';
import type { PortRequest } from '../../src/network/network.ts';
import { createPortBook } from '../../src/network/ports.ts';
import { fakeKernel } from './fake-kernel.ts';

const port = (
  target: number,
  published?: number | readonly [number, number],
  over: Partial<PortRequest> = {},
): PortRequest => {
  const [start, end] = typeof published === 'number' ? [published, published] : (published ?? []);
  return {
    target,
    protocol: 'tcp',
    ...(start === undefined || end === undefined ? {} : { published: { start, end } }),
    ...over,
  };
};

function book() {
  const kernel = fakeKernel();
  return { kernel, ...createPortBook(kernel) };
}

const code = (name: string, message = '') =>
  expect.objectContaining({ code: name, message: expect.stringContaining(message) });

describe('published ports', () => {
  it('are held by bound sockets, on all addresses of both families when the file names none', async () => {
    const { kernel, reserve, release } = book();
    expect(
      await reserve('a', 'web-1', [port(80, 8080), port(53, 5353, { protocol: 'udp', hostIp: '127.0.0.1' })]),
    ).toEqual([
      { target: 80, hostPort: 8080, hostIp: '', protocol: 'tcp' },
      { target: 53, hostPort: 5353, hostIp: '127.0.0.1', protocol: 'udp' },
    ]);
    expect([...kernel.bound]).toEqual(['tcp 0.0.0.0:8080', 'tcp :::8080', 'udp 127.0.0.1:5353']);
    release('a');
    expect([...kernel.bound]).toEqual([]);
  });

  it('are on IPv4 alone when the file says 0.0.0.0', async () => {
    const { kernel, reserve } = book();
    expect(await reserve('a', 'web-1', [port(80, 8080, { hostIp: '0.0.0.0' })])).toEqual([
      { target: 80, hostPort: 8080, hostIp: '0.0.0.0', protocol: 'tcp' },
    ]);
    expect([...kernel.bound]).toEqual(['tcp 0.0.0.0:8080']);
  });

  it('take any free port where the file names none', async () => {
    const { kernel, reserve } = book();
    kernel.foreign.add('tcp :::40000');
    const [binding] = await reserve('a', 'web-1', [port(80)]);
    expect(binding?.hostPort).toBe(40_001);
    expect([...kernel.bound]).toEqual(['tcp 0.0.0.0:40001', 'tcp :::40001']);
  });

  it('take the first free port of a range', async () => {
    const { reserve } = book();
    const hostPorts = await Promise.all(
      ['a', 'b', 'c'].map(async (id) => (await reserve(id, id, [port(80, [8000, 8002])]))[0]?.hostPort),
    );
    expect(hostPorts).toEqual([8000, 8001, 8002]);
    await expect(reserve('d', 'd', [port(80, [8000, 8002])])).rejects.toThrow(
      code('PORT_IN_USE', 'every port of 8000-8002/tcp is already in use, by container a'),
    );
  });

  it('stay what they were when they are asked for again, and those no longer asked for are given back', async () => {
    const { kernel, reserve } = book();
    const first = await reserve('a', 'web-1', [port(80), port(80, [8000, 8001]), port(81, 8081)]);
    const other = await reserve('b', 'web-2', [port(80, [8000, 8001])]);
    expect(await reserve('a', 'web-1', [port(80), port(80, [8000, 8001])])).toEqual(first.slice(0, 2));
    expect(other.map(({ hostPort }) => hostPort)).toEqual([8001]);
    expect([...kernel.bound].filter((place) => place.endsWith(':8081'))).toEqual([]);
  });

  it('name the program that has one, and its place in the file, and hold nothing then', async () => {
    const { kernel, reserve } = book();
    kernel.foreign.add('tcp 0.0.0.0:8080');
    const at = { file: 'compose.yaml', line: 4, column: 9, endLine: 4, endColumn: 20 };
    await expect(reserve('a', 'web-1', [port(81, 8081), port(80, 8080, { at })])).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: 'port 8080/tcp is already in use, by nginx (pid 812)',
      at,
    });
    expect([...kernel.bound]).toEqual([]);
  });

  it('are taken when only IPv6 is', async () => {
    const { kernel, reserve } = book();
    kernel.foreign.add('tcp :::8080');
    await expect(reserve('a', 'web-1', [port(80, 8080)])).rejects.toThrow(code('PORT_IN_USE'));
  });

  it('do without IPv6 on a host that has none, and without SCTP sockets on a kernel that has none', async () => {
    const { kernel, reserve } = book();
    kernel.refuse = (what) => {
      if (String(what).includes('::')) return 'HOST_EAFNOSUPPORT';
      return String(what).startsWith('sctp') ? 'HOST_EPROTONOSUPPORT' : undefined;
    };
    expect(await reserve('a', 'a', [port(80, 8080), port(9, 99, { protocol: 'sctp' })])).toHaveLength(2);
    expect([...kernel.bound]).toEqual(['tcp 0.0.0.0:8080']);
    await expect(reserve('b', 'b', [port(9, undefined, { protocol: 'sctp' })])).rejects.toThrow(
      code('PORT_UNSUPPORTED'),
    );
  });

  it('say what is wrong with an address or a right', async () => {
    const { kernel, reserve } = book();
    kernel.refuse = () => 'HOST_EADDRNOTAVAIL';
    await expect(reserve('a', 'a', [port(80, 80, { hostIp: '192.0.2.99' })])).rejects.toThrow(
      code('PORT_ADDRESS_UNKNOWN', '192.0.2.99'),
    );
    kernel.refuse = () => 'HOST_EACCES';
    await expect(reserve('a', 'a', [port(80, 80)])).rejects.toThrow(code('PORT_FORBIDDEN', 'port 80/tcp'));
  });

  it('can be tried without being held, and those of containers about to go count as free', async () => {
    const { kernel, reserve, check } = book();
    await reserve('old', 'web-old', [port(80, 8080)]);
    const wanted = [port(80, 8080), port(81, 8081), port(82, 8081)];
    expect(await check(wanted, ['old'])).toEqual([
      { port: wanted[2], hostPort: 8081, holder: 'nginx (pid 812)' },
    ]);
    expect(await check(wanted.slice(0, 1), [])).toEqual([
      { port: wanted[0], hostPort: 8080, holder: 'container web-old' },
    ]);
    expect([...kernel.bound]).toEqual(['tcp 0.0.0.0:8080', 'tcp :::8080']);
  });

  it('are held again after the agent’s restart, all that can be, and once only', async () => {
    const { kernel, restore } = book();
    kernel.foreign.add('tcp 0.0.0.0:8080');
    const bindings = [8080, 8081].map((hostPort) => ({
      target: 80,
      hostPort,
      hostIp: '',
      protocol: 'tcp' as const,
    }));
    await expect(restore('a', 'web-1', bindings)).rejects.toThrow(code('PORT_IN_USE', 'port 8080/tcp'));
    kernel.foreign.clear();
    await restore('a', 'web-1', bindings);
    expect([...kernel.bound].sort()).toEqual([
      'tcp 0.0.0.0:8080',
      'tcp 0.0.0.0:8081',
      'tcp :::8080',
      'tcp :::8081',
    ]);
  });
});
