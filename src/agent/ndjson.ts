/** NDJSON: one JSON value a line. Many small lines travel in few large pieces, and no faster than they are read. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const flushBytes = 64 * 1024;

export class LineWriter {
  private pending = '';
  private flushing: NodeJS.Immediate | undefined;
  private readonly out: Writable;

  constructor(out: Writable) {
    this.out = out;
  }

  /** Queues a line. Await the answer before the next one where lines come in masses. */
  write(line: unknown): Promise<void> | undefined {
    this.pending += `${JSON.stringify(line)}\n`;
    if (this.pending.length < flushBytes) {
      this.flushing ??= setImmediate(() => this.flush());
      return this.isFull ? this.drained() : undefined;
    }
    this.flush();
    return this.isFull ? this.drained() : undefined;
  }

  /** True while the reader is behind: lines that do not matter may be left out. */
  get isFull(): boolean {
    return this.out.writableNeedDrain;
  }

  end(): void {
    this.flush();
    this.out.end();
  }

  private flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    if (this.pending === '' || this.out.destroyed) return;
    this.out.write(this.pending);
    this.pending = '';
  }

  /** Also when the reader has gone: whoever writes looks at its signal next. */
  private async drained(): Promise<void> {
    const settled = new AbortController();
    try {
      await Promise.race(
        ['drain', 'close'].map((event) => once(this.out, event, { signal: settled.signal })),
      );
    } finally {
      settled.abort();
    }
  }
}

/** Calls back for every line as it arrives; resolves at the end of the stream. */
export async function readLines(
  stream: AsyncIterable<Buffer>,
  onLine: (line: unknown) => void,
): Promise<void> {
  let rest = '';
  const decoder = new StringDecoder('utf8');
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(JSON.parse(line));
  }
}
