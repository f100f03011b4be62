/** A file that two threads load and print some services at a time, through the command as it is built. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../bin/tscompose.cjs');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tsc-big-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

function config(file: string, ...flags: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '-f', file, 'config', ...flags], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

function bigFile(name: string, more = ''): string {
  const services = Array.from(
    { length: 2000 },
    (_, index) =>
      `  service-${index}:\n    image: app:${index}\n    environment: {A: "${'a'.repeat(100)}"}\n    volumes: ["data:/data"]\n`,
  );
  const file = join(directory, name);
  writeFileSync(file, `name: big\nservices:\n${services.join('')}${more}volumes:\n  data: {}\n  other: {}\n`);
  return file;
}

it('is printed as when it is loaded as a whole', () => {
  const file = bigFile('compose.yaml');
  const printed = config(file);
  expect(printed).toMatchObject({ status: 0, stderr: '' });
  expect(printed.stdout.match(/^ {2}service-\d+:$/gm)).toHaveLength(2000);
  // With this flag nothing is different where there is no env_file, and the file is loaded as a whole.
  expect(printed.stdout).toBe(config(file, '--no-env-resolution').stdout);
});

it('is refused with the place of the mistake', () => {
  const file = bigFile('mistake.yaml', '  last:\n    image: x\n    prots: []\n');
  const { status, stdout, stderr } = config(file);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('8005:5');
  expect(stderr).toContain('prots');
});
