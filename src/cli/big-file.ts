/**
 * What V8 does for a program that lives long, and a command over a big file does not. It compiles once more what runs
 * often: on two processors that costs more time than it saves, so it is to begin later. And it forgets what has not run
 * for a while: then that would be missing from the compiled code that is kept for the next command.
 */
import { setFlagsFromString } from 'node:v8';

interface Setting {
  /** In characters: what the file must have for it. */
  readonly from: number;
  /** For such a file, and V8's own. */
  readonly flag: string;
  readonly usual: string;
}

const settings: readonly Setting[] = [
  // In bytes of bytecode that a function has run.
  { from: 20_000, flag: `--interrupt-budget=${1 << 20}`, usual: `--interrupt-budget=${66 << 10}` },
  { from: 20_000, flag: '--no-flush-bytecode', usual: '--flush-bytecode' },
  // A function that runs often is compiled when that is found, and does not wait for others.
  { from: 20_000, flag: '--no-baseline-batch-compilation', usual: '--baseline-batch-compilation' },
  // Patterns are compiled for the processor at once, and not first to be interpreted: most will run for every service.
  { from: 20_000, flag: '--no-regexp-tier-up', usual: '--regexp-tier-up' },
  // A file that is loaded in parts leaves much behind that is needed no more, and little that is.
  { from: 1_000_000, flag: '--heap-growing-percent=50', usual: '--heap-growing-percent=0' },
];

/**
 * Whether two threads load a file of that many bytes. Below, they take as long as one; beyond, memory counts for more
 * than time, and each has its own.
 */
export function isForTwoThreads(size: number): boolean {
  return size >= 300_000 && size <= 3_000_000;
}

const done = new Set<Setting>();

/** @param length in characters */
export function prepareForFile(length: number): void {
  const fresh = settings.filter((setting) => length >= setting.from && !done.has(setting));
  if (fresh.length === 0) return;
  const set = flagSetter();
  // Compiled code that is kept for the next run is taken only by one with the same settings.
  if (done.size === 0)
    process.prependOnceListener('exit', () => done.forEach(({ usual }) => void set(usual)));
  for (const setting of fresh) {
    set(setting.flag);
    done.add(setting);
  }
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
