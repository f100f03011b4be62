/**
 * V8 compiles what runs often once more, for a long life: on two processors that costs a command over a big file more
 * time than it saves. A command asks for it to begin later.
 */
import { setFlagsFromString } from 'node:v8';

/** In bytes of bytecode that a function has run. */
const usual = 66 << 10;
const late = 1 << 20;

let isLate = false;

/** Takes 3 ms, which small files do not repay. */
export function compileLate(): void {
  if (isLate) return;
  isLate = true;
  set(late);
  // Compiled code that is kept for the next run is taken only by one with the same settings.
  process.prependOnceListener('exit', () => set(usual));
}

function set(budget: number): void {
  setFlagsFromString(`--interrupt-budget=${budget}`);
}
