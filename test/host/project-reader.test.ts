import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HostError } from '../../src/errors.ts';
import { asHostError } from '../../src/host/files.ts';
import { projectReader } from '../../src/host/project-reader.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tsc-reader-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('what is there is told apart and read, and what is not is absent', async () => {
  const path = await directory();
  await writeFile(join(path, 'compose.yaml'), 'services: {}\n');
  const { kind, readText } = projectReader();
  const names = ['compose.yaml', '.', 'other.yaml'].map((name) => join(path, name));
  expect(await Promise.all(names.map(kind))).toEqual(['file', 'directory', 'none']);
  expect([await readText(names[0]!), await readText(names[2]!)]).toEqual(['services: {}\n', undefined]);
});

test('a file that cannot be read is named, with the reason', async () => {
  const path = await directory();
  const loop = join(path, '.env');
  await symlink(loop, loop);
  const { kind, readText } = projectReader();
  const refused = { code: 'HOST_ELOOP', message: `cannot read ${loop}: too many symbolic links encountered` };
  await expect(kind(loop)).rejects.toMatchObject(refused);
  await expect(readText(loop)).rejects.toMatchObject(refused);
  await expect(readText(path)).rejects.toThrow(`cannot read ${path}: it is a directory`);
});

test('a file of somebody else says nothing of where the engine keeps its things', async () => {
  const denied = (call: string) => () =>
    Promise.reject(
      asHostError(
        'read',
        Object.assign(new Error(`EACCES: permission denied, ${call} '/x/.env'`), { code: 'EACCES' }),
      ),
    );
  const { kind, readText } = projectReader(undefined, { stat: denied('stat'), readText: denied('open') });
  for (const ask of [kind, readText]) {
    const error = await ask('/x/.env').catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ message: 'cannot read /x/.env: permission denied', hint: undefined });
  }
});
