import { resolve } from 'node:path';
import type { Json, Project } from '../../compose/model/project.ts';
import { ComposeError, TscomposeError } from '../../errors.ts';
import { type Cli, loadOptions, requireServices } from '../cli.ts';
import type { Loaded } from '../io.ts';
import { defineCommand, flag, oneOf, text, type Values } from '../spec.ts';
import { inDependencyOrder, restrictTo } from '../views/canonical.ts';
import { composeShape, table } from '../views/table.ts';

const options = {
  format: oneOf('--format <format>', 'yaml or json (default: yaml)', ['yaml', 'json']),
  quiet: flag('-q, --quiet', 'Only check, print nothing'),
  output: text('-o, --output <path>', 'Write to a file'),
  services: flag('--services', 'Print the names of the services'),
  volumes: flag('--volumes', 'Print the names of the volumes'),
  networks: flag('--networks', 'Print the names of the networks'),
  images: flag('--images', 'Print the images'),
  profiles: flag('--profiles', 'Print the profiles'),
  models: flag('--models', 'Print the models'),
  environment: flag('--environment', 'Print the variables that the files see'),
  variables: flag('--variables', 'Print the variables that the files use'),
  hash: text('--hash <services>', 'Print the configuration hash of services; "*" is all'),
  noInterpolate: flag('--no-interpolate', 'Leave variables as they are written'),
  noNormalize: flag('--no-normalize', 'Leave short forms and defaults as they are'),
  noPathResolution: flag('--no-path-resolution', 'Leave paths as they are written'),
  noConsistency: flag('--no-consistency', 'Do not check that the parts fit together'),
  noEnvResolution: flag('--no-env-resolution', 'Leave env_file as it is written'),
  resolveImageDigests: flag('--resolve-image-digests', 'Accepted for compatibility', { hidden: true }),
  lockImageDigests: flag('--lock-image-digests', 'Accepted for compatibility', { hidden: true }),
} as const;

type Options = Values<typeof options>;

export const config = defineCommand({
  summary: 'Check the files and print the project in full: one canonical form of everything they say',
  args: '[service...]',
  options,
  examples: [
    'tscompose config --quiet && echo fine',
    'tscompose config --services',
    'tscompose config --format json web',
  ],
  run: async (cli, flags, services) => {
    exclude(flags);
    const [list] = Object.entries(lists).filter(([name]) => flags[name as keyof typeof lists]);
    const loaded = await load(cli, flags, services);
    const { project } = loaded;
    const output = list === undefined ? await document(flags, project, services) : list[1](loaded, flags);
    if (flags.quiet) return undefined;
    if (flags.output === undefined) cli.io.stdout.write(output);
    else await cli.io.writeText(resolve(cli.io.cwd, flags.output), output);
    return undefined;
  },
});

type Complete = Loaded & { readonly project: Project };

async function load(cli: Cli, flags: Options, services: readonly string[]): Promise<Complete> {
  const extras = {
    services,
    interpolate: !flags.noInterpolate && !flags.variables,
    normalize: !flags.noNormalize,
    resolvePaths: !flags.noPathResolution,
    consistency: !flags.noConsistency,
    resolveEnvironment: !flags.noEnvResolution,
  };
  const { load: loadProject } = await cli.io.compose();
  const loaded = await loadProject(loadOptions(cli, extras));
  for (const warning of loaded.warnings) cli.warn(typeof warning === 'string' ? warning : warning.message);
  const { project } = loaded;
  if (project === undefined || loaded.problems.length > 0) throw new ComposeError(loaded.problems);
  requireServices({ name: project.name, project }, services);
  return { ...loaded, project };
}

async function document(flags: Options, project: Project, services: readonly string[]): Promise<string> {
  const canonical = services.length === 0 ? project.canonical : restrictTo(project.canonical, services);
  if (flags.format === 'json') return `${JSON.stringify(canonical, null, 2)}\n`;
  const { printYaml } = await import('../views/yaml.ts');
  return printYaml(canonical);
}

/** What each of the listing flags prints. */
const lists: Readonly<
  Record<
    | 'services'
    | 'volumes'
    | 'networks'
    | 'hash'
    | 'profiles'
    | 'images'
    | 'models'
    | 'variables'
    | 'environment',
    (loaded: Complete, flags: Options) => string
  >
> = {
  services: ({ project }) => lines(inDependencyOrder(project)),
  volumes: ({ project }) => lines(Object.keys(project.volumes)),
  networks: ({ project }) => lines(Object.keys(project.networks)),
  hash: ({ project, hashes }, flags) => lines(hashLines(project, hashes, flags.hash ?? '*')),
  profiles: ({ project }) =>
    lines([...new Set(allServices(project).flatMap(({ profiles }) => profiles))].sort()),
  images: ({ project }) =>
    lines(Object.values(project.services).map(({ name, image }) => image ?? `${project.name}-${name}`)),
  models: ({ project }) =>
    lines(Object.keys((project.canonical.models as Record<string, Json> | undefined) ?? {})),
  variables: ({ variables = [] }) =>
    table(
      ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
      variables.map(({ name, required, defaultValue, alternate }) => [
        name,
        String(required),
        defaultValue,
        alternate,
      ]),
      composeShape,
    ),
  environment: ({ environment = {} }) =>
    lines(
      Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    ),
};

function allServices(project: Project): Project['services'][string][] {
  return [...Object.values(project.services), ...Object.values(project.disabledServices)];
}

function hashLines(project: Project, hashes: Loaded['hashes'], wanted: string): string[] {
  const names = wanted === '*' ? Object.keys(project.services) : wanted.split(',');
  return names.sort().map((name) => {
    if (project.services[name] === undefined)
      throw new TscomposeError('CLI_NO_SUCH_SERVICE', `no such service: ${name}`);
    return `${name} ${hashes?.(name) ?? ''}`;
  });
}

function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('');
}

function exclude(flags: Options): void {
  const given = Object.keys(lists).filter((name) => flags[name as keyof typeof lists]);
  if (given.length > 1)
    throw new TscomposeError('CLI_USAGE', `--${given[0]} and --${given[1]} cannot be combined`, {
      hint: 'print one list at a time',
    });
}
