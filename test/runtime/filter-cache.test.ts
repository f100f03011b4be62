import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { filterCache } from '../../src/runtime/filter-cache.ts';
import type { OciSpec } from '../../src/runtime/oci.ts';
import { bundleSpec } from '../../src/runtime/spec.ts';
import { bundleFacts, request } from './requests.ts';

const plain = bundleSpec(request, bundleFacts);
const filtered = (action: string): OciSpec => ({
  ...plain,
  linux: { ...plain.linux, seccomp: { defaultAction: action, architectures: [], syscalls: [] } },
});
const program = Buffer.from('12345678abcdefgh');
const annotated = { 'run.oci.seccomp_bpf_data': program.toString('base64') };

let root: string;
/** What each creation was given: its filter, or the program for it. */
let given: (string | undefined)[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tscompose-filters-'));
  await mkdir(join(root, 'state'));
  given = [];
});
afterEach(() => rm(root, { recursive: true }));

const cache = (era = 'boot') => filterCache(systemHost, join(root, 'filters'), era);

/** As crun does: compiles when it gets a filter, and leaves the program in its state. */
async function create(spec: OciSpec): Promise<string> {
  given.push(spec.annotations === undefined ? spec.linux.seccomp?.defaultAction : 'program');
  if (spec.annotations === undefined) await writeFile(join(root, 'state/seccomp.bpf'), program);
  else expect([spec.annotations, spec.linux.seccomp]).toEqual([annotated, undefined]);
  return 'created';
}

test('a filter is compiled by the first container that has it, also when many start at once', async () => {
  const filters = cache();
  await Promise.all([1, 2, 3].map(() => filters.through(filtered('ERRNO'), join(root, 'state'), create)));
  expect(given).toEqual(['ERRNO', 'program', 'program']);
});

test('programs outlive the process, but not the boot', async () => {
  await cache().through(filtered('ERRNO'), join(root, 'state'), create);
  await cache().through(filtered('ERRNO'), join(root, 'state'), create);
  await cache('another boot').through(filtered('ERRNO'), join(root, 'state'), create);
  expect(given).toEqual(['ERRNO', 'program', 'ERRNO']);
});

test('each filter has a program of its own, and a container without filter none', async () => {
  const filters = cache();
  await filters.through(filtered('ERRNO'), join(root, 'state'), create);
  await filters.through(filtered('KILL'), join(root, 'state'), create);
  await filters.through(plain, join(root, 'state'), create);
  expect(given).toEqual(['ERRNO', 'KILL', undefined]);
});

test('when the first container cannot be created, the next one compiles', async () => {
  const filters = cache();
  const failing = filters.through(filtered('ERRNO'), join(root, 'state'), () =>
    Promise.reject(new Error('no program')),
  );
  const next = filters.through(filtered('ERRNO'), join(root, 'state'), create);
  await expect(failing).rejects.toThrow('no program');
  expect(await next).toBe('created');
  expect(given).toEqual(['ERRNO']);
});

test('a program that is cut off is not believed', async () => {
  const filters = cache();
  const torn = async (spec: OciSpec): Promise<void> => {
    await create(spec);
    await writeFile(join(root, 'state/seccomp.bpf'), program.subarray(0, 5));
  };
  await filters.through(filtered('ERRNO'), join(root, 'state'), torn);
  await filters.through(filtered('ERRNO'), join(root, 'state'), create);
  expect(given).toEqual(['ERRNO', 'ERRNO']);
});

test('a program that cannot be written down is used, and its container is created', async () => {
  await writeFile(join(root, 'filters'), 'in the way of the directory');
  const filters = cache();
  const told = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => told.mockRestore());
  for (const _container of [1, 2])
    expect(await filters.through(filtered('ERRNO'), join(root, 'state'), create)).toBe('created');
  expect(given).toEqual(['ERRNO', 'program']);
  expect(told).toHaveBeenCalledOnce();
});
