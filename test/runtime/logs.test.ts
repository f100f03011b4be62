import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import type { LogQuery } from '../../src/runtime/container.ts';
import { readLogToEnd } from '../../src/runtime/logs/follow.ts';
import { readLog } from '../../src/runtime/logs/read.ts';
import { rotateSegments } from '../../src/runtime/logs/segments.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tscompose-log-'));
  path = join(directory, 'container.log');
});
afterEach(() => rm(directory, { recursive: true }));

/** `o` and `e` are the streams, `+` marks a piece that goes on: `o+abc` is a piece on stdout. */
function records(...lines: string[]): string {
  return lines
    .map((line, at) => {
      const isPartial = line[1] === '+';
      const second = String(at % 60).padStart(2, '0');
      const stream = line[0] === 'o' ? 'stdout' : 'stderr';
      return `2024-01-01T00:00:${second}.123456789+00:00 ${stream} ${isPartial ? 'P' : 'F'} ${line.slice(isPartial ? 2 : 1)}\n`;
    })
    .join('');
}

async function read(query: Partial<LogQuery> = {}, ended = AbortSignal.abort()): Promise<string[]> {
  const lines: string[] = [];
  const source = { containerId: 'c1', path, ended };
  for await (const { stream, text } of readLog(
    systemHost,
    source,
    { follow: false, ...query },
    AbortSignal.timeout(60_000),
  ))
    lines.push(`${stream[3]} ${text}`);
  return lines;
}

test('pieces are joined to lines, each stream by itself', async () => {
  await writeFile(path, records('o+one ', 'eerror', 'o+and ', 'otwo', 'o', 'o+rest'));
  expect(await read()).toEqual(['e error', 'o one and two', 'o ', 'o rest']);
});

test('a line has the time of its first piece, to the nanosecond', async () => {
  await writeFile(path, records('o+a', 'ob'));
  const source = { containerId: 'c1', path, ended: AbortSignal.abort() };
  const lines = readLog(systemHost, source, { follow: false }, AbortSignal.timeout(60_000));
  const first = await lines.next();
  await lines.return();
  expect(first.value).toEqual({
    containerId: 'c1',
    time: '2024-01-01T00:00:00.123456789Z',
    stream: 'stdout',
    text: 'ab',
  });
});

test.each([
  ['2024-01-01T00:30:00.000000001+00:00', '2024-01-01T00:30:00.000000001Z'],
  ['2024-01-01T00:30:00.123456789+02:00', '2023-12-31T22:30:00.123456789Z'],
  ['2024-03-31T03:00:00.5-04:30', '2024-03-31T07:30:00.5Z'],
])('a line written at %s is of %s', async (written, told) => {
  await writeFile(path, `${written} stdout F text\n`);
  const source = { containerId: 'c1', path, ended: AbortSignal.abort() };
  const lines = readLog(systemHost, source, { follow: false }, AbortSignal.timeout(60_000));
  const first = await lines.next();
  await lines.return();
  expect(first.value).toMatchObject({ time: told });
});

const mixed = ['o1', 'e+2a', 'o3', 'e2b', 'o+4a', 'e5', 'o4b', 'o6', 'o+7'];
const whole = ['o 1', 'o 3', 'e 2a2b', 'e 5', 'o 4a4b', 'o 6', 'o 7'];

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 100])(
  'the last %d lines are whole, however the streams are mixed',
  async (tail) => {
    await writeFile(path, records(...mixed));
    expect(await read()).toEqual(whole);
    expect(await read({ tail })).toEqual(tail === 0 ? [] : whole.slice(-tail));
  },
);

test('a tail of a large log is right across the blocks it is read in', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `o${'x'.repeat(at % 97)}${at}`);
  await writeFile(path, records(...lines));
  const all = lines.map((line) => `o ${line.slice(1)}`);
  for (const tail of [1, 999, 1000, 1001, 4999]) expect(await read({ tail })).toEqual(all.slice(-tail));
});

test('rotated segments are read as one log, and a tail reaches into them', async () => {
  await writeFile(`${path}.2`, records('o1', 'o2'));
  await writeFile(`${path}.1`, records('o3', 'o+4a'));
  await writeFile(path, records('o4b', 'o5'));
  expect(await read()).toEqual(['o 1', 'o 2', 'o 3', 'o 4a4b', 'o 5']);
  expect(await read({ tail: 2 })).toEqual(['o 4a4b', 'o 5']);
  expect(await read({ tail: 4 })).toEqual(['o 2', 'o 3', 'o 4a4b', 'o 5']);
});

test('since and until bound the time', async () => {
  await writeFile(path, records('o0', 'o1', 'o2', 'o3'));
  const at = (second: number): number => Date.parse(`2024-01-01T00:00:0${second}Z`);
  expect(await read({ since: at(2) })).toEqual(['o 2', 'o 3']);
  expect(await read({ until: at(2) })).toEqual(['o 0', 'o 1']);
});

test('what is no record, and a record that is still being written, is left out', async () => {
  await writeFile(path, `garbage\n${records('o1')}2024-01-01T00:00:00.1+00:00 stdout F unfin`);
  expect(await read()).toEqual(['o 1']);
  expect(await read({ tail: 1 })).toEqual(['o 1']);
});

test('no log at all has no lines', async () => {
  expect(await read()).toEqual([]);
  expect(await read({ tail: 5 })).toEqual([]);
});

test('following gives every line once, through rotations and a file that comes late', async () => {
  const ended = new AbortController();
  const reading = read({ follow: true }, ended.signal);
  const expected: string[] = [];
  for (let round = 0; round < 60; round += 1) {
    await appendFile(path, records(`o${round}`));
    expected.push(`o ${round}`);
    if (round % 10 === 9) await rotateSegments(systemHost, path, 50);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await appendFile(path, records('olast'));
  ended.abort();
  expect(await reading).toEqual([...expected, 'o last']);
});

test('rotation keeps as many old files as it is told', async () => {
  for (const text of ['o1', 'o2', 'o3', 'o4']) {
    await writeFile(path, records(text));
    await rotateSegments(systemHost, path, 2);
  }
  await rename(`${path}.1`, path);
  expect(await read()).toEqual(['o 3', 'o 4']);
});

test('a followed log goes on when there are no watches to be had', async () => {
  const host = { ...systemHost, files: { ...systemHost.files, watch: () => undefined } };
  await writeFile(path, records('oone'));
  const ended = new AbortController();
  const source = { containerId: 'c1', path, ended: ended.signal };
  const heard: string[] = [];
  for await (const { text } of readLog(host, source, { follow: true }, AbortSignal.timeout(60_000))) {
    heard.push(text);
    if (text === 'one') await appendFile(path, records('otwo'));
    else ended.abort();
  }
  expect(heard).toEqual(['one', 'two']);
});

test('a followed log fails when its container’s end cannot be waited for', async () => {
  await writeFile(path, records('oone'));
  const heard: string[] = [];
  const end = () => Promise.reject(new Error('no word of its end'));
  const lines = readLogToEnd(
    systemHost,
    { containerId: 'c1', path, end },
    { follow: true },
    AbortSignal.timeout(60_000),
  );
  const reading = async (): Promise<void> => {
    for await (const { text } of lines) heard.push(text);
  };
  await expect(reading()).rejects.toThrow('no word of its end');
  expect(heard).toEqual(['one']);
});
