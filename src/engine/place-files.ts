/** Secrets and configs become files: the host's own, or ones of the bundle with the owner and mode asked for. */
import { join } from 'node:path';
import type { FileSpec } from '../compose/plan/plan.ts';
import { TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { allOf } from '../host/turns.ts';
import type { BundleMount } from '../runtime/container.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord } from './record.ts';

/**
 * What the container mounts, read-only. Copies go with the bundle, so every start reads the sources anew.
 * @throws TscomposeError `FILE_OWNER`, `BIND_SOURCE_MISSING`
 */
export async function placeFiles(parts: Parts, { id, spec }: ContainerRecord): Promise<BundleMount[]> {
  const { host } = parts;
  const directory = join(parts.containers.bundle(id), 'files');
  if (spec.files.length > 0) await host.files.makeDirectory(directory, 0o711);
  return allOf(
    spec.files.map(async (file, index) => {
      const mounted = (source: string): BundleMount => ({
        type: 'bind',
        source,
        target: file.target,
        readOnly: true,
      });
      if (file.kind === 'bind' && (await isMountedItself(host, file))) return mounted(file.source);
      const copy = join(directory, String(index));
      const content = file.kind === 'content' ? file.content : await bytesOf(host, file.source);
      await writeOwned(host, copy, content, file);
      return mounted(copy);
    }),
  );
}

/**
 * The host's own file shows its changes. Where an owner or a mode is asked for, a copy gets them and the host's file
 * keeps its own (Docker Compose ignores them there); a directory stays as it is.
 */
async function isMountedItself(
  { files }: Host,
  { source, uid, gid, mode }: FileSpec & { kind: 'bind' },
): Promise<boolean> {
  if (uid === undefined && gid === undefined && mode === undefined) return true;
  return (await files.stat(source))?.isDirectory() ?? false;
}

async function bytesOf({ files }: Host, source: string): Promise<Buffer> {
  const bytes = await files.readBytes(source);
  if (bytes !== undefined) return bytes;
  throw new TscomposeError('BIND_SOURCE_MISSING', `the file ${source} does not exist`);
}

async function writeOwned(
  { files }: Host,
  path: string,
  content: string | Buffer,
  { uid, gid, mode, target }: FileSpec,
): Promise<void> {
  await files.write(path, content, 0o600);
  await files.chown(path, numeric(uid, target), numeric(gid, target));
  await files.chmod(path, mode ?? 0o444);
}

function numeric(id: string | undefined, target: string): number {
  if (id === undefined) return 0;
  if (/^\d+$/.test(id)) return Number(id);
  throw new TscomposeError('FILE_OWNER', `the owner "${id}" of ${target} is not a number`, {
    hint: 'write uid and gid as numbers, such as "1000"',
  });
}
