/** Host paths that a file binds into containers. */
import { TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';

/**
 * Makes sure that the source of a bind mount exists. The short syntax makes a missing one as a directory;
 * the long syntax only with `create_host_path`.
 * @param source absolute
 * @returns the path to mount
 * @throws TscomposeError `BIND_SOURCE_MISSING`
 */
export async function prepareBind(host: Host, source: string, createHostPath: boolean): Promise<string> {
  if ((await host.files.stat(source)) !== undefined) return source;
  if (!createHostPath)
    throw new TscomposeError('BIND_SOURCE_MISSING', `bind source path does not exist: ${source}`, {
      hint: 'create it, or set "bind.create_host_path: true"',
    });
  await host.files.makeDirectory(source, 0o755);
  return source;
}
