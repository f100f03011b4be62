/** Signal names and numbers, as Docker takes them: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`. */
import { TscomposeError } from '../errors.ts';

/** In the order of their numbers, from 1. @see signal(7), the columns of x86 and ARM */
const names =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG
   XCPU XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/);

const aliases: Readonly<Record<string, string>> = { IOT: 'ABRT', CLD: 'CHLD', POLL: 'IO', UNUSED: 'SYS' };
/** The C library keeps the first two real-time signals for itself. */
const realTime = { min: 34, max: 64 };

/** @throws TscomposeError `SIGNAL_INVALID` */
export function signalNumber(signal: string): number {
  const text = signal.trim().toUpperCase();
  const number = /^\d+$/.test(text) ? Number(text) : numberOf(text.replace(/^SIG/, ''));
  if (number === undefined || number < 1 || number > realTime.max)
    throw new TscomposeError('SIGNAL_INVALID', `invalid signal "${signal}"`, {
      hint: 'write a name such as SIGTERM or SIGRTMIN+3, or a number from 1 to 64',
    });
  return number;
}

function numberOf(name: string): number | undefined {
  const at = names.indexOf(aliases[name] ?? name);
  return at >= 0 ? at + 1 : realTimeNumber(name);
}

function realTimeNumber(name: string): number | undefined {
  const match = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
  if (match === null) return undefined;
  const [, base, sign = '+', offset = '0'] = match;
  const number = (base === 'MIN' ? realTime.min : realTime.max) + (sign === '-' ? -1 : 1) * Number(offset);
  return number >= realTime.min && number <= realTime.max ? number : undefined;
}
