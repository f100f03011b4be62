import { runningContainer } from '../containers.ts';
import { defineCommand, flag, list, text } from '../spec.ts';
import { variables } from '../values.ts';
import { index } from './common.ts';

export const exec = defineCommand({
  summary: 'Run a command in a running container of a service',
  description: 'It gets a terminal when there is one here. Its exit code is passed on.',
  args: '<service> <command> [args...]',
  passThrough: true,
  options: {
    detach: flag('-d, --detach', 'Run it in the background'),
    env: list('-e, --env <key=value>', 'Set a variable; KEY alone takes its value from here (repeatable)'),
    index,
    noTty: flag('-T, --no-tty', 'Give it no terminal', { aliases: ['--no-TTY'] }),
    privileged: flag('--privileged', 'Give it every capability'),
    user: text('-u, --user <user>', 'Run as this user, by name or number'),
    workdir: text('-w, --workdir <path>', 'Run in this directory'),
    interactive: flag('-i, --interactive', 'Keep its input open', { hidden: true, initial: true }),
    tty: flag('-t, --tty', 'Give it a terminal', { hidden: true, initial: true }),
  },
  examples: ['tscompose exec web sh', 'tscompose exec -T db pg_dump app > app.sql'],
  run: async (cli, options, [service = '', ...args]) => {
    const target = await cli.target([service]);
    const container = await runningContainer(cli, target, service, options.index);
    const { io } = cli;
    const tty = options.tty && !options.noTty && !options.detach && io.stdin.isTTY && io.stdout.isTTY;
    const env = Object.entries(variables(options.env, io.environment)).map(
      ([key, value]) => `${key}=${value}`,
    );
    const client = await cli.client();
    const plan = await client.exec(container.id, {
      args,
      env,
      tty,
      privileged: options.privileged,
      ...(options.workdir === undefined ? {} : { cwd: options.workdir }),
      ...(options.user === undefined ? {} : { user: options.user }),
    });
    return io.runProgram({ ...plan, detach: options.detach, stdin: options.interactive, tty });
  },
});
