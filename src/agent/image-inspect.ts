/** An image as `docker image inspect` prints it. */
import { TscomposeError } from '../errors.ts';
import type { ServedEngine } from './routes.ts';

type ImageRecord = NonNullable<Awaited<ReturnType<ServedEngine['store']['find']>>>;

/** @throws TscomposeError `IMAGE_NOT_FOUND`. @see Docker Engine API, ImageInspect */
export async function inspectImage(
  store: Pick<ServedEngine['store'], 'find'>,
  reference: string,
): Promise<unknown> {
  const record = await store.find(reference);
  if (record === undefined) throw new TscomposeError('IMAGE_NOT_FOUND', `no such image: ${reference}`);
  const { config } = record;
  return {
    Id: record.id,
    RepoTags: record.references.filter((name) => !name.includes('@')),
    RepoDigests: record.references.filter((name) => name.includes('@')),
    Created: config.created ?? '',
    Os: config.os,
    Architecture: config.architecture,
    ...(config.variant === undefined ? {} : { Variant: config.variant }),
    Size: record.sizeBytes,
    Config: {
      User: config.user,
      Env: config.env,
      Entrypoint: config.entrypoint,
      Cmd: config.cmd,
      WorkingDir: config.workingDir,
      Volumes: asSet(config.volumes),
      ExposedPorts: asSet(config.exposedPorts),
      Labels: config.labels,
      ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
      ...(config.shell === undefined ? {} : { Shell: config.shell }),
      ...(config.healthcheck === undefined ? {} : { Healthcheck: inspectHealthcheck(config.healthcheck) }),
    },
    RootFS: { Type: 'layers', Layers: config.diffIds },
    Descriptor: { digest: record.manifest },
  };
}

/** Docker writes a set as an object with empty objects. */
function asSet(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

const nanosecondsPerMs = 1e6;

function inspectHealthcheck(check: NonNullable<ImageRecord['config']['healthcheck']>): object {
  const durations = {
    Interval: check.intervalMs,
    Timeout: check.timeoutMs,
    StartPeriod: check.startPeriodMs,
    StartInterval: check.startIntervalMs,
  };
  return {
    Test: check.test,
    ...Object.fromEntries(
      Object.entries(durations).flatMap(([key, ms]) =>
        ms === undefined ? [] : [[key, ms * nanosecondsPerMs]],
      ),
    ),
    ...(check.retries === undefined ? {} : { Retries: check.retries }),
  };
}
