/** What is kept of a container's output. */
import { defaultLogDriver, parseLogFiles, parseLogSize } from '../load/log-options.ts';
import type { LogKeeping, Service } from './project.ts';
import { type JsonMap, mapOf, pairsOf, textOf } from './read.ts';

const localDefaults = { maxBytes: 20 * 1024 * 1024, maxFiles: 5 };

/** Other drivers are warned of, and keep what `json-file` keeps. */
export function toLogging(service: JsonMap): Pick<Service, 'logging'> {
  const logging = mapOf(service.logging);
  const driver = textOf(logging.driver) ?? defaultLogDriver;
  if (driver === 'none') return { logging: { kind: 'none' } };
  if (driver !== 'local' && driver !== defaultLogDriver) return {};
  const keeping = bound(pairsOf(logging.options), driver === 'local' ? localDefaults : { maxFiles: 1 });
  return keeping === undefined ? {} : { logging: keeping };
}

function bound(
  options: Readonly<Record<string, string>>,
  defaults: { readonly maxBytes?: number; readonly maxFiles: number },
): LogKeeping | undefined {
  const maxBytes = parseLogSize(options['max-size'] ?? '') ?? defaults.maxBytes;
  const maxFiles = parseLogFiles(options['max-file'] ?? '') ?? defaults.maxFiles;
  return maxBytes === undefined ? undefined : { kind: 'bounded', maxBytes, maxFiles };
}
