/** Signals as numbers. */
import { TscomposeError } from '../errors.ts';
import { signalNumbered } from '../linux.ts';

/** @throws TscomposeError `SIGNAL_INVALID` */
export function signalNumber(signal: string): number {
  const number = signalNumbered(signal);
  if (number !== undefined) return number;
  throw new TscomposeError('SIGNAL_INVALID', `invalid signal "${signal}"`, {
    hint: 'write a name such as SIGTERM or SIGRTMIN+3, or a number from 1 to 64',
  });
}
