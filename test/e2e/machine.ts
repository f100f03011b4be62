/** What one engine has on this machine, looked at from outside, and the means to end its processes under it. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Directories, directoriesFor } from '../../src/host/directories.ts';

const run = promisify(execFile);

/** Kinds of processes. `payload`: the main processes of containers. */
export type Part = 'agent' | 'respawner' | 'monitor' | 'payload';

export interface Machine {
  readonly directories: Directories;
  /** Pids of those that live now; with `container`, only its own. */
  pids(part: Part, container?: string): Promise<number[]>;
  /** SIGKILL to all of these kinds, in this order and with nothing in between. Answers whom it met. */
  kill(...parts: readonly Part[]): Promise<number[]>;
  /** SIGKILL to the first of that kind and container. */
  killOne(part: Part, container: string): Promise<void>;
  /** Everything there is, as sorted names: two inventories are equal when nothing was left and nothing lost. */
  inventory(): Promise<Inventory>;
}

export type Inventory = Readonly<
  Record<'links' | 'rules' | 'cgroups' | 'mounts' | 'files' | 'monitors' | 'payload', readonly string[]>
>;

/** Of the engine whose root `TSCOMPOSE_ROOT` names, or of another. */
export function machineOf(root = process.env.TSCOMPOSE_ROOT ?? ''): Machine {
  const directories = directoriesFor({ TSCOMPOSE_ROOT: root }, 0);
  const { tag } = directories;
  const pids: Machine['pids'] = async (part, container = '') => {
    const found: number[] = [];
    for (const pid of await processes()) {
      const about = await look(pid);
      if (about !== undefined && isPart(about, part, directories) && mentions(about, container))
        found.push(pid);
    }
    return found;
  };
  return {
    directories,
    pids,
    kill: async (...parts) => {
      const victims = (await Promise.all(parts.map((part) => pids(part)))).flat();
      for (const pid of victims) end(pid);
      return victims;
    },
    killOne: async (part, container) => {
      for (const pid of (await pids(part, container)).slice(0, 1)) end(pid);
    },
    inventory: async () => {
      const [interfaces, rules, cgroups, mounts, files, monitors, payload] = await Promise.all([
        readdir('/sys/class/net'),
        rulesOf(tag),
        cgroupsOf(tag),
        pids('agent').then(([agent]) => mountsSeenBy(agent, directories)),
        filesOf(directories),
        pids('monitor'),
        pids('payload'),
      ]);
      const links = interfaces.filter((name) => /^ts[bv]/.test(name) && name.slice(3).startsWith(tag));
      const named = { monitors: monitors.map(String), payload: payload.map(String) };
      return sorted({ links, rules, cgroups, mounts, files, ...named });
    },
  };
}

interface About {
  readonly words: readonly string[];
  readonly cgroups: string;
  readonly environment: readonly string[];
  /** First in a pid namespace of its own. */
  readonly isInit: boolean;
}

async function processes(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Processes end while they are looked at. */
async function look(pid: number): Promise<About | undefined> {
  try {
    const names = ['cmdline', 'cgroup', 'environ', 'status'];
    const texts = await Promise.all(names.map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')));
    const [words = '', cgroups = '', environment = '', status = ''] = texts;
    const isInit = /^NSpid:.*\t1$/m.test(status);
    return { words: words.split('\0'), cgroups, environment: environment.split('\0'), isInit };
  } catch {
    return undefined;
  }
}

function isPart(about: About, part: Part, { run, tag }: Directories): boolean {
  const { words, cgroups, environment, isInit } = about;
  const [program = '', first = '', second = ''] = words;
  switch (part) {
    case 'respawner':
      return first.endsWith('/respawner.sh') && second === run;
    case 'agent':
      return (
        program === process.execPath &&
        words.some((word) => word.endsWith('/agent.cjs')) &&
        environment.includes(`TSCOMPOSE_ROOT=${join(run, '..')}`)
      );
    case 'monitor':
      return program.endsWith('conmon') && words.includes(join(run, 'exits'));
    case 'payload':
      return isInit && cgroups.includes(`/tscompose-${tag}/`);
  }
}

function mentions({ words, cgroups }: About, container: string): boolean {
  return container === '' || words.some((word) => word.includes(container)) || cgroups.includes(container);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Elements of one set stand in no order of meaning. */
async function rulesOf(tag: string): Promise<string[]> {
  const listing = await run('nft', ['list', 'table', 'inet', `tscompose_${tag}`]).catch(() => ({
    stdout: '',
  }));
  return listing.stdout.split(/[\n,]/).map((line) => line.trim());
}

async function cgroupsOf(tag: string): Promise<string[]> {
  const hierarchies = await readdir('/sys/fs/cgroup');
  const parents = [...hierarchies.map((name) => join('/sys/fs/cgroup', name)), '/sys/fs/cgroup'];
  const groups = parents.map(async (parent) => {
    const own = join(parent, `tscompose-${tag}`);
    return (await namesIn(own, 'directories')).map((name) => join(own, name));
  });
  return (await Promise.all(groups)).flat();
}

async function mountsSeenBy(agent: number | undefined, { run, data }: Directories): Promise<string[]> {
  if (agent === undefined) return [];
  const mountinfo = await readFile(`/proc/${agent}/mountinfo`, 'utf8');
  const points = mountinfo.split('\n').map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.startsWith(`${run}/`) || point.startsWith(`${data}/`));
}

async function filesOf({ run, data }: Directories): Promise<string[]> {
  const places = [
    ...['containers', 'crun', 'runc', 'exits'].map((name) => join(run, name)),
    ...['containers', 'networks', 'volumes'].map((name) => join(data, name)),
  ];
  const names = places.map(async (place) => (await namesIn(place)).map((name) => join(place, name)));
  return (await Promise.all(names)).flat();
}

async function namesIn(directory: string, only?: 'directories'): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => only === undefined || entry.isDirectory()).map(({ name }) => name);
}

function sorted<Kind extends string>(
  lists: Record<Kind, readonly string[]>,
): Record<Kind, readonly string[]> {
  const sortedLists = { ...lists };
  for (const kind in lists) sortedLists[kind] = [...lists[kind]].sort();
  return sortedLists;
}
