import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemFiles } from '../../src/host/files.ts';
import { listNow, removeDirectoryNow, removeNow } from '../../src/host/files-now.ts';

let root: string;
let tree: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tsc-removal-'));
  tree = join(root, 'tree');
  mkdirSync(join(tree, 'empty'), { recursive: true });
  mkdirSync(join(tree, 'deep/er'), { recursive: true });
  for (let at = 0; at < 40; at += 1) writeFileSync(join(tree, `deep/er/${at}`), 'x');
  mkdirSync(join(root, 'beside'));
  writeFileSync(join(root, 'beside/kept'), 'x');
  symlinkSync(join(root, 'beside'), join(tree, 'deep/link'));
  symlinkSync('/nowhere', join(tree, 'dangling'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe.each([
  ['through a thread', (path: string) => systemFiles.remove(path)],
  ['at once', async (path: string) => removeNow(path)],
])('removing %s', (_, remove) => {
  it('takes a whole tree, and follows no link out of it', async () => {
    await remove(tree);
    expect(readdirSync(root)).toEqual(['beside']);
    expect(readdirSync(join(root, 'beside'))).toEqual(['kept']);
  });

  it('takes a file, and of a link to a directory the link', async () => {
    await remove(join(tree, 'deep/er/0'));
    await remove(join(tree, 'deep/link'));
    await remove(join(tree, 'dangling'));
    expect(readdirSync(tree)).toEqual(['deep', 'empty']);
    expect(readdirSync(join(tree, 'deep'))).toEqual(['er']);
    expect(existsSync(join(root, 'beside/kept'))).toBe(true);
  });

  it('is fine with finding nothing', async () => {
    await remove(join(root, 'absent'));
    await remove(join(root, 'beside/kept/below a file'));
    expect(existsSync(join(root, 'beside/kept'))).toBe(true);
  });

  it('says what it could not remove', async () => {
    await expect(remove('/proc/self/status')).rejects.toMatchObject({
      code: 'HOST_EPERM',
      message: expect.stringContaining('/proc/self/status'),
    });
  });
});

describe('looking and removing at once', () => {
  it('lists what is there, and nothing where nothing is', () => {
    expect(
      listNow(tree)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['dangling', 'deep', 'empty']);
    expect(listNow(join(root, 'absent'))).toEqual([]);
  });

  it('leaves a directory that holds something', () => {
    expect(removeDirectoryNow(join(tree, 'deep'))).toBe(false);
    expect(removeDirectoryNow(join(tree, 'empty'))).toBe(true);
    expect(removeDirectoryNow(join(tree, 'empty'))).toBe(true);
    expect(readdirSync(tree)).toEqual(['dangling', 'deep']);
  });
});
