/** Writes the image configuration that `parseImageConfig` reads. */
import type { ImageConfig } from './images.ts';
import { inspectConfig } from './inspect.ts';

export function formatImageConfig(config: ImageConfig): Buffer {
  const { architecture, os, variant, created, diffIds, history } = config;
  const settings = Object.entries(inspectConfig(config)).filter(
    ([, value]) => value !== null && value !== '',
  );
  return Buffer.from(
    JSON.stringify({
      ...(created === undefined ? {} : { created }),
      architecture,
      os,
      ...(variant === undefined ? {} : { variant }),
      config: Object.fromEntries(settings),
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: history.map((entry) => ({
        ...(entry.created === undefined ? {} : { created: entry.created }),
        ...(entry.createdBy === undefined ? {} : { created_by: entry.createdBy }),
        ...(entry.comment === undefined ? {} : { comment: entry.comment }),
        ...(entry.emptyLayer ? { empty_layer: true } : {}),
      })),
    }),
  );
}
