/** The command line with all its commands. */
import { execute, executeAndExit } from './command-line.ts';
import type { Io } from './io.ts';
import { registry } from './registry.ts';

/** Runs the words after the program's name to their end. Resolves with the exit code; nothing escapes as a rejection. */
export function main(argv: readonly string[], io?: Io): Promise<number> {
  return execute({ argv, registry }, io);
}

/** The same as a process of its own. */
export function run(argv: readonly string[]): Promise<never> {
  return executeAndExit({ argv, registry });
}
