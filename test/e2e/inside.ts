/** A container's network as its processes see it, looked at with the host's programs. */
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { connect } from '../../src/agent/client.ts';
import type { ContainerView } from '../../src/agent/protocol.ts';
import type { Stack } from './stack.ts';

const run = promisify(execFile);

/** The engine's own view of a running container, without a process for the question. */
export async function view(of: Stack, service: string, number = 1): Promise<ContainerView> {
  const client = await connect();
  try {
    const all = await client.containers({ project: of.project, all: true, oneOffs: 'include' });
    const found = all.find((one) => one.service === service && one.number === number);
    if (found !== undefined) return found;
    throw new Error(`${service} has no container ${number}`);
  } finally {
    client.close();
  }
}

/** `nsenter` and what it needs to run a program in the network of a service's container. */
export async function entry(of: Stack, service: string, number = 1): Promise<readonly string[]> {
  const { pid, name } = await view(of, service, number);
  if (pid === 0) throw new Error(`${name} has no process`);
  return ['nsenter', '--target', String(pid), '--net', '--'];
}

/** What the program prints there; fails with what it complained of. */
export async function inside(of: Stack, service: string, ...argv: string[]): Promise<string> {
  return printed([...(await entry(of, service)), ...argv]);
}

async function printed([program = '', ...words]: readonly string[]): Promise<string> {
  return (await run(program, words)).stdout;
}

/** Records that the resolver at 127.0.0.11 gives for a question in dig's words, in the order given. */
export async function dig(of: Stack, service: string, ...question: string[]): Promise<string[]> {
  const lines = await inside(of, service, ...asking, '+short', ...question);
  return lines.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
}

/** NOERROR, NXDOMAIN, SERVFAIL, … */
export async function status(of: Stack, service: string, ...question: string[]): Promise<string> {
  const text = await inside(of, service, ...asking, ...question);
  return /status: (\w+)/.exec(text)?.[1] ?? text;
}

const asking = ['dig', '@127.0.0.11', '+tries=1', '+time=10'];

/** The first IPv4 address of an interface there. */
export async function address(of: Stack, service: string, device = 'eth0', number = 1): Promise<string> {
  const argv = [...(await entry(of, service, number)), 'ip', '-j', '-4', 'address', 'show', device];
  const [link] = JSON.parse(await printed(argv));
  return link.addr_info[0].local;
}

/** Sixteen bits of addresses that only this run has, of which the engine chooses from the low end. */
const pool = (process.env.TSCOMPOSE_ADDRESS_POOLS ?? '').split('.').slice(0, 2).join('.');

/** `at(200, 7)`: an address of the run's pool where the engine does not choose by itself. */
export function at(third: number, fourth: number): string {
  return `${pool}.${third}.${fourth}`;
}

/** Says something of every question: an answer's addresses, a response code, nothing, or more than fits. */
export type Said = readonly string[] | 'SERVFAIL' | 'REFUSED' | 'NXDOMAIN' | 'silence' | 'cut';

export interface NameServer {
  /** "udp name type", a question an entry. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/**
 * A server of names on port 53 of every address of a service's container, until the test ends.
 * @param names what it says of each, and under `*` of all others
 */
export async function nameServer(
  of: Stack,
  service: string,
  names: Readonly<Record<string, Said>>,
): Promise<NameServer> {
  const server = fileURLToPath(new URL('name-server.mjs', import.meta.url));
  const [program = '', ...words] = await entry(of, service);
  const child = spawn(program, [...words, process.execPath, server, JSON.stringify(names)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await over;
  };
  onTestFinished(stop);
  await vi.waitUntil(() => lines[0] === 'ready', 60_000);
  return {
    get asked() {
      return lines.slice(1);
    },
    stop,
  };
}
