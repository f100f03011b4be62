import { TscomposeError } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { renderError } from '../views/problems.ts';

/** Does it for each name; one that fails is told of and does not keep the others from their turn. Answers the failures. */
export async function forEach(
  cli: Cli,
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<readonly TscomposeError[]> {
  const failures: TscomposeError[] = [];
  for (const name of names) {
    try {
      await work(name);
    } catch (error) {
      if (!(error instanceof TscomposeError)) throw error;
      failures.push(error);
      cli.io.stderr.write(`${await renderError(error, cli.io, cli.settings.ansi)}\n`);
    }
  }
  return failures;
}
