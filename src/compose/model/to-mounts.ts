/** Everything that is mounted: `volumes`, `tmpfs`, secrets and configs. */
import { posix } from 'node:path';
import { cleanPath } from '../load/implied.ts';
import { parseSize } from '../load/sizes.ts';
import type { FileMount, Mount } from './project.ts';
import { type JsonMap, listOf, mapOf, numberOf, optional, textOf, textsOf } from './read.ts';
import { bytes } from './units.ts';

export function toMounts(service: JsonMap): readonly Mount[] {
  return [
    ...listOf(service.volumes).flatMap((mount) => toMount(mapOf(mount))),
    ...textsOf(service.tmpfs).map(toTmpfs),
  ];
}

/** Types that only other engines have are refused before this; they make no mount. */
function toMount(mount: JsonMap): readonly Mount[] {
  const target = textOf(mount.target) ?? '';
  const common = { target, readOnly: mount.read_only === true };
  switch (mount.type) {
    case 'volume': {
      const options = mapOf(mount.volume);
      return [
        {
          type: 'volume',
          ...optional('source', textOf(mount.source)),
          ...common,
          nocopy: options.nocopy === true,
          ...optional('subpath', textOf(options.subpath)),
        },
      ];
    }
    case 'bind': {
      const options = mapOf(mount.bind);
      return [
        {
          type: 'bind',
          source: textOf(mount.source) ?? '',
          ...common,
          createHostPath: options.create_host_path !== false,
          ...optional('propagation', textOf(options.propagation)),
          ...optional('recursive', textOf(options.recursive) as 'enabled' | undefined),
        },
      ];
    }
    case 'tmpfs': {
      const options = mapOf(mount.tmpfs);
      return [
        {
          type: 'tmpfs',
          ...common,
          ...optional('sizeBytes', bytes(options.size)),
          ...optional('mode', numberOf(options.mode)),
        },
      ];
    }
    default:
      return [];
  }
}

/** `path:size=64m,mode=755,uid=1000`. */
function toTmpfs(text: string): Mount {
  const colon = text.indexOf(':');
  const target = cleanPath(colon === -1 ? text : text.slice(0, colon));
  const options =
    colon === -1
      ? []
      : text
          .slice(colon + 1)
          .split(',')
          .filter((option) => option !== '');
  const value = (key: string): string | undefined =>
    options.find((option) => option.startsWith(`${key}=`))?.slice(key.length + 1);
  const mode = value('mode');
  const size = value('size');
  const rest = options.filter((option) => !/^(size|mode)=|^r[ow]$/.test(option));
  return {
    type: 'tmpfs',
    target,
    readOnly: options.includes('ro'),
    ...optional('sizeBytes', size === undefined ? undefined : parseSize(size)),
    ...optional('mode', mode === undefined ? undefined : Number.parseInt(mode, 8)),
    ...optional('options', rest.length === 0 ? undefined : rest),
  };
}

/** A relative target lies under `directory`. */
export function toFileMount(mount: JsonMap, directory: string): FileMount {
  const source = textOf(mount.source) ?? '';
  const mode = textOf(mount.mode);
  return {
    source,
    target: posix.resolve(directory, textOf(mount.target) ?? source),
    ...optional('uid', textOf(mount.uid)),
    ...optional('gid', textOf(mount.gid)),
    ...optional('mode', mode === undefined ? undefined : Number.parseInt(mode, 8)),
  };
}
