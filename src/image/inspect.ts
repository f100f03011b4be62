/** What `image inspect` and `image history` show, in Docker's own shape. */
import { nanosecondsOf } from './durations.ts';
import type { ImageConfig, ImageRecord } from './images.ts';

/** The JSON object of `docker image inspect`. */
export function inspectImage(image: ImageRecord): Record<string, unknown> {
  const { config } = image;
  return {
    Id: image.id,
    RepoTags: image.references,
    RepoDigests: image.repoDigests,
    Parent: '',
    Comment: config.history.at(-1)?.comment ?? '',
    Created: config.created ?? new Date(image.createdAt).toISOString(),
    Author: '',
    Config: inspectConfig(config),
    Architecture: config.architecture,
    ...(config.variant === undefined ? {} : { Variant: config.variant }),
    Os: config.os,
    Size: image.sizeBytes,
    RootFS: { Type: 'layers', Layers: config.diffIds },
  };
}

/** The `Config` object, as image configurations have it too. */
export function inspectConfig(config: ImageConfig): Record<string, unknown> {
  const some = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
  const set = (names: readonly string[]): Record<string, object> | null =>
    names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, {}]));
  const { healthcheck } = config;
  return {
    User: config.user,
    ...(config.exposedPorts.length === 0 ? {} : { ExposedPorts: set(config.exposedPorts) }),
    Env: some(config.env),
    Cmd: some(config.cmd),
    ...(healthcheck === undefined ? {} : { Healthcheck: inspectHealthcheck(healthcheck) }),
    Volumes: set(config.volumes),
    WorkingDir: config.workingDir,
    Entrypoint: some(config.entrypoint),
    Labels: Object.keys(config.labels).length === 0 ? null : config.labels,
    ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
    ...(config.shell === undefined ? {} : { Shell: config.shell }),
  };
}

function inspectHealthcheck(check: NonNullable<ImageConfig['healthcheck']>): Record<string, unknown> {
  const times = {
    Interval: check.intervalMs,
    Timeout: check.timeoutMs,
    StartPeriod: check.startPeriodMs,
    StartInterval: check.startIntervalMs,
  };
  const given = Object.entries(times).flatMap(([key, ms]) =>
    ms === undefined ? [] : [[key, nanosecondsOf(ms)]],
  );
  return {
    Test: check.test,
    ...Object.fromEntries(given),
    ...(check.retries === undefined ? {} : { Retries: check.retries }),
  };
}

export interface HistoryRow {
  /** The image's id in the first row, `<missing>` in the others: the steps between have no image of their own. */
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly sizeBytes: number;
  readonly comment: string;
}

/** One row an instruction, newest first. */
export function imageHistory(image: ImageRecord): readonly HistoryRow[] {
  let layer = 0;
  const rows = image.config.history.map(({ created, createdBy, comment, emptyLayer }) => ({
    createdAt: created === undefined ? 0 : instant(created),
    createdBy: createdBy ?? '',
    sizeBytes: emptyLayer ? 0 : (image.layerSizes[layer++] ?? 0),
    comment: comment ?? '',
  }));
  return rows.reverse().map((row, index) => ({ id: index === 0 ? image.id : '<missing>', ...row }));
}

/** Milliseconds of an RFC 3339 time; 0 where it is none. */
export function instant(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}
