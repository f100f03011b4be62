import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as packets from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Container, Machine } from './network-harness.ts';
import { machine } from './network-harness.ts';

/** An address of loopback that nobody else listens on: the resolver that this "host" is configured with. */
const resolver = '127.0.53.211';
let directory: string;
let host: Machine;
let db: Container;
let web: Container;
let secluded: Container;
const upstream = createSocket('udp4');

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tsc-dns-'));
  const resolvConf = join(directory, 'resolv.conf');
  await writeFile(resolvConf, `nameserver ${resolver}\n`);
  upstream.on('message', (message, from) => {
    const { id = 0, questions = [] } = packets.decode(message);
    const answers = [{ type: 'A' as const, name: questions[0]?.name ?? '', data: '192.0.2.80' }];
    const flags = packets.RECURSION_AVAILABLE;
    upstream.send(
      packets.encode({ type: 'response', id, flags, questions, answers }),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => upstream.bind(53, resolver, resolve));

  host = await machine('10.213.64.0/18:26', resolvConf);
  await host.network('app_back');
  await host.network('app_inside', { internal: true });
  db = await host.container('app-db-1', {
    networks: [{ network: 'app_back', names: ['mysql', 'app-db-1', 'Primary'] }],
  });
  web = await host.container('app-web-1', {
    networks: [{ network: 'app_back', names: ['web', 'app-web-1'] }],
  });
  secluded = await host.container('app-in-1', { networks: [{ network: 'app_inside' }] });
});

afterAll(async () => {
  const left = await host.end();
  await new Promise<void>((resolve) => upstream.close(() => resolve()));
  await rm(directory, { recursive: true });
  expect(left).toEqual([]);
});

const dig = async (from: Container, ...question: string[]): Promise<string[]> => {
  const { stdout } = await from.run('dig', '@127.0.0.11', '+tries=1', '+time=2', ...question);
  return stdout.split('\n').filter((line) => line !== '');
};
const short = (from: Container, ...question: string[]) => dig(from, '+short', ...question);
const status = async (from: Container, ...question: string[]): Promise<string> =>
  /status: (\w+)/.exec((await dig(from, ...question)).join('\n'))?.[1] ?? 'none';

describe('a name in a container', () => {
  it('is answered as dig shows it of Docker', async () => {
    const lines = (await dig(web, 'mysql')).join('\n');
    expect(lines).toMatch(/status: NOERROR/);
    expect(lines).toMatch(/flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0/);
    expect(lines).toMatch(new RegExp(`^mysql\\.\\s+600\\s+IN\\s+A\\s+${db.address}$`, 'm'));
    expect(lines).toMatch(/SERVER: 127\.0\.0\.11#53/);
    expect(lines).toMatch(/MSG SIZE {2}rcvd: 44/);
  });

  it('may be a container’s, an alias in any case, or one with its network; over UDP and TCP', async () => {
    for (const name of ['app-db-1', 'PRIMARY', 'mysql.app_back'])
      for (const transport of ['+notcp', '+tcp'])
        expect(await short(web, transport, name)).toEqual([db.address]);
  });

  it('is found from an address', async () => {
    expect(await short(web, '-x', db.address)).toEqual(['app-db-1.app_back.']);
  });

  it('without such a record is no error', async () => {
    for (const type of ['AAAA', 'MX', 'SRV']) {
      expect(await status(web, 'mysql', type)).toBe('NOERROR');
      expect(await short(web, 'mysql', type)).toEqual([]);
    }
  });

  it('of another network does not exist', async () => {
    expect(await status(secluded, 'mysql')).toBe('NXDOMAIN');
    expect(await status(secluded, 'app-in-1')).toBe('NOERROR');
  });

  it('comes with a container and goes with it, and the resolver stays', async () => {
    const extra = await host.container('app-web-2', {
      networks: [{ network: 'app_back', names: ['web', 'app-web-2'] }],
    });
    expect((await short(db, 'web')).sort()).toEqual([web.address, extra.address].sort());
    await host.manager.detach(extra.id);
    expect(await short(db, 'web')).toEqual([web.address]);
  });
});

describe('a name that no container has', () => {
  it('is asked of the host’s resolver', async () => {
    expect(await short(web, 'debian.example')).toEqual(['192.0.2.80']);
  });

  it('does not leave an internal network', async () => {
    expect(await status(secluded, 'debian.example')).toBe('NXDOMAIN');
  });

  it('is asked of the servers that the service names, from its own namespace', async () => {
    const script = `
      const udp = require('node:dgram').createSocket('udp4');
      udp.on('message', (m, from) => { m[2] |= 0x80; m[3] = 0x83; udp.send(m, from.port, from.address); });
      udp.bind(53, '0.0.0.0', () => require('node:fs').writeSync(1, 'ready'));
      setTimeout(() => process.exit(), 3000);`;
    const running = db.run(process.execPath, '-e', script);
    const client = await host.container('app-own-1', {
      networks: [{ network: 'app_back' }],
      upstreams: [db.address],
    });
    await expect.poll(() => status(client, 'debian.example')).toBe('NXDOMAIN');
    // The container's own server on port 53 of all addresses does not stand in our way, nor we in its.
    expect(await short(db, 'web')).toEqual([web.address]);
    expect(await running).toEqual({ code: 0, stdout: 'ready' });
  });
});

describe('the resolver', () => {
  it('outlives every kind of nonsense', async () => {
    const script = `
      const { randomBytes } = require('node:crypto');
      const udp = require('node:dgram').createSocket('udp4');
      for (let n = 0; n < 300; n++) udp.send(randomBytes(n % 90), 53, '127.0.0.11');
      for (let n = 0; n < 20; n++) {
        const tcp = require('node:net').connect(53, '127.0.0.11').on('error', () => {});
        tcp.write(Buffer.concat([Buffer.from([0, n]), randomBytes(200)]));
      }
      setTimeout(() => process.exit(), 300);`;
    await web.run(process.execPath, '-e', script);
    expect(await short(web, 'mysql')).toEqual([db.address]);
    expect(await short(web, '+tcp', 'mysql')).toEqual([db.address]);
  });

  it('answers thousands of questions, twenty at a time, without losing one', async () => {
    const script = `
      const question = Buffer.from(process.argv[1], 'hex');
      const udp = require('node:dgram').createSocket('udp4');
      const total = 5000;
      let [asked, answered] = [0, 0];
      const ask = () => { if (asked < total) { question.writeUInt16BE(asked++); udp.send(question, 53, '127.0.0.11'); } };
      const done = () => { process.stdout.write(String(answered)); process.exit(); };
      udp.on('message', () => { if (++answered === total) done(); else ask(); });
      for (let n = 0; n < 20; n++) ask();
      setTimeout(done, 10_000);`;
    const question = packets.encode({ type: 'query', questions: [{ type: 'A', name: 'mysql' }] });
    const { stdout } = await web.run(process.execPath, '-e', script, question.toString('hex'));
    expect(stdout).toBe('5000');
  });
});
