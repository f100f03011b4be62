import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { LineWriter, readLines } from '../../src/agent/ndjson.ts';

describe('NDJSON', () => {
  it('reads back the values that were written, in order', async () => {
    const values = [{ a: 1 }, 'zeile\nmit Umbruch', [null, true], { text: 'ä€🐢' }];
    const pipe = new PassThrough();
    const lines = new LineWriter(pipe);
    for (const value of values) void lines.write(value);
    lines.end();
    const read: unknown[] = [];
    await readLines(pipe, (line) => read.push(line));
    expect(read).toEqual(values);
  });

  it('puts lines together again however the bytes are cut', async () => {
    const bytes = Buffer.from(`${JSON.stringify({ text: 'größer' })}\n${JSON.stringify(2)}\n`);
    const read: unknown[] = [];
    await readLines(Readable.from([...bytes].map((byte) => Buffer.from([byte]))), (line) => read.push(line));
    expect(read).toEqual([{ text: 'größer' }, 2]);
  });

  it('makes the writer wait while the reader is behind, and go on when it has caught up', async () => {
    const pipe = new PassThrough({ highWaterMark: 1024 });
    const lines = new LineWriter(pipe);
    let written = 0;
    const writing = (async () => {
      for (; written < 50; written += 1) await lines.write('x'.repeat(64 * 1024));
      lines.end();
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines.isFull).toBe(true);
    expect(written).toBeLessThan(3);
    expect((await text(pipe)).split('\n').length).toBe(51);
    await writing;
  });

  it('lets the writer go on when the reader has gone', async () => {
    const pipe = new PassThrough({ highWaterMark: 16 });
    const lines = new LineWriter(pipe);
    const waiting = lines.write('x'.repeat(64 * 1024));
    pipe.destroy();
    await waiting;
    await lines.write('nobody reads this');
  });
});
