import type { Project } from '../../compose/model/project.ts';
import { TscomposeError } from '../../errors.ts';
import { type AttachedOptions, runAttached } from '../attached.ts';
import type { Cli } from '../cli.ts';
import type { PlanFile } from '../plan-file.ts';
import { defineCommand, flag, list, text, type Values } from '../spec.ts';
import { LogView } from '../views/logs.ts';
import { creation, exclude, upCommand, upOnly, waitTimeout } from './common.ts';

const options = {
  detach: flag('-d, --detach', 'Return when everything has started'),
  wait: flag('--wait', 'Return when the services are running, and healthy if they have a check'),
  waitTimeout,
  ...creation,
  ...upOnly,
  noStart: flag('--no-start', 'Create the containers and start none'),
  plan: text('--plan <file>', 'Carry out this plan of `plan -o`, unless files or machine have changed since'),
  abortOnContainerExit: flag('--abort-on-container-exit', 'Stop everything when a container ends'),
  abortOnContainerFailure: flag('--abort-on-container-failure', 'Stop everything when a container fails'),
  exitCodeFrom: text(
    '--exit-code-from <service>',
    "End with that service's exit code; stops everything when a container ends",
  ),
  attach: list('--attach <service>', 'Show only the output of this service (repeatable)'),
  noAttach: list('--no-attach <service>', 'Do not show the output of this service (repeatable)'),
  attachDependencies: flag('--attach-dependencies', 'Also show the output of dependencies'),
  noLogPrefix: flag('--no-log-prefix', 'Lines without the name of their container'),
  noColor: flag('--no-color', 'Output without colours'),
  timestamps: flag('--timestamps', 'Lines with their time'),
  menu: flag('--menu', 'Accepted for compatibility', { hidden: true }),
  quietBuild: flag('--quiet-build', 'Accepted for compatibility', { hidden: true }),
} as const;

type Options = Values<typeof options>;

export const up = defineCommand({
  summary: 'Create and start the services, with what they need',
  description:
    'Containers whose configuration or image changed are replaced, the others are left alone.\nWithout -d the output of the services is shown; Ctrl-C stops them, a second one kills them.',
  args: '[service...]',
  options,
  examples: [
    'tscompose up -d                  start everything in the background',
    'tscompose up --wait              return when everything is healthy',
    'tscompose up --scale web=3 -d    three containers of web',
    'tscompose up --exit-code-from t  run until t ends, with its exit code',
    'tscompose up --plan plan.json    do what `plan -o plan.json` has shown, or nothing',
  ],
  run: async (cli, flags, services) => {
    const { command, saved, ...order } = await orderOf(cli, flags, services);
    const detached = checkFlags({ ...flags, wait: command.wait });
    const project = await cli.project(order.source);
    const target = { name: project.name, project };
    if (Object.keys(project.services).length === 0)
      throw new TscomposeError('CLI_NO_SERVICE', 'no service selected');
    if (detached || !command.start || cli.settings.dryRun) {
      await cli.apply(target, command, { hideImages: flags.quietPull, saved });
      return undefined;
    }
    const view = new LogView(
      cli.io,
      { prefix: !flags.noLogPrefix, colour: !flags.noColor, timestamps: flags.timestamps },
      cli.paint,
    );
    const attached = attachedOptions(flags, project, command.services);
    return runAttached(cli, target, command, view, { ...attached, saved });
  },
});

/** What is to be done, and to which project: as the options say, or as a plan was made of it before. */
type Order = Pick<PlanFile, 'command' | 'source'> & Partial<Pick<PlanFile, 'saved'>>;

async function orderOf(cli: Cli, flags: Options, services: readonly string[]): Promise<Order> {
  if (flags.plan !== undefined) return orderIn(flags.plan, { cli, flags, services });
  const command = upCommand(cli, flags, services, {
    start: !flags.noStart,
    wait: flags.wait,
    waitTimeoutMs: flags.waitTimeout,
  });
  return { command, source: { services, purpose: 'run' } };
}

/** @throws TscomposeError `CLI_USAGE` at options that would ask for another plan */
async function orderIn(
  path: string,
  { cli, flags, services }: { cli: Cli; flags: Options; services: readonly string[] },
): Promise<Order> {
  const { otherSource, readPlanFile } = await import('../plan-file.ts');
  const file = await readPlanFile(cli.io, path);
  const given = [
    ...(services.length > 0 ? ['services'] : []),
    ...deciding
      .filter((key) => isGiven(flags[key], options[key].initial))
      .map((key) => longName(options[key])),
    ...otherSource(cli, file),
  ];
  exclude(given.length > 0, `--plan cannot be combined with ${given.join(', ')}: the plan is made already`);
  return file;
}

/** Options that a plan is made of. */
const deciding = [
  'wait',
  'waitTimeout',
  'noStart',
  'forceRecreate',
  'noRecreate',
  'pull',
  'removeOrphans',
  'scale',
  'build',
  'noBuild',
  'yes',
  'alwaysRecreateDeps',
  'noDeps',
  'renewAnonVolumes',
  'timeout',
] as const satisfies readonly (keyof Options)[];

function isGiven(value: unknown, initial: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== initial;
}

function longName({ flags }: { readonly flags: string }): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** Whether to return at once. @throws TscomposeError `CLI_USAGE` at options that exclude each other */
function checkFlags(flags: Options): boolean {
  const stops =
    flags.abortOnContainerExit || (flags.exitCodeFrom !== undefined && !flags.abortOnContainerFailure);
  const attaches = flags.attachDependencies || flags.attach.length > 0;
  exclude(
    stops && flags.abortOnContainerFailure,
    '--abort-on-container-failure cannot be combined with --abort-on-container-exit',
  );
  exclude(
    flags.wait && (attaches || stops),
    '--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
  );
  const detached = flags.detach || flags.wait;
  exclude(
    detached && (attaches || stops || flags.abortOnContainerFailure),
    '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach or --attach-dependencies',
  );
  exclude(
    flags.attach.length > 0 && flags.attachDependencies,
    'cannot combine --attach and --attach-dependencies',
  );
  return detached;
}

function attachedOptions(
  flags: Options,
  project: Project,
  services: readonly string[],
): Omit<AttachedOptions, 'saved'> {
  const named = services.length > 0 ? services : Object.keys(project.services);
  const everything = flags.attachDependencies ? withDependencies(project, named) : named;
  const unknown = flags.attach.filter((service) => project.services[service] === undefined);
  exclude(unknown.length > 0, `cannot attach to services not included in up: ${unknown.join(', ')}`);
  if (flags.exitCodeFrom !== undefined && project.services[flags.exitCodeFrom] === undefined)
    throw new TscomposeError('CLI_NO_SUCH_SERVICE', `no such service: ${flags.exitCodeFrom}`);
  const shown =
    flags.attach.length > 0 ? flags.attach : everything.filter((name) => project.services[name]?.attach);
  return {
    watched: flags.exitCodeFrom === undefined ? named : [...new Set([...named, flags.exitCodeFrom])],
    shown: shown.filter((name) => !flags.noAttach.includes(name)),
    onExit: flags.abortOnContainerFailure
      ? 'stop-on-failure'
      : flags.abortOnContainerExit || flags.exitCodeFrom !== undefined
        ? 'stop'
        : 'ignore',
    exitCodeFrom: flags.exitCodeFrom,
    timeoutMs: flags.timeout,
    hideImages: flags.quietPull,
  };
}

function withDependencies(project: Project, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const dependency of Object.keys(project.services[name]?.dependsOn ?? {})) visit(dependency);
  };
  for (const name of names) visit(name);
  return [...found].filter((name) => project.services[name] !== undefined);
}
