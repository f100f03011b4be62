import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemFiles } from '../../src/host/files.ts';
import { objectStore } from '../../src/host/objects.ts';

async function emptyRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'tsc-objects-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

it('sweeping finishes deletions and takes away what a first write never completed, and nothing else', async () => {
  const root = await emptyRoot();
  const store = objectStore<{ size: number }>(systemFiles, root, 'thing.json');
  await store.put('whole', { size: 1 });
  const files: Record<string, string[]> = {
    whole: ['thing.json.7.1.tmp', 'kept.log'],
    unfinished: ['thing.json.7.2.tmp'],
    foreign: ['somebody’s data'],
    '.removing-old': ['thing.json', 'upper'],
  };
  for (const [directory, names] of Object.entries(files)) {
    await mkdir(join(root, directory, 'below'), { recursive: true });
    for (const name of names) await writeFile(join(root, directory, name), '');
  }
  await store.sweep();
  const left = await readdir(root);
  expect(
    Object.fromEntries(await Promise.all(left.map(async (one) => [one, await namesIn(join(root, one))]))),
  ).toEqual({
    whole: ['below', 'kept.log', 'thing.json'],
    foreign: ['somebody’s data'],
  });
  expect(await store.list()).toEqual([{ id: 'whole', value: { size: 1 } }]);
});

it('a first write that is refused leaves no object behind', async () => {
  const root = await emptyRoot();
  const full = { ...systemFiles, writeAtomic: () => Promise.reject(new Error('no space left')) };
  const store = objectStore<{ size: number }>(full, root, 'thing.json');
  await expect(store.put('one', { size: 1 })).rejects.toThrow('no space left');
  expect(await readdir(root)).toEqual([]);
});

async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).sort();
}
