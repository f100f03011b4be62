/** Begins a new log file when the current one is full. conmon writes on into the old one until it has opened the new. */
import { writeFifo } from '../../host/fifo.ts';
import type { Host } from '../../host/host.ts';
import { isProcessAlive } from '../../host/procfs.ts';
import type { LogBound } from '../container.ts';
import type { MonitoredTable } from '../monitored.ts';
import type { RuntimePaths } from '../paths.ts';
import { rotateSegments } from './segments.ts';

/** A line for conmon's `ctl`: open the log files again. @see conmon, src/ctrl.c */
const reopenLogs = '2 0 0\n';

export function logRotation(
  host: Host,
  paths: RuntimePaths,
  monitored: MonitoredTable,
): (id: string, bound: LogBound) => Promise<number> {
  /** Those whose new file is not there yet. Asked twice, conmon would put a third file in the place of the second. */
  const awaited = new Set<string>();

  return async (id, { maxBytes, maxFiles }) => {
    const path = paths.log(id);
    const size = (await host.files.stat(path))?.size;
    if (size !== undefined && awaited.delete(id) && maxFiles === 1) await host.files.remove(`${path}.1`);
    if (awaited.has(id) || (size !== undefined && size < maxBytes)) return size ?? 0;

    const known = await monitored.get(id);
    if (known === undefined || !isProcessAlive(known.conmonPid, known.conmonStartTime)) return 0;
    // Absent: a crash came between renaming it and asking for a new one.
    if (size !== undefined) await rotateSegments(host, path, maxFiles - 1);
    awaited.add(id);
    await writeFifo(paths.file(id, 'ctl'), reopenLogs);
    return size ?? 0;
  };
}
