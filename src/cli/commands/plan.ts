import { defineCommand, flag } from '../spec.ts';
import { creation, upCommand, upOnly } from './common.ts';

export const plan = defineCommand({
  summary: 'Show what `up` would do, in which order and why, and do nothing',
  description: 'One line an action: what it does, what it waits for, and the reason.',
  args: '[service...]',
  options: {
    ...creation,
    ...upOnly,
    json: flag('--json', 'Print the plan as JSON'),
    noStart: flag('--no-start', 'As `up --no-start`'),
  },
  examples: ['tscompose plan', 'tscompose plan --json web'],
  run: async (cli, options, services) => {
    const project = await cli.project({ services, purpose: 'run' });
    const client = await cli.client();
    const answer = await client.apply(
      {
        project,
        projectName: project.name,
        command: upCommand(cli, options, services, { start: !options.noStart, wait: false }),
        dryRun: true,
      },
      { onLine: () => undefined },
    );
    for (const warning of answer.warnings) cli.warn(warning);
    if (options.json) cli.print(JSON.stringify(answer, null, 2));
    else if (answer.nodes.length === 0) cli.print('Nothing to do: everything is as the file says.');
    else cli.print((await cli.io.planText(answer)).trimEnd());
    return undefined;
  },
});
