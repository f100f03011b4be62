/**
 * What V8 does for a program that lives long, and a command over a big file does not. It compiles once more what runs
 * often: on two processors that costs more time than it saves, so it is to begin later. And it forgets what has not run
 * for a while: then that would be missing from the compiled code that is kept for the next command.
 */
import { setFlagsFromString } from 'node:v8';

/** The budget is in bytes of bytecode that a function has run. */
const big = [`--interrupt-budget=${1 << 20}`, '--no-flush-bytecode'];
const usual = [`--interrupt-budget=${66 << 10}`, '--flush-bytecode'];

let isSet = false;

/** Small files do not repay what it takes. */
export function prepareForBigFile(): void {
  if (isSet) return;
  isSet = true;
  const set = flagSetter();
  for (const flag of big) set(flag);
  // Compiled code that is kept for the next run is taken only by one with the same settings.
  process.prependOnceListener('exit', () => {
    for (const flag of usual) set(flag);
  });
}

type SetFlags = (flags: string) => void;

interface OldProcess {
  noDeprecation?: boolean | undefined;
  binding?(name: string): { readonly setFlagsFromString?: SetFlags };
}

/**
 * The module is a thin cover that loads all of Node's streams for its heap snapshots: 5 ms, a twentieth of a command
 * over a hundred services. What it covers is there at once, by a way that Node advises against; when that is gone,
 * the module is still there.
 */
function flagSetter(): SetFlags {
  const old = process as OldProcess;
  const before = old.noDeprecation;
  try {
    old.noDeprecation = true;
    return old.binding?.('v8').setFlagsFromString ?? setFlagsFromString;
  } catch {
    return setFlagsFromString;
  } finally {
    old.noDeprecation = before;
  }
}
