/**
 * conmon's log format: `<RFC 3339 time> stdout|stderr P|F <text>\n`. `P` is a piece of a line that goes on in the
 * next record of the same stream, `F` its end. @see conmon, src/ctr_logging.c
 */
import type { LogLine } from '../container.ts';

export interface LogRecord {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly isPartial: boolean;
  readonly text: Buffer;
}

const SPACE = 0x20;

/** `undefined` for what is no record: the rest of one whose writer was killed. */
export function parseRecord(line: Buffer): LogRecord | undefined {
  const first = line.indexOf(SPACE);
  if (first < 0) return undefined;
  const stream = line.toString('latin1', first + 1, first + 7);
  const tag = line.toString('latin1', first + 8, first + 10);
  if ((stream !== 'stdout' && stream !== 'stderr') || (tag !== 'P ' && tag !== 'F ')) return undefined;
  return {
    time: line.toString('latin1', 0, first),
    stream,
    isPartial: tag === 'P ',
    text: line.subarray(first + 10),
  };
}

/** Joins records to lines, each stream by itself. A line has the time of its first piece. */
export class LineJoiner {
  private readonly pending = new Map<LogRecord['stream'], { time: string; pieces: Buffer[] }>();
  private readonly containerId: string;

  constructor(containerId: string) {
    this.containerId = containerId;
  }

  take(record: LogRecord): LogLine | undefined {
    const begun = this.pending.get(record.stream);
    // Copied: the buffer it points into is used again.
    if (record.isPartial) {
      const piece = Buffer.from(record.text);
      if (begun === undefined) this.pending.set(record.stream, { time: record.time, pieces: [piece] });
      else begun.pieces.push(piece);
      return undefined;
    }
    this.pending.delete(record.stream);
    return begun === undefined
      ? this.line(record.stream, record.time, record.text)
      : this.line(record.stream, begun.time, Buffer.concat([...begun.pieces, record.text]));
  }

  /** What was written without a newline at the end, once nothing more can come. */
  rest(): LogLine[] {
    const lines = [...this.pending].map(([stream, { time, pieces }]) =>
      this.line(stream, time, Buffer.concat(pieces)),
    );
    this.pending.clear();
    return lines;
  }

  private line(stream: LogRecord['stream'], time: string, text: Buffer): LogLine {
    return { containerId: this.containerId, time: inUtc(time), stream, text: text.toString('utf8') };
  }
}

/** conmon writes the host's offset; as UTC, times compare as text and read as Docker's do. */
function inUtc(time: string): string {
  const seconds = 'YYYY-MM-DDTHH:MM:SS'.length;
  const [, fraction = '', offset = ''] = /^(\.\d+)?(.*)$/.exec(time.slice(seconds)) ?? [];
  if (offset === '+00:00') return `${time.slice(0, seconds)}${fraction}Z`;
  const at = Date.parse(`${time.slice(0, seconds)}${offset}`);
  return Number.isNaN(at) ? time : `${new Date(at).toISOString().slice(0, seconds)}${fraction}Z`;
}
