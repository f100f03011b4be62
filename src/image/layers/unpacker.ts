/** Where layers are unpacked: in threads beside the agent, or on the spot when that is quicker. */
import type { Files } from '../../host/files.ts';
import { createWorkerPool } from '../../host/workers.ts';
import type { LayerSummary } from './apply.ts';
import { type UnpackJob, unpackLayer } from './unpack.ts';

export interface Unpacker {
  /** As `unpackLayer`; `target` is as good as gone when it fails. */
  unpack(job: Omit<UnpackJob, 'ownsAll'>, signal?: AbortSignal): Promise<LayerSummary>;
}

/** Starting a thread costs about as much as unpacking this many bytes. */
const worthAThread = 1024 * 1024;

/** `script`: the built `layer-worker`; without it (when running from sources) everything is done on the spot. */
export function createUnpacker(files: Files, script: string | undefined): Unpacker {
  const pool = script === undefined ? undefined : createWorkerPool<UnpackJob, LayerSummary>(script);
  const ownsAll = process.getuid?.() === 0;
  return {
    unpack: async (request, signal) => {
      const job = { ...request, ownsAll };
      const bytes = (await files.stat(job.blob))?.size ?? 0;
      return pool === undefined || bytes < worthAThread ? unpackLayer(job, signal) : pool.run(job, signal);
    },
  };
}
