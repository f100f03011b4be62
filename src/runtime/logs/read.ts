/** Reads a container's log from its place to its end, and on while the container writes. */
import { basename, dirname } from 'node:path';
import type { Host } from '../../host/host.ts';
import { type OpenFile, openFile } from '../../host/random-access.ts';
import type { LogLine, LogQuery } from '../container.ts';
import { LineJoiner, parseRecord } from './k8s-line.ts';
import { openNextSegment, openSegments } from './segments.ts';
import { findTail } from './tail.ts';

export interface LogSource {
  readonly containerId: string;
  readonly path: string;
  /** Raised when the container has ended and everything of it is in the log. */
  readonly ended: AbortSignal;
}

const chunkBytes = 64 * 1024;
const NEWLINE = 0x0a;
/** A rotation can hide a change from the watch, and there may be none; this is how long it can stay hidden. */
const lookIntervalMs = 1_000;

/** Ends with the log, or (following) with the container, or when the signal is raised. */
export async function* readLog(
  host: Host,
  source: LogSource,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine, void> {
  const lines = new LogCursor(host, source);
  const follows = query.follow && !source.ended.aborted;
  const changes = follows ? watchLog(host, source.path, [signal, source.ended]) : undefined;
  try {
    let skip = await lines.open(query.tail);
    while (!signal.aborted) {
      // Asked before reading: what comes after the answer would be missed otherwise.
      const isLast = !follows || source.ended.aborted;
      for await (const line of lines.available()) {
        if (signal.aborted || isPast(line, query)) return;
        if (skip > 0) skip -= 1;
        else if (isSince(line, query)) yield line;
      }
      if (isLast) return yield* lines.rest().filter((line) => isSince(line, query) && !isPast(line, query));
      await changes?.next();
    }
  } finally {
    changes?.close();
    await lines.close();
  }
}

/** A place in the chain of segments, and the pieces of lines read so far. */
class LogCursor {
  private file: OpenFile | undefined;
  private position = 0;
  private readonly joiner: LineJoiner;
  private readonly host: Host;
  private readonly path: string;

  constructor(host: Host, source: LogSource) {
    this.host = host;
    this.path = source.path;
    this.joiner = new LineJoiner(source.containerId);
  }

  /** Goes to the beginning, or to the last `tail` lines. Answers how many lines to leave out from there. */
  async open(tail: number | undefined): Promise<number> {
    const files = await openSegments(this.host, this.path);
    const start = tail === undefined ? { segment: 0, position: 0, skip: 0 } : await findTail(files, tail);
    this.file = files[start.segment];
    this.position = start.position;
    await Promise.all(files.filter((file) => file !== this.file).map((file) => file.close()));
    return start.skip;
  }

  /** Every whole line there is now, through all segments. */
  async *available(): AsyncGenerator<LogLine, void> {
    this.file ??= await openFile(this.path);
    while (this.file !== undefined) {
      // Looked for before the last read: conmon writes to a segment until the next one is there.
      const next = await openNextSegment(this.host, this.path, this.file.inode);
      yield* this.records(this.file);
      if (next === undefined) return;
      await this.file.close();
      this.file = next;
      this.position = 0;
    }
  }

  /** Lines that never got their newline. */
  rest(): LogLine[] {
    return this.joiner.rest();
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async *records(file: OpenFile): AsyncGenerator<LogLine, void> {
    if ((await file.size()) < this.position) this.position = 0;
    let carried: Buffer = Buffer.alloc(0);
    while (true) {
      const read = await file.read(this.position + carried.length, chunkBytes);
      if (read.length === 0) return;
      const bytes = carried.length === 0 ? read : Buffer.concat([carried, read]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        const record = parseRecord(bytes.subarray(start, end));
        this.position += end + 1 - start;
        start = end + 1;
        const line = record === undefined ? undefined : this.joiner.take(record);
        if (line !== undefined) yield line;
      }
      carried = bytes.subarray(start);
    }
  }
}

interface Changes {
  /** Resolves at the first change since the last call, when a signal is raised, or after a while. */
  next(): Promise<void>;
  close(): void;
}

function watchLog(host: Host, path: string, signals: readonly AbortSignal[]): Changes {
  const name = basename(path);
  let nap = new AbortController();
  const wake = (): void => nap.abort();
  const watcher = host.files.watch(dirname(path), (file) => {
    if (file.startsWith(name)) wake();
  });
  for (const signal of signals) signal.addEventListener('abort', wake);
  return {
    next: async () => {
      await host.clock.sleep(lookIntervalMs, nap.signal);
      nap = new AbortController();
    },
    close: () => {
      watcher?.close();
      for (const signal of signals) signal.removeEventListener('abort', wake);
    },
  };
}

function isSince(line: LogLine, query: LogQuery): boolean {
  return query.since === undefined || Date.parse(line.time) >= query.since;
}

/** The log is in the order of time, so everything after is past as well. */
function isPast(line: LogLine, query: LogQuery): boolean {
  return query.until !== undefined && Date.parse(line.time) > query.until;
}
