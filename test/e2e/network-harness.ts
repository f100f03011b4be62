/**
 * Containers without images: a process in a network namespace of its own is all that the network layer asks for.
 * Each machine has its own state root and address pool, and proves at its end that nothing of it is left.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { directoriesFor } from '../../src/host/directories.ts';
import { systemHost } from '../../src/host/system-host.ts';
import type {
  Lease,
  LeaseRequest,
  NetworkManager,
  PortBinding,
  PortRequest,
} from '../../src/network/index.ts';
import { createNetworkManager } from '../../src/network/index.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
}

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  readonly leases: readonly Lease[];
  readonly ports: readonly PortBinding[];
  /** Its first address. */
  readonly address: string;
  run(...argv: [string, ...string[]]): Promise<Ran>;
  /** Answers every TCP connection and UDP datagram on the port with `<name> <client's address>`. */
  serve(port: number): Promise<void>;
  /** What the server there answers, or `unreachable`. */
  get(address: string, port: number, transport?: 'tcp' | 'udp'): Promise<string>;
  /** The process ends, as when a container's own does. */
  kill(): Promise<void>;
}

export interface Wish {
  readonly networks: readonly (Partial<LeaseRequest['networks'][number]> & { readonly network: string })[];
  readonly ports?: readonly PortRequest[];
  readonly upstreams?: readonly string[];
}

export interface Machine {
  readonly root: string;
  readonly tag: string;
  readonly manager: NetworkManager;
  network(
    name: string,
    over?: Partial<Parameters<NetworkManager['create']>[0]>,
  ): ReturnType<NetworkManager['create']>;
  container(name: string, wish: Wish): Promise<Container>;
  /** The same container in a new process, as after a restart. */
  restart(container: Container): Promise<Container>;
  /** A namespace that no network of ours knows. */
  stranger(): Promise<Container>;
  /** Another manager over the same state, as after the agent's restart. */
  successor(): NetworkManager;
  get: Container['get'];
  /** Removes everything; then what is left of it on the machine. */
  end(): Promise<string[]>;
}

/** This host's own address, as its neighbours have it. */
export function hostAddress(): string {
  const found = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal && !one.address.startsWith('10.213.'));
  if (found === undefined) throw new Error('this machine has no address beside loopback');
  return found.address;
}

export function tcp(target: number, start?: number, over: Partial<PortRequest> = {}): PortRequest {
  return {
    target,
    protocol: 'tcp',
    ...(start === undefined ? {} : { published: { start, end: start } }),
    ...over,
  };
}

export async function machine(pool: string, resolvConf?: string): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'tsc-net-'));
  const directories = directoriesFor({ TSCOMPOSE_ROOT: root }, 0);
  const options = { pools: pool, ...(resolvConf === undefined ? {} : { resolvConf }) };
  const manager = createNetworkManager(systemHost, directories, options);
  await manager.open();
  const containers: Container[] = [];
  const ends: (() => Promise<void>)[] = [];

  const container = async (name: string, wish: Wish): Promise<Container> => {
    const id = randomBytes(32).toString('hex');
    const leases = await manager.lease({
      containerId: id,
      containerName: name,
      networks: wish.networks.map((one) => ({ names: [name], gatewayPriority: 0, ...one })),
    });
    const ports = await manager.reservePorts(id, name, wish.ports ?? []);
    return started({ id, name, leases, ports, upstreams: wish.upstreams ?? [] });
  };

  const started = async (
    made: Pick<Container, 'id' | 'name' | 'leases' | 'ports'> & { upstreams: readonly string[] },
  ) => {
    const { pid, end } = await namespace();
    const { id, name, leases, ports } = made;
    const one: Container = {
      id,
      name,
      pid,
      leases,
      ports,
      address: leases[0]?.ipv4 ?? '',
      ...inside(name, pid, ends),
      kill: end,
    };
    containers.push(one);
    ends.push(end);
    await manager.attach({
      containerId: id,
      containerName: name,
      pid,
      leases,
      ports,
      upstreams: made.upstreams,
    });
    return one;
  };

  return {
    root,
    tag: directories.tag,
    manager,
    container,
    network: (name, over = {}) =>
      manager.create({
        name,
        driver: 'bridge',
        driverOptions: {},
        internal: false,
        enableIpv6: false,
        subnets: [],
        labels: {},
        ...over,
      }),
    restart: async ({ id, name, leases, ports }) => started({ id, name, leases, ports, upstreams: [] }),
    stranger: async () => {
      const { pid, end } = await namespace();
      ends.push(end);
      return {
        id: '',
        name: 'stranger',
        pid,
        leases: [],
        ports: [],
        address: '',
        ...inside('stranger', pid, ends),
        kill: end,
      };
    },
    successor: () => createNetworkManager(systemHost, directories, options),
    get: (address, port, transport) => get([], address, port, transport),
    end: async () => {
      for (const { id } of containers) {
        await manager.detach(id);
        manager.release(id);
        await manager.releasePorts(id);
      }
      await Promise.all(ends.map((end) => end()));
      for (const { name } of await manager.list()) await manager.remove(name);
      await manager.close();
      await rm(root, { recursive: true, force: true });
      return leftovers(directories.tag);
    },
  };
}

/** Interfaces and tables with the tag; waits a moment for what the kernel itself takes away. */
async function leftovers(tag: string): Promise<string[]> {
  for (let tries = 0; ; tries += 1) {
    const links = (await readdir('/sys/class/net')).filter((name) => name.includes(tag));
    const { stdout } = await run(['nft', 'list', 'tables']);
    const found = [...links, ...stdout.split('\n').filter((line) => line.includes(tag))];
    if (found.length === 0 || tries === 20) return found;
    await sleep(50);
  }
}

async function namespace(): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pid = child.pid ?? 0;
  const ours = await readlink('/proc/self/ns/net');
  const namespaceOf = (): Promise<string> => readlink(`/proc/${pid}/ns/net`);
  const isInside = async (): Promise<boolean> =>
    (await namespaceOf()) !== ours && (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'sleep';
  while (!(await isInside())) await sleep(5);
  return {
    pid,
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function inside(
  name: string,
  pid: number,
  ends: (() => Promise<void>)[],
): Pick<Container, 'run' | 'serve' | 'get'> {
  const enter = ['nsenter', `--net=/proc/${pid}/ns/net`];
  return {
    run: (...argv) => run([...enter, ...argv]),
    get: (address, port, transport) => get(enter, address, port, transport),
    serve: async (port) => {
      const [program = '', ...args] = [...enter, process.execPath, '-e', server, name, `${port}`];
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      ends.push(() => {
        child.kill('SIGKILL');
        return ended;
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
    },
  };
}

const server = `
const [name, port] = process.argv.slice(1);
const plain = (address) => address.replace('::ffff:', '');
require('node:net').createServer((c) => { c.on('error', () => {}); c.end(name + ' ' + plain(c.remoteAddress)); }).listen(port, '::', () => {
  const udp = require('node:dgram').createSocket('udp6');
  udp.on('message', (m, from) => udp.send(name + ' ' + plain(from.address), from.port, from.address));
  udp.bind(port, '::', () => console.log('ready'));
});`;

const client = `
const [address, port, transport] = process.argv.slice(1);
let said = '';
const done = () => { process.stdout.write(said || 'unreachable'); process.exit(); };
setTimeout(done, 700);
if (transport === 'udp') {
  const udp = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (m) => { said = String(m); done(); });
  udp.on('error', done);
  udp.send('hello', port, address, (error) => { if (error) done(); });
} else {
  require('node:net').connect(port, address).on('data', (d) => { said += d; }).on('error', done).on('end', done);
}`;

async function get(
  enter: readonly string[],
  address: string,
  port: number,
  transport = 'tcp',
): Promise<string> {
  const { stdout } = await run([...enter, process.execPath, '-e', client, address, `${port}`, transport]);
  return stdout;
}

export function run(argv: readonly string[]): Promise<Ran> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout });
      else reject(error);
    });
  });
}
