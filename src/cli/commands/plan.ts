import type { PlanFormat } from '../../compose/plan/formats.ts';
import type { SavedPlan } from '../../compose/plan/saved.ts';
import type { Cli, LoadExtras } from '../cli.ts';
import { defineCommand, flag, oneOf, text } from '../spec.ts';
import { creation, exclude, upCommand, upOnly, waitTimeout } from './common.ts';

const formats = ['text', 'json', 'mermaid', 'dot'] as const satisfies readonly PlanFormat[];

export const plan = defineCommand({
  summary: 'Show what `up` would do, in which order and why, and do nothing',
  description:
    'One line an action: what it does, what it waits for, and the reason.\nAs JSON for programs; as a graph for Mermaid, or for Graphviz in its language DOT.',
  args: '[service...]',
  options: {
    ...creation,
    ...upOnly,
    output: text('-o, --output <file>', 'Also keep the plan in a file, for `up --plan`'),
    format: oneOf('--format <format>', 'How to print the plan (default: text)', formats),
    json: flag('--json', 'As --format json'),
    noStart: flag('--no-start', 'As `up --no-start`'),
    wait: flag('--wait', 'As `up --wait`'),
    waitTimeout,
  },
  examples: [
    'tscompose plan',
    'tscompose plan --format json web',
    'tscompose plan --format dot | dot -Tsvg > plan.svg',
    'tscompose plan -o plan.json && tscompose up --plan plan.json -d',
  ],
  run: async (cli, options, services) => {
    const { json, format = json ? 'json' : 'text' } = options;
    exclude(json && format !== 'json', `--json cannot be combined with --format ${format}`);
    const command = upCommand(cli, options, services, {
      start: !options.noStart,
      wait: options.wait,
      waitTimeoutMs: options.waitTimeout,
      asks: false,
    });
    const source = options.output === undefined ? undefined : await repeatable(cli, services);
    const project = await cli.project({ services, purpose: 'run' });
    const client = await cli.client();
    let saved: SavedPlan | undefined;
    const answer = await client.apply(
      {
        project,
        projectName: project.name,
        command,
        dryRun: true,
        ...(source === undefined ? {} : { keep: { salt: cli.io.randomSlug() } }),
      },
      {
        onLine: (line) => {
          if (line.kind === 'kept') saved = line.saved;
        },
      },
    );
    for (const warning of answer.warnings) cli.warn(warning);
    if (options.output !== undefined && source !== undefined && saved !== undefined) {
      const { writePlanFile } = await import('../plan-file.ts');
      await writePlanFile(cli.io, options.output, { plan: answer, source, command, saved });
      if (options.output === '-') return undefined;
    }
    if (format === 'text' && answer.nodes.length === 0)
      cli.print('Nothing to do: everything is as the file says.');
    else cli.print((await cli.io.planText(answer, format)).trimEnd());
    return undefined;
  },
});

async function repeatable({ io, settings }: Cli, services: readonly string[]): Promise<LoadExtras> {
  const { sourceOf } = await import('../plan-file.ts');
  return sourceOf(io, settings, services);
}
