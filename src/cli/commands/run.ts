import type { Plan } from '../../compose/plan/plan.ts';
import { overridesOf } from '../overrides.ts';
import { defineCommand, flag, list, text } from '../spec.ts';
import { attachTo } from '../stdio.ts';
import { dryRun, exclude, pullPolicy, removeOrphans } from './common.ts';

const options = {
  rm: flag('--rm', 'Remove the container when it has ended'),
  detach: flag('-d, --detach', 'Run it in the background and print its id'),
  noTty: flag('-T, --no-tty', 'Give it no terminal', { aliases: ['--no-TTY'] }),
  interactive: flag('-i, --interactive', 'Keep its input open (default: true)', { initial: true }),
  tty: flag('-t, --tty', 'Give it a terminal', { hidden: true, initial: true }),
  env: list('-e, --env <key=value>', 'Set a variable; KEY alone takes its value from here (repeatable)'),
  envFromFile: list('--env-from-file <path>', 'Set the variables of a file (repeatable)'),
  publish: list('-p, --publish <port>', 'Publish a port, such as 8080:80 (repeatable)'),
  servicePorts: flag('-P, --service-ports', "Publish the service's ports"),
  volume: list('-v, --volume <mount>', 'Mount a volume or directory, such as ./src:/app (repeatable)', {
    aliases: ['--volumes <mount>'],
  }),
  entrypoint: text('--entrypoint <command>', "Instead of the image's entrypoint; empties the command"),
  user: text('-u, --user <user>', 'Run as this user, by name or number'),
  workdir: text('-w, --workdir <path>', 'Run in this directory'),
  label: list('-l, --label <key=value>', 'Add a label (repeatable)', { aliases: ['--labels <key=value>'] }),
  name: text('--name <name>', 'Name of the container'),
  useAliases: flag('--use-aliases', "Answer to the service's names on its networks"),
  capAdd: list('--cap-add <capability>', 'Give it a capability (repeatable)'),
  capDrop: list('--cap-drop <capability>', 'Take a capability away (repeatable)'),
  noDeps: flag('--no-deps', 'Do not start the services it depends on'),
  pull: pullPolicy,
  quiet: flag('-q, --quiet', 'Show nothing but its output'),
  quietPull: flag('--quiet-pull', 'Fetch images without showing progress'),
  removeOrphans,
  build: flag('--build', 'Build the image first', { hidden: true }),
  quietBuild: flag('--quiet-build', 'Accepted for compatibility', { hidden: true }),
  dryRun,
} as const;

export const run = defineCommand({
  summary: 'Run a one-off command in a new container of a service',
  description:
    "What the service depends on is started first. The command's exit code is passed on.\nThe service's ports are not published, so that it can run beside the service itself.",
  args: '<service> [command...]',
  passThrough: true,
  options,
  examples: ['tscompose run --rm web npm test', 'tscompose run --rm --entrypoint sh web'],
  run: async (cli, flags, [service = '', ...command]) => {
    exclude(flags.publish.length > 0 && flags.servicePorts, '--service-ports and --publish are incompatible');
    const project = await cli.project({ services: [service], purpose: 'run' });
    const target = { name: project.name, project };
    const tty = flags.tty && !flags.noTty && !flags.detach && cli.io.stdin.isTTY && cli.io.stdout.isTTY;
    const overrides = await overridesOf(cli, flags, { command, workingDir: project.workingDir, tty });
    const plan = await cli.apply(
      target,
      {
        kind: 'run',
        service,
        noDeps: flags.noDeps,
        removeOrphans: flags.removeOrphans || cli.settings.removeOrphans,
        ignoreOrphans: cli.settings.ignoreOrphans,
        ...(flags.pull === undefined ? {} : { pull: flags.pull }),
        ...(flags.build ? { build: true } : {}),
        slug: cli.io.randomSlug(),
        overrides,
      },
      { quiet: flags.quiet, hideImages: flags.quietPull },
    );
    if (cli.settings.dryRun) return undefined;
    const name = oneOffName(plan);
    const client = await cli.client();
    if (!flags.detach)
      return attachTo(cli, name, {
        stdin: flags.interactive,
        detachKeys: undefined,
        forwardSignals: true,
        begin: () => client.start(name, { first: true }),
      });
    const oneOffs = await client.containers({ project: target.name, all: true, oneOffs: 'only' });
    await client.start(name, { first: true });
    cli.print(oneOffs.find((container) => container.name === name)?.id ?? name);
    return undefined;
  },
});

/** The plan made one one-off container; its name leads to it. */
function oneOffName({ nodes }: Plan): string {
  for (const { action } of nodes)
    if (action.kind === 'CreateContainer' && action.container.oneOff) return action.container.name;
  throw new Error('the plan of "run" makes no container to run in');
}
