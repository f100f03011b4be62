import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemFiles } from '../../src/host/files.ts';

const kernel = vi.hoisted(() => ({ refusal: '' }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const watch = (path: string, listener: (event: string, name: string | null) => void) => {
    if (kernel.refusal !== '') throw Object.assign(new Error('refused'), { code: kernel.refusal });
    return fs.watch(path, listener);
  };
  return { ...fs, watch };
});

let directory: string;

beforeEach(async () => {
  kernel.refusal = '';
  directory = await mkdtemp(join(tmpdir(), 'tsc-watch-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('a watch tells what changes in the directory, until it is closed', async () => {
  const changed = new Set<string>();
  const watcher = systemFiles.watch(directory, (name) => void changed.add(name));
  await writeFile(join(directory, 'one'), '');
  await expect.poll(() => [...changed]).toEqual(['one']);
  watcher?.close();
});

test.each(['EMFILE', 'ENOSPC'])('where the kernel has no watches left (%s), there is none', (code) => {
  kernel.refusal = code;
  expect(systemFiles.watch(directory, () => undefined)).toBeUndefined();
});

test('a watch that breaks is closed', async () => {
  const watcher = systemFiles.watch(directory, () => undefined);
  const closed = new Promise((resolve) => watcher?.once('close', resolve));
  watcher?.emit('error', new Error('the watch broke'));
  await closed;
});

test('a directory that is not there is named', () => {
  const path = join(directory, 'none');
  expect(() => systemFiles.watch(path, () => undefined)).toThrow(`cannot watch ${path}`);
});
