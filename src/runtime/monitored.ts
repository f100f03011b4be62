/** What is known of each created container's processes: on disk in the bundle, so that the next agent knows it too. */
import type { Host } from '../host/host.ts';
import { processStat } from '../host/procfs.ts';
import type { CreatedProcess } from './container.ts';
import type { OciRuntimeName, RuntimePaths } from './paths.ts';

export interface Monitored extends CreatedProcess {
  readonly runtime: OciRuntimeName;
  readonly name: string;
  /** First word of the command, for messages. */
  readonly program: string;
}

export interface MonitoredTable {
  put(id: string, monitored: Monitored): Promise<void>;
  /** `undefined` when there is no such container, or its creation was cut short. */
  get(id: string): Promise<Monitored | undefined>;
  forget(id: string): void;
}

export function monitoredTable(host: Host, paths: RuntimePaths): MonitoredTable {
  const known = new Map<string, Monitored>();
  return {
    put: async (id, monitored) => {
      known.set(id, monitored);
      await host.files.write(paths.file(id, 'monitor.json'), JSON.stringify(monitored), 0o600);
    },
    get: async (id) => {
      const found = known.get(id) ?? (await read(host, paths.file(id, 'monitor.json')));
      if (found !== undefined) known.set(id, found);
      return found;
    },
    forget: (id) => void known.delete(id),
  };
}

async function read(host: Host, path: string): Promise<Monitored | undefined> {
  const text = await host.files.readText(path);
  // Written in one go to a file in memory; without its closing brace the writer was killed on the way.
  return text?.endsWith('}') ? (JSON.parse(text) as Monitored) : undefined;
}

/** Names container process and monitor. conmon is the parent of what it created. */
export function identify(pid: number): CreatedProcess | undefined {
  const stat = processStat(pid);
  const conmon = stat === undefined ? undefined : processStat(stat.parent);
  if (stat === undefined || conmon === undefined) return undefined;
  return {
    pid,
    pidStartTime: stat.startTime,
    conmonPid: stat.parent,
    conmonStartTime: conmon.startTime,
  };
}
