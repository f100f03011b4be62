import { version as number } from '../../version.ts';
import { defineCommand, flag, oneOf } from '../spec.ts';

export const version = defineCommand({
  summary: 'Show the version',
  options: {
    format: oneOf('-f, --format <format>', 'pretty or json', ['pretty', 'json']),
    short: flag('--short', 'Only the number'),
  },
  run: async (cli, options) => {
    if (options.short) cli.print(number);
    else if (options.format === 'json') cli.print(JSON.stringify({ version: number }));
    else cli.print(`tscompose version ${number}`);
    return undefined;
  },
});
