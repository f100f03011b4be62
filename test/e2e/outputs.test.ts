/** Where the text of a command goes: a file, a pipe that is read or not, an output that takes nothing. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program } from './commands.ts';

/** Much more than a pipe holds. */
const services = Array.from({ length: 400 }, (_, at) => [
  `s${at}`,
  { image: 'busybox', environment: { A: 'x'.repeat(400) } },
]);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tsc-outputs-'));
  await writeFile(
    join(directory, 'compose.yaml'),
    JSON.stringify({ name: 'big', services: Object.fromEntries(services) }),
  );
});
afterAll(() => rm(directory, { recursive: true }));

/** What a shell says to `script`, in which `tscompose` is the program. */
function shell(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const define = `tscompose() { "${process.execPath}" -- "${program}" "$@"; }; ${script}`;
  const options = { cwd: directory, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', define], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('all of it comes through a pipe, however slowly that is read', async () => {
  const script = 'tscompose config >all; tscompose config | (sleep 1; cat) | cmp - all && wc -c <all';
  const { code, stdout, stderr } = await shell(script);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(Number(stdout)).toBeGreaterThan(150_000);
});

test('also through one that must not be waited for', async () => {
  // Perl, because it is on every Debian: makes its output such a pipe before it becomes the program.
  const unwaiting =
    "perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK); exec @ARGV'";
  const script = `tscompose config >all; ${unwaiting} "${process.execPath}" -- "${program}" config | (sleep 1; cat) | cmp - all`;
  expect(await shell(script)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a reader that has enough is no error', async () => {
  expect(await shell('tscompose config | head -n 1')).toEqual({ code: 0, stdout: 'name: big\n', stderr: '' });
});

test('an output that takes nothing is told', async () => {
  const { code, stderr } = await shell('tscompose config >/dev/full');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^tscompose: cannot write what there is to say: ENOSPC: no space left on device.*\n$/,
  );
});
