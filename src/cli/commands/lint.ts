import { resolve } from 'node:path';
import type { WarningKind } from '../../compose/lint/warnings.ts';
import { nearest } from '../../compose/load/suggest.ts';
import { inFileOrder, type Problem, TscomposeError } from '../../errors.ts';
import { type Cli, loadOptions } from '../cli.ts';
import { ExitWith, exitCodes } from '../exit.ts';
import { defineCommand, flag, list, oneOf, parsed, type Values } from '../spec.ts';
import { wholeNumber } from '../values.ts';
import { painter } from '../views/colour.ts';
import { paragraph } from '../views/human.ts';
import { type Judged, problemsAsJson, problemsForGitHub } from '../views/problem-formats.ts';
import { nearProblem, renderProblems } from '../views/problems.ts';

const options = {
  format: oneOf('--format <format>', 'text, json, or github for annotations (default: text)', [
    'text',
    'json',
    'github',
  ]),
  ignore: list('--ignore <code>', 'Leave out warnings with this code (repeatable)'),
  strict: flag('--strict', 'Fail at warnings too'),
  maxWarnings: parsed('--max-warnings <n>', 'Fail when there are more warnings than this', wholeNumber),
  codes: flag('--codes', 'Print every code of a warning, with what it means'),
} as const;

type Options = Values<typeof options>;

export const lint = defineCommand({
  summary: 'Check the files for mistakes and for habits that bite later',
  description:
    'Everything that can be told without a machine to run on. Each FILE is a project by itself; without one, the project is found as always. Ends with 1 at errors, and at warnings under --strict or above --max-warnings.\nA file silences a warning with `x-tscompose: {ignore: [CODE]}`, a line with the comment `# tscompose-ignore CODE`.',
  args: '[file...]',
  options,
  examples: ['tscompose lint', 'tscompose lint --strict compose.yaml', 'tscompose lint --format github'],
  run: async (cli, flags, files) => {
    const { warningKinds } = await import('../../compose/lint/warnings.ts');
    const kinds = warningKinds();
    if (flags.codes) {
      cli.io.stdout.write(kinds.map(explained).join('\n'));
      return undefined;
    }
    const ignored = codesToIgnore(flags, kinds);
    const found = (await problemsIn(cli, files)).filter(
      ({ severity, code }) => severity === 'error' || !ignored.has(code),
    );
    cli.io.stdout.write(await printed(cli, flags, found));
    if (isFailure(flags, found)) throw new ExitWith(exitCodes.failure);
    return undefined;
  },
});

function explained({ code, about }: WarningKind): string {
  return `${code}\n${paragraph(about, 2)}`;
}

/** @throws TscomposeError `CLI_USAGE` at a code that no warning has */
function codesToIgnore({ ignore }: Options, kinds: readonly WarningKind[]): ReadonlySet<string> {
  const known = kinds.map(({ code }) => code);
  const wanted = ignore.flatMap((codes) => codes.split(',')).map((code) => code.trim());
  for (const code of wanted) {
    if (known.includes(code)) continue;
    const near = nearest(code, known);
    throw new TscomposeError('CLI_USAGE', `no warning has the code "${code}"`, {
      hint: near === undefined ? '`tscompose lint --codes` lists them' : `did you mean "${near}"?`,
    });
  }
  return new Set(wanted);
}

/** Each file by itself, or the project as every command finds it. */
async function problemsIn(cli: Cli, files: readonly string[]): Promise<readonly Judged[]> {
  const { load } = await cli.io.compose();
  const given = loadOptions(cli, { purpose: 'lint' });
  const projects = files.length === 0 ? [given.files] : files.map((file) => [resolve(cli.io.cwd, file)]);
  const found = new Map<string, Judged>();
  for (const project of projects) {
    const { problems, warnings } = await load({ ...given, files: project });
    const judged = [...problems.map(judge('error')), ...warnings.map(judge('warning'))];
    // Two files may include the same third.
    for (const problem of inFileOrder(judged)) found.set(JSON.stringify(problem), problem);
  }
  return [...found.values()];
}

/** The file is told once, with the place. */
function judge(severity: Judged['severity']): (problem: Problem) => Judged {
  return (problem) => {
    const { at, message } = problem;
    const prefix = `${at?.file}: `;
    return {
      severity,
      ...problem,
      message: message.startsWith(prefix) ? message.slice(prefix.length) : message,
    };
  };
}

async function printed(cli: Cli, { format }: Options, found: readonly Judged[]): Promise<string> {
  const { io, settings } = cli;
  if (format === 'json') return problemsAsJson(found);
  if (format === 'github') return problemsForGitHub(found.map((problem) => nearProblem(problem, io.cwd)));
  const paint = painter(io.stdout, settings.ansi, io.environment);
  const text = await renderProblems(found, { io, paint, output: io.stdout });
  return `${text}${text === '' ? '' : '\n\n'}${summary(found)}\n`;
}

function summary(found: readonly Judged[]): string {
  const errors = count(found, 'error');
  const warnings = count(found, 'warning');
  if (errors + warnings === 0) return 'no problems';
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}

function count(found: readonly Judged[], severity: Judged['severity']): number {
  return found.filter((problem) => problem.severity === severity).length;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function isFailure({ strict, maxWarnings }: Options, found: readonly Judged[]): boolean {
  const most = strict ? 0 : (maxWarnings ?? Number.POSITIVE_INFINITY);
  return count(found, 'error') > 0 || count(found, 'warning') > most;
}
