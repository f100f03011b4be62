import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { programKind, refusedProgram } from '../../src/runtime/program.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tscompose-program-'));
  await mkdir(join(root, 'bin'));
  await copyFile(process.execPath, join(root, 'bin/dynamic'));
  await writeFile(join(root, 'bin/script'), '#! /bin/interpreter -x\n');
  await writeFile(join(root, 'bin/interpreter'), '');
  await writeFile(join(root, 'bin/lost'), '#!/bin/nowhere\n');
  await writeFile(join(root, 'bin/plain'), 'echo hi\n');
  await symlink('/bin/plain', join(root, 'bin/link'));
});
afterAll(() => rm(root, { recursive: true }));

const machine = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64'] ?? 'amd64';

test('a program tells what it needs', async () => {
  const head = (await readFile(process.execPath)).subarray(0, 4096);
  expect(programKind(head, machine)).toEqual({
    kind: 'loadable',
    interpreter: expect.stringMatching(/^\/lib.*\/ld-linux/),
  });
  expect(programKind(head, machine === 'amd64' ? 's390x' : 'amd64')).toEqual({ kind: 'foreign' });
  expect(programKind(Buffer.from('#!/bin/sh -e\necho'), 'amd64')).toEqual({
    kind: 'loadable',
    interpreter: '/bin/sh',
  });
  expect(programKind(Buffer.from('#!\n'), 'amd64')).toEqual({ kind: 'foreign' });
  expect(programKind(Buffer.alloc(0), 'amd64')).toEqual({ kind: 'foreign' });
});

test.each([
  ['script', undefined],
  ['/bin/lost', 127],
  ['bin/plain', 126],
  ['link', 126],
  ['dynamic', 127],
  ['not-there', undefined],
])('%s is refused with %s', async (program, exitCode) => {
  const refusal = await refusedProgram(
    systemHost,
    root,
    { args: [program], env: ['PATH=/sbin:/bin'], cwd: '/' },
    machine,
  );
  expect(refusal?.exitCode).toBe(exitCode);
});
