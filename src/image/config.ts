/** Image configurations: the JSON both OCI and Docker write, and what we keep of it. @see OCI image-spec, config.md */
import { parseDigest } from './digests.ts';
import { millisecondsOf } from './durations.ts';
import type { ImageConfig } from './images.ts';
import { record, textList, textMap } from './media.ts';
import { corrupt } from './tar/entry.ts';

/**
 * @throws TscomposeError `IMAGE_CORRUPT`
 */
export function parseImageConfig(value: unknown): ImageConfig {
  const { architecture, os, variant, created, config, rootfs, history } = record(value);
  const settings = record(config ?? {});
  const stopSignal = text(settings.StopSignal);
  const shell = textList(settings.Shell);
  const healthcheck = parseHealthcheck(settings.Healthcheck);
  return {
    architecture: text(architecture) ?? '',
    os: text(os) ?? 'linux',
    ...optional('variant', text(variant)),
    ...optional('created', text(created)),
    user: text(settings.User) ?? '',
    env: textList(settings.Env),
    entrypoint: textList(settings.Entrypoint),
    cmd: textList(settings.Cmd),
    workingDir: text(settings.WorkingDir) ?? '',
    volumes: keys(settings.Volumes),
    exposedPorts: keys(settings.ExposedPorts),
    labels: textMap(settings.Labels),
    ...optional('stopSignal', stopSignal),
    ...optional('shell', shell.length === 0 ? undefined : shell),
    ...optional('healthcheck', healthcheck),
    diffIds: parseDiffIds(rootfs),
    history: Array.isArray(history) ? history.map(parseHistory) : [],
  };
}

function parseDiffIds(rootfs: unknown): ImageConfig['diffIds'] {
  const { diff_ids: ids } = record(rootfs ?? {});
  if (ids !== undefined && ids !== null && !Array.isArray(ids))
    throw corrupt('an image configuration has no list of layers');
  return (ids ?? []).map(parseDigest);
}

function parseHistory(value: unknown): ImageConfig['history'][number] {
  const entry = record(value);
  return {
    ...optional('created', text(entry.created)),
    ...optional('createdBy', text(entry.created_by)),
    ...optional('comment', text(entry.comment)),
    emptyLayer: entry.empty_layer === true,
  };
}

function parseHealthcheck(value: unknown): ImageConfig['healthcheck'] {
  if (value === undefined || value === null) return undefined;
  const check = record(value);
  const test = textList(check.Test);
  const retries = typeof check.Retries === 'number' && check.Retries > 0 ? check.Retries : undefined;
  return {
    test,
    ...optional('intervalMs', millisecondsOf(check.Interval)),
    ...optional('timeoutMs', millisecondsOf(check.Timeout)),
    ...optional('startPeriodMs', millisecondsOf(check.StartPeriod)),
    ...optional('startIntervalMs', millisecondsOf(check.StartInterval)),
    ...optional('retries', retries),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Sets are objects with empty values. */
function keys(value: unknown): readonly string[] {
  return Object.keys(record(value ?? {}));
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
