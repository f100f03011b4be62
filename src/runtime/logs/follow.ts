/** Reads a log as long as its container lives. */
import type { Host } from '../../host/host.ts';
import type { LogLine, LogQuery } from '../container.ts';
import { readLog } from './read.ts';

export interface LivingLog {
  readonly containerId: string;
  readonly path: string;
  /** Resolves when the container has ended; asked only when the log is followed. */
  end(signal: AbortSignal): Promise<void>;
}

/** @throws what `end` threw, when everything that is there has been read */
export async function* readLogToEnd(
  host: Host,
  { containerId, path, end }: LivingLog,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine, void> {
  const reading = new AbortController();
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, reading.signal]);
  const ending = (query.follow ? end(stop) : Promise.resolve())
    // Of no interest once whoever reads has stopped reading.
    .catch((error: unknown) => (stop.aborted ? undefined : { error }))
    .finally(() => ended.abort());
  try {
    yield* readLog(host, { containerId, path, ended: ended.signal }, query, signal);
  } finally {
    reading.abort();
  }
  const failed = await ending;
  if (failed !== undefined) throw failed.error;
}
