/** `COMPOSE_*` variables of `.env` or `--env-file` configure the tool, as those of the shell do. */
import { TscomposeError } from '../errors.ts';
import { loadOptions } from './cli.ts';
import type { Io } from './io.ts';
import type { Settings } from './settings.ts';

/** The environment with what the files add to it; the shell's own variables win. */
export async function withEnvFiles(io: Io, settings: Settings): Promise<Io['environment']> {
  const added = [...(await variablesOfFiles(io, settings))].filter(([name]) => name.startsWith('COMPOSE_'));
  return { ...Object.fromEntries(added), ...io.environment };
}

/** What is wrong with the files is the loader's to tell. */
async function variablesOfFiles(io: Io, settings: Settings): Promise<ReadonlyMap<string, string>> {
  const { loadEnvironment } = await import('../compose/load/environment.ts');
  const { collectProblems } = await import('../compose/load/problems.ts');
  try {
    return (await loadEnvironment(loadOptions({ io, settings }), collectProblems())).variables;
  } catch (error) {
    if (error instanceof TscomposeError) return new Map();
    throw error;
  }
}
