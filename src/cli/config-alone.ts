/** The command line of `config` and nothing else, loader included: editors and scripts call it again and again. */
import { executeAndExit } from './command-line.ts';
import { configEntry } from './config-entry.ts';

const registry = [configEntry];

/** As `run` of `main.ts`, for words of which the command is known to be `config`. */
export function run(argv: readonly string[]): Promise<never> {
  return executeAndExit({ argv, registry });
}
