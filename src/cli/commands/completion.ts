import { TscomposeError } from '../../errors.ts';
import { defineCommand } from '../spec.ts';
import { scripts } from '../views/completion.ts';

export const completion = defineCommand({
  summary: 'Print a script that completes commands, options and services in your shell',
  args: '<shell>',
  options: {},
  examples: [
    'source <(tscompose completion bash)',
    'tscompose completion zsh > "${fpath[1]}/_tscompose"',
    'tscompose completion fish > ~/.config/fish/completions/tscompose.fish',
  ],
  run: async (cli, _options, [shell = '']) => {
    const script = Object.hasOwn(scripts, shell) ? scripts[shell as keyof typeof scripts] : undefined;
    if (script === undefined)
      throw new TscomposeError('CLI_USAGE', `there is no completion for "${shell}"`, {
        hint: `the shells are ${Object.keys(scripts).join(', ')}`,
      });
    cli.io.stdout.write(script);
    return undefined;
  },
});
