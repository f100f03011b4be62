/**
 * How containers end. conmon writes the exit status to `<run>/exits/<id>`; one watch on that directory serves all.
 * A conmon that was killed writes nothing: then the container's process is looked at now and again, and its code stays unknown.
 */
import { type Cgroups, groupDirectory, readGroupFile } from '../host/cgroups.ts';
import type { Host } from '../host/host.ts';
import { isProcessAlive } from '../host/procfs.ts';
import type { CreatedProcess, Exit } from './container.ts';
import type { RuntimePaths } from './paths.ts';

export interface ExitWatch {
  /** Resolves with the exit of that run of the container. @throws the signal's reason when it is raised */
  wait(id: string, process: CreatedProcess, signal: AbortSignal): Promise<Exit>;
  /** The exit that conmon has recorded, if it has. */
  recorded(id: string): Promise<Exit | undefined>;
}

/** What containerd answers when it lost a container's monitor. */
const unknownExitCode = 255;
const lookIntervalMs = 1_000;

export function exitWatch(host: Host, paths: RuntimePaths, cgroups: () => Cgroups): ExitWatch {
  const waiting = new Map<string, Set<() => void>>();
  let watcher: ReturnType<Host['files']['watch']>;

  const wake = (id: string): void => {
    for (const look of [...(waiting.get(id) ?? [])]) look();
  };
  const listen = (id: string, look: () => void): (() => void) => {
    // Waiting for containers is no reason for this process to live.
    if (watcher === undefined) watcher = host.files.watch(paths.exits, wake)?.unref();
    const looks = waiting.get(id) ?? new Set();
    waiting.set(id, looks.add(look));
    return () => {
      looks.delete(look);
      if (looks.size === 0) waiting.delete(id);
    };
  };

  const recorded = async (id: string): Promise<Exit | undefined> => {
    const path = paths.exit(id);
    const [text, stat] = await Promise.all([host.files.readText(path), host.files.stat(path)]);
    if (text === undefined || stat === undefined || text.trim() === '') return undefined;
    const code = Number(text);
    return {
      code: code < 0 ? unknownExitCode : code,
      oomKilled: await sawOutOfMemory(host, paths, cgroups(), id),
      finishedAt: Math.floor(stat.mtimeMs),
    };
  };

  const find = async (id: string, process: CreatedProcess): Promise<Exit | undefined> => {
    const isMonitored = isProcessAlive(process.conmonPid, process.conmonStartTime);
    const isRunning = isProcessAlive(process.pid, process.pidStartTime);
    // Read after looking at the processes: a conmon that has just ended has already written.
    const exit = await recorded(id);
    if (exit !== undefined || isMonitored || isRunning) return exit;
    const oomKilled = await sawOutOfMemory(host, paths, cgroups(), id);
    return { code: unknownExitCode, oomKilled, finishedAt: host.clock.now(), uncertain: true };
  };

  const wait = async (id: string, process: CreatedProcess, signal: AbortSignal): Promise<Exit> => {
    let look = true;
    while (true) {
      signal.throwIfAborted();
      const nap = new AbortController();
      const wakeUp = (): void => nap.abort();
      const stopListening = listen(id, wakeUp);
      signal.addEventListener('abort', wakeUp, { once: true });
      try {
        // As long as conmon lives, it will tell; without it, only looking helps.
        const exit =
          look || !isProcessAlive(process.conmonPid, process.conmonStartTime)
            ? await find(id, process)
            : undefined;
        if (exit !== undefined) return exit;
        await host.clock.sleep(lookIntervalMs, nap.signal);
        look = nap.signal.aborted;
      } finally {
        stopListening();
        signal.removeEventListener('abort', wakeUp);
      }
    }
  };

  return { wait, recorded };
}

/** conmon's own note, or the kernel's counter, which also knows of kills that conmon was too late for. */
async function sawOutOfMemory(
  host: Host,
  paths: RuntimePaths,
  cgroups: Cgroups,
  id: string,
): Promise<boolean> {
  const group = groupDirectory(cgroups, paths.group(id), 'memory');
  const [note, counters] = await Promise.all([
    host.files.stat(paths.file(id, 'oom')),
    readGroupFile(`${group}/${cgroups.version === 1 ? 'memory.oom_control' : 'memory.events'}`),
  ]);
  return note !== undefined || /^oom_kill [1-9]/m.test(counters ?? '');
}
