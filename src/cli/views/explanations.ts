/** Where values came from, for `config --explain` and `env --explain`. */
import type { Explanation } from '../../compose/explain/explanation.ts';
import type { PrintOptions } from '../../compose/explain/print.ts';
import { ComposeError } from '../../errors.ts';
import { type Cli, type LoadExtras, loadOptions } from '../cli.ts';
import { nearPath } from './problems.ts';

/**
 * Loads the project and explains what stands at the paths, or everything when there are none.
 * @throws ComposeError with every mistake in the files, or at a path where there is nothing
 */
export async function explanationsOf(
  cli: Cli,
  paths: readonly string[],
  extras: LoadExtras,
): Promise<readonly Explanation[]> {
  const { explain } = await cli.io.compose();
  const { explanations, problems, warnings } = await explain(loadOptions(cli, extras), paths);
  cli.warnOf(warnings);
  if (problems.length > 0) throw new ComposeError(problems);
  return explanations;
}

export async function explanationText(
  cli: Cli,
  explanations: readonly Explanation[],
  head?: PrintOptions['head'],
): Promise<string> {
  const { printExplanations } = await cli.io.compose();
  const { isTTY, columns } = cli.io.stdout;
  return printExplanations(explanations, {
    paint: cli.paint,
    nameFile: (file) => nearPath(file, cli.io.cwd),
    ...(isTTY ? { width: columns } : {}),
    ...(head === undefined ? {} : { head }),
  });
}
