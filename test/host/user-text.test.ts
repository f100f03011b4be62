import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readUserText } from '../../src/host/user-text.ts';

const directory = mkdtempSync(join(tmpdir(), 'user-text-'));
afterAll(() => rmSync(directory, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe('the text of a file of the user', () => {
  it('is what is in it, and nothing where there is no file', () => {
    expect(readUserText(written('a', 'ä€😀\n'))).toBe('ä€😀\n');
    expect(readUserText(written('empty', ''))).toBe('');
    expect(readUserText('/dev/null')).toBe('');
    expect(readUserText(join(directory, 'none'))).toBe(undefined);
    expect(readUserText(join(directory, 'a', 'below'))).toBe(undefined);
  });

  it('may be UTF-16 that says so', () => {
    const text = Buffer.from('\ufeffa: ä\n', 'utf16le');
    expect(readUserText(written('little', text))).toBe('a: ä\n');
    expect(readUserText(written('big', Buffer.from(text).swap16()))).toBe('a: ä\n');
  });

  it.each([
    [Buffer.from([0x61, 0x0a, 0x62, 0xff, 0x63]), 'byte 2 of line 2 is 0xff'],
    [Buffer.from([0xc3]), 'byte 1 of line 1 is 0xc3'],
    [Buffer.from([0xe2, 0x82, 0x61]), 'byte 1 of line 1 is 0xe2'],
    [
      Buffer.concat([Buffer.from('ä€😀\n'.repeat(1000)), Buffer.from([0xc0, 0x80])]),
      'byte 1 of line 1001 is 0xc0',
    ],
  ])('is UTF-8, or the first byte that is not is named: %j', (bytes, place) => {
    const path = written('bad', bytes);
    expect(() => readUserText(path)).toThrow(`cannot read ${path}: ${place}, which is not UTF-8`);
  });

  it('is refused when the file is a directory, a loop of links, too big or a device without end', () => {
    const loop = join(directory, 'loop');
    symlinkSync(loop, loop);
    const big = written('big-file', '');
    truncateSync(big, 50 << 20);
    mkdirSync(join(directory, 'sub'));
    expect(() => readUserText(join(directory, 'sub'))).toThrow('it is a directory');
    expect(() => readUserText(loop)).toThrow('ELOOP');
    expect(() => readUserText(big)).toThrow('it has more than 32 MiB');
    expect(() => readUserText('/dev/zero')).toThrow('it has more than 32 MiB');
  });

  it('is empty when it is a pipe that nobody writes to', () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(readUserText(pipe)).toBe('');
  });

  it('is waited for when it comes out of a pipe', () => {
    const script =
      'import { readUserText } from "./src/host/user-text.ts"; process.stdout.write(readUserText("/dev/fd/3"));';
    const module = join(import.meta.dirname, '../..');
    const esbuild = join(module, 'node_modules/.bin/esbuild');
    const bundle = join(directory, 'read.mjs');
    execFileSync(
      esbuild,
      ['--bundle', '--platform=node', '--format=esm', `--outfile=${bundle}`, '--log-level=error'],
      {
        cwd: module,
        input: script,
      },
    );
    const command = `exec 3< <(sleep 0.3; echo late); "${process.execPath}" "${bundle}"`;
    expect(execFileSync('bash', ['-c', command], { encoding: 'utf8' })).toBe('late\n');
  });
});
