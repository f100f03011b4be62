/** Finds where the last lines begin by reading backwards, so that a tail costs the same whatever the size of the log. */
import type { OpenFile } from '../../host/random-access.ts';
import { type LogRecord, parseRecord } from './k8s-line.ts';

export interface TailStart {
  /** Index of the segment to begin with. */
  readonly segment: number;
  readonly position: number;
  /** Unwanted lines that end after `position`, because the streams are interleaved: as many to leave out. */
  readonly skip: number;
}

const chunkBytes = 64 * 1024;
/** How far before the last wanted line the beginning of one of the other stream is looked for. */
const reachBytes = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * @param segments oldest first
 * @param wanted number of lines; one without its newline, at the very end, counts
 */
export async function findTail(segments: readonly OpenFile[], wanted: number): Promise<TailStart> {
  const last = segments.length - 1;
  const end = last < 0 ? 0 : await (segments[last] as OpenFile).size();
  const scan = new TailScan(wanted, { segment: Math.max(last, 0), position: end });
  let beyondBytes = 0;
  for await (const { record, bytes, place } of recordsBackwards(segments)) {
    if (scan.isComplete() || beyondBytes > reachBytes) break;
    if (scan.hasAllLines()) beyondBytes += bytes;
    scan.take(record, place);
  }
  return { ...scan.start, skip: scan.skip };
}

interface Place {
  readonly segment: number;
  readonly position: number;
}

/**
 * Takes records from the last to the first. Backwards, an `F` record begins a line, and so does the first record
 * of a stream at all (its line has no end yet); the `P` records that follow belong to it.
 */
class TailScan {
  start: Place;
  skip = 0;
  private lines = 0;
  private unwanted = 0;
  private readonly wanted: number;
  private readonly met = new Set<LogRecord['stream']>();
  /** Streams whose current line is wanted; where it begins shows only at the next line of that stream. */
  private readonly open = new Set<LogRecord['stream']>();

  constructor(wanted: number, end: Place) {
    this.wanted = wanted;
    this.start = end;
  }

  hasAllLines(): boolean {
    return this.lines >= this.wanted;
  }

  isComplete(): boolean {
    return this.hasAllLines() && this.open.size === 0;
  }

  take({ stream, isPartial }: LogRecord, place: Place): void {
    if (!isPartial || !this.met.has(stream)) this.beginLine(stream);
    this.met.add(stream);
    if (!this.open.has(stream)) return;
    this.start = place;
    this.skip = this.unwanted;
  }

  private beginLine(stream: LogRecord['stream']): void {
    this.open.delete(stream);
    if (this.hasAllLines()) {
      this.unwanted += 1;
      return;
    }
    this.lines += 1;
    this.open.add(stream);
  }
}

async function* recordsBackwards(
  segments: readonly OpenFile[],
): AsyncIterable<{ record: LogRecord; bytes: number; place: Place }> {
  for (let segment = segments.length - 1; segment >= 0; segment -= 1) {
    for await (const { line, position } of linesBackwards(segments[segment] as OpenFile)) {
      const record = parseRecord(line);
      if (record !== undefined) yield { record, bytes: line.length, place: { segment, position } };
    }
  }
}

/** Whole lines only: what stands behind the last newline is still being written. */
async function* linesBackwards(file: OpenFile): AsyncIterable<{ line: Buffer; position: number }> {
  let start = await file.size();
  /** From `start` on, the end of a line whose beginning lies before. Ends with its newline once one was met. */
  let carried: Buffer = Buffer.alloc(0);
  let isWhole = false;
  while (start > 0) {
    const from = Math.max(0, start - chunkBytes);
    const bytes = Buffer.concat([await file.read(from, start - from), carried]);
    let end: number = isWhole ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    isWhole ||= end > 0;
    while (end > 0) {
      const before: number = end < 2 ? -1 : bytes.lastIndexOf(NEWLINE, end - 2);
      if (before < 0 && from > 0) break;
      yield { line: bytes.subarray(before + 1, end - 1), position: from + before + 1 };
      end = before + 1;
    }
    carried = bytes.subarray(0, end);
    start = from;
  }
}
