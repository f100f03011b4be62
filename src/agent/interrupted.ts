/** How work ends that its client no longer wants. */
import { TscomposeError } from '../errors.ts';

export function interrupted(): TscomposeError {
  return new TscomposeError('INTERRUPTED', 'interrupted', { exitCode: 130 });
}
