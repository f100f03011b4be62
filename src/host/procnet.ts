/** Who holds a port: the socket tables of /proc/net, and the open files of every process. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { addressText } from './netlink-addresses.ts';
import type { Transport } from './sockets.ts';

export interface PortHolder {
  readonly program: string;
  readonly pid: number;
}

/** A line of /proc/net/{tcp,udp}[6] that owns its port: a listener, or a bound UDP socket. */
export interface SocketEntry {
  readonly address: string;
  readonly port: number;
  readonly inode: number;
}

/** `undefined` when no process that we may look into has it (the kernel itself, another namespace). */
export async function portHolder(transport: Transport, port: number): Promise<PortHolder | undefined> {
  if (transport === 'sctp') return undefined;
  const tables = await Promise.all([`/proc/net/${transport}`, `/proc/net/${transport}6`].map(textOrEmpty));
  const inodes = new Set(
    tables
      .flatMap((table) => socketEntries(table, transport))
      .filter((entry) => entry.port === port)
      .map((entry) => `socket:[${entry.inode}]`),
  );
  if (inodes.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await openFiles(pid)).some((target) => inodes.has(target))) continue;
    const program = (await textOrEmpty(`/proc/${pid}/comm`)).trim();
    return { program: program === '' ? 'a process' : program, pid: Number(pid) };
  }
  return undefined;
}

const listening = '0A';
const unconnected = '07';

/** The sockets of a table that keep a port for themselves. */
export function socketEntries(table: string, transport: 'tcp' | 'udp'): SocketEntry[] {
  const wanted = transport === 'tcp' ? listening : unconnected;
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (state !== wanted || port === '') return [];
      return [{ address: hostOrder(address), port: Number.parseInt(port, 16), inode: Number(inode) }];
    });
}

/** Addresses stand there as 32-bit words in the machine's byte order. */
function hostOrder(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  return addressText(Buffer.concat(words.map((word) => Buffer.from(word, 'hex').reverse())));
}

async function openFiles(pid: string): Promise<string[]> {
  const directory = `/proc/${pid}/fd`;
  const names = await absentAs([], readdir(directory));
  return Promise.all(names.map((name) => absentAs('', readlink(`${directory}/${name}`))));
}

function textOrEmpty(path: string): Promise<string> {
  return absentAs('', readFile(path, 'utf8'));
}

/** Processes end while we look, and some are not ours to look into. */
async function absentAs<T>(absent: T, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code ?? '')) return absent;
    throw error;
  }
}
