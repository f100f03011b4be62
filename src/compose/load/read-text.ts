/** A file that something leads to: what keeps it from being read is blamed on what leads there. */
import { TscomposeError } from '../../errors.ts';
import type { Problems } from './problems.ts';
import type { Reader } from './reader.ts';
import type { Span } from './source.ts';

/** `undefined` when there is no such file; empty when it cannot be read, which is reported. */
export async function readText(
  reader: Reader,
  path: string,
  problems: Problems,
  at?: Span,
): Promise<string | undefined> {
  try {
    return await reader.readText(path);
  } catch (error) {
    if (!(error instanceof TscomposeError)) throw error;
    problems.add({ code: error.code, message: error.message, at, hint: error.hint });
    return '';
  }
}
