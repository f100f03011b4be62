/** What tests of service attributes ask of a stack: what its containers printed, and what engine and kernel say of them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from '../../src/agent/client.ts';
import type { AgentClient, ContainerView } from '../../src/agent/protocol.ts';
import { directoriesFor } from '../../src/host/directories.ts';
import type { OciSpec } from '../../src/runtime/oci.ts';
import type { Stack } from './stack.ts';

const run = promisify(execFile);
const root = process.env.TSCOMPOSE_ROOT ?? '';

/** The lines each service has printed so far, both streams in the order in which they were written. */
export async function said(stack: Stack): Promise<Readonly<Record<string, readonly string[]>>> {
  const lines = new Map<string, string[]>();
  const filter = { project: stack.project, all: true, oneOffs: 'include' } as const;
  await withClient((client) =>
    client.logs(filter, { follow: false }, ({ service, text }) => {
      lines.set(service, [...(lines.get(service) ?? []), text]);
    }),
  );
  return Object.fromEntries(lines);
}

/** The engine's own view of every container, by service; of several replicas the last. */
export async function views(stack: Stack): Promise<Readonly<Record<string, ContainerView>>> {
  const filter = { project: stack.project, all: true, oneOffs: 'include' } as const;
  const all = await withClient((client) => client.containers(filter));
  return Object.fromEntries(all.map((view) => [view.service, view]));
}

async function withClient<Result>(use: (client: AgentClient) => Promise<Result>): Promise<Result> {
  const client = await connect();
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** What the OCI runtime was told of a running container. */
export async function bundle({ id }: Pick<ContainerView, 'id'>): Promise<OciSpec> {
  const { run: directory } = directoriesFor(process.env, 0);
  return JSON.parse(await readFile(join(directory, 'containers', id, 'config.json'), 'utf8')) as OciSpec;
}

export const cgroupVersion = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2 : 1;

/** A value of a running container's cgroup, such as `cpu.shares`. */
export async function cgroupValue({ id }: Pick<ContainerView, 'id'>, file: string): Promise<string> {
  const { tag } = directoriesFor(process.env, 0);
  const [controller = ''] = file.split('.', 1);
  const hierarchy = cgroupVersion === 1 ? controller : '';
  return (await readFile(join('/sys/fs/cgroup', hierarchy, `tscompose-${tag}`, id, file), 'utf8')).trim();
}

export interface ImageFile {
  /** Absent: a directory. */
  readonly content?: string;
  readonly mode: number;
  readonly owner?: readonly [uid: number, gid: number];
}

/** Stores an image: busybox with these files over it, and configuration as a Dockerfile's lines give it. */
export async function importImage(
  stack: Stack,
  reference: string,
  changes: readonly string[],
  files: Readonly<Record<string, ImageFile>> = {},
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'tsc-image-'));
  try {
    const tarball = join(work, 'image.tar');
    await copyFile(join(root, 'busybox.tar'), tarball);
    for (const [path, file] of Object.entries(files)) await place(join(work, 'root', path), file);
    const names = Object.keys(files).map((path) => path.slice(1));
    if (names.length > 0)
      await run('tar', [
        '-C',
        join(work, 'root'),
        '--numeric-owner',
        '--no-recursion',
        '-rf',
        tarball,
        ...names,
      ]);
    await stack.ok('image', 'import', ...changes.flatMap((change) => ['-c', change]), tarball, reference);
  } finally {
    await rm(work, { recursive: true });
  }
}

async function place(path: string, { content, mode, owner: [uid, gid] = [0, 0] }: ImageFile): Promise<void> {
  await mkdir(content === undefined ? path : dirname(path), { recursive: true });
  if (content !== undefined) await writeFile(path, content);
  await chown(path, uid, gid);
  await chmod(path, mode);
}
