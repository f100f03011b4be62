/**
 * How containers end. conmon writes the exit status to `<run>/exits/<id>`; one watch on that directory serves all.
 * A conmon that was killed writes nothing: then the container's process is looked at now and again, and its code stays unknown.
 */
import { type Cgroups, groupDirectory } from '../host/cgroups.ts';
import { lstatNow, readTextNow } from '../host/files-now.ts';
import type { Host } from '../host/host.ts';
import { isProcessAlive } from '../host/procfs.ts';
import type { CreatedProcess, Exit } from './container.ts';
import type { RuntimePaths } from './paths.ts';

export interface ExitWatch {
  /** Resolves with the exit of that run of the container. @throws the signal's reason when it is raised */
  wait(id: string, process: CreatedProcess, signal: AbortSignal): Promise<Exit>;
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

  /** The exit that conmon has written down, if it has. */
  const recorded = (id: string): Exit | undefined => {
    const text = readTextNow(paths.exit(id));
    const stat = lstatNow(paths.exit(id));
    if (text === undefined || stat === undefined || text.trim() === '') return undefined;
    const code = Number(text);
    return {
      code: code < 0 ? unknownExitCode : code,
      oomKilled: sawOutOfMemory(paths, cgroups(), id),
      finishedAt: Math.floor(stat.mtimeMs),
    };
  };

  const find = (id: string, process: CreatedProcess): Exit | undefined => {
    const isMonitored = isProcessAlive(process.conmonPid, process.conmonStartTime);
    const isRunning = isProcessAlive(process.pid, process.pidStartTime);
    // Read after looking at the processes: a conmon that has just ended has already written.
    const exit = recorded(id);
    if (exit !== undefined || isMonitored || isRunning) return exit;
    const oomKilled = sawOutOfMemory(paths, cgroups(), id);
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
          look || !isProcessAlive(process.conmonPid, process.conmonStartTime) ? find(id, process) : undefined;
        if (exit !== undefined) return exit;
        await host.clock.sleep(lookIntervalMs, nap.signal);
        look = nap.signal.aborted;
      } finally {
        stopListening();
        signal.removeEventListener('abort', wakeUp);
      }
    }
  };

  return { wait };
}

/** conmon's own note, or the kernel's counter, which also knows of kills that conmon was too late for. */
function sawOutOfMemory(paths: RuntimePaths, cgroups: Cgroups, id: string): boolean {
  const group = groupDirectory(cgroups, paths.group(id), 'memory');
  const counters = readTextNow(`${group}/${cgroups.version === 1 ? 'memory.oom_control' : 'memory.events'}`);
  return lstatNow(paths.file(id, 'oom')) !== undefined || /^oom_kill [1-9]/m.test(counters ?? '');
}
