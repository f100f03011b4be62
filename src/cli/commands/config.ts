import { resolve } from 'node:path';
import type { Json, Project } from '../../compose/model/project.ts';
import { TscomposeError } from '../../errors.ts';
import { type Cli, type LoadExtras, loadOptions } from '../cli.ts';
import { defineCommand, flag, oneOf, optionalText, text, type Values } from '../spec.ts';
import { imagesOf, inDependencyOrder, onlyImages, restrictTo, withImages } from '../views/canonical.ts';
import { explanationsOf, explanationText } from '../views/explanations.ts';
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
  explain: optionalText('--explain [path]', 'Show where each value is from, or those at services.web.ports'),
  noInterpolate: flag('--no-interpolate', 'Leave variables as they are written'),
  noNormalize: flag('--no-normalize', 'Leave short forms and defaults as they are'),
  noPathResolution: flag('--no-path-resolution', 'Leave paths as they are written'),
  noConsistency: flag('--no-consistency', 'Do not check that the parts fit together'),
  noEnvResolution: flag('--no-env-resolution', 'Leave env_file as it is written'),
  resolveImageDigests: flag('--resolve-image-digests', 'Pin the images to what their registries have now'),
  lockImageDigests: flag('--lock-image-digests', 'Print an override file that only pins the images'),
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
    'tscompose config --explain services.web.image',
  ],
  run: async (cli, flags, services) => {
    exclude(flags);
    const output = await (flags.explain === undefined
      ? printed(cli, flags, services)
      : explained(cli, flags, services));
    if (flags.quiet) return undefined;
    if (flags.output === undefined) cli.io.stdout.write(output);
    else await cli.io.writeText(resolve(cli.io.cwd, flags.output), output);
    return undefined;
  },
});

async function printed(cli: Cli, flags: Options, services: readonly string[]): Promise<string> {
  if (isPlain(cli, flags, services)) return cli.printedHere();
  const project = await cli.projectLoadedHere(extrasFor(cli, flags, services));
  const list = (Object.keys(lists) as List[]).find((name) => flags[name]);
  if (flags.quiet) return '';
  return list === undefined
    ? document(cli, flags, project, services)
    : lists[list](project, { flags, cli, services });
}

/** Everything, as it is printed when nothing else is asked for. */
function isPlain({ settings }: Cli, flags: Options, services: readonly string[]): boolean {
  const { format = 'yaml', output: _, ...rest } = flags;
  const asked = Object.values(rest).some((value) => value !== undefined && value !== false);
  return (
    format === 'yaml' && !asked && services.length === 0 && !settings.compatibility && !settings.allResources
  );
}

/** Services that are named are explained as a whole when no path is given. */
async function explained(cli: Cli, flags: Options, services: readonly string[]): Promise<string> {
  const paths = flags.explain ? [flags.explain] : services.map((name) => `services.${name}`);
  const explanations = await explanationsOf(cli, paths, extrasFor(cli, flags, services));
  if (flags.format === 'json') return `${JSON.stringify(explanations, null, 2)}\n`;
  return explanationText(cli, explanations);
}

function extrasFor(cli: Cli, flags: Options, services: readonly string[]): LoadExtras {
  return {
    services,
    interpolate: !flags.noInterpolate && !flags.variables,
    normalize: !flags.noNormalize && !cli.settings.compatibility,
    resolvePaths: !flags.noPathResolution,
    consistency: !flags.noConsistency,
    resolveEnvironment: !flags.noEnvResolution && !ofNames.some((name) => flags[name]),
  };
}

async function document(
  cli: Cli,
  flags: Options,
  project: Project,
  services: readonly string[],
): Promise<string> {
  const { printConfig } = await cli.io.compose();
  const chosen = services.length === 0 ? project.canonical : restrictTo(project.canonical, services);
  const canonical = await pinImages(cli, flags, chosen);
  return printConfig({ canonical }, flags.format ?? 'yaml', {
    escapeDollars: !flags.noInterpolate,
  });
}

async function pinImages(
  cli: Cli,
  flags: Options,
  canonical: Project['canonical'],
): Promise<typeof canonical> {
  if (!flags.resolveImageDigests && !flags.lockImageDigests) return canonical;
  const images = imagesOf(canonical);
  const client = await cli.client();
  const digests = await client.imageResolve([...images]);
  const pins = new Map([...images].map((image, index) => [image, digests[index] ?? image]));
  return flags.lockImageDigests ? onlyImages(canonical, pins) : withImages(canonical, pins);
}

type List =
  | 'services'
  | 'volumes'
  | 'networks'
  | 'hash'
  | 'profiles'
  | 'images'
  | 'models'
  | 'variables'
  | 'environment';

interface Asked {
  readonly flags: Options;
  readonly cli: Cli;
  /** Named on the command line; all when empty. */
  readonly services: readonly string[];
}

/** Lists that nothing in an `env_file` changes: it need not be there. */
const ofNames: readonly List[] = ['services', 'volumes', 'networks', 'images', 'profiles', 'models'];

/** What each of the listing flags prints. */
const lists: Readonly<Record<List, (project: Project, asked: Asked) => string | Promise<string>>> = {
  services: (project) => lines(inDependencyOrder(project)),
  volumes: (project) => lines(Object.keys(project.volumes)),
  networks: (project) => lines(Object.keys(project.networks)),
  hash: (project, { flags }) => hashes(project, flags.hash ?? '*'),
  profiles: (project) => lines([...new Set(allServices(project).flatMap(({ profiles }) => profiles))].sort()),
  images: (project, { services }) => lines(imagesFor(project, services)),
  models: (project) => lines(modelsOf(project)),
  variables: async (project) => variableTable(project),
  environment: (project, { cli }) => environment(cli, project),
};

/** Of the named services and what they depend on. */
function imagesFor(project: Project, names: readonly string[]): string[] {
  const chosen = names.length === 0 ? project.canonical : restrictTo(project.canonical, names);
  return Object.values(project.services)
    .filter(({ name }) => Object.hasOwn((chosen.services ?? {}) as object, name))
    .map(({ name, image }) => image ?? `${project.name}-${name}`);
}

/** The models themselves, not the names that the project has for them. */
function modelsOf(project: Project): string[] {
  return Object.values(
    (project.canonical.models ?? {}) as Record<string, { readonly model?: string }>,
  ).flatMap(({ model }) => model ?? []);
}

async function variableTable(project: Project): Promise<string> {
  const { variablesIn } = await import('../../compose/load/variables.ts');
  const uses = new Map<string, string[]>();
  for (const text of texts(project.canonical)) {
    for (const { name, required, defaultValue, alternate } of variablesIn(text))
      if (!uses.has(name)) uses.set(name, [name, String(required), defaultValue, alternate]);
  }
  const rows = [...uses.values()].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return table(['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'], rows, composeShape);
}

function texts(tree: Json): string[] {
  if (typeof tree === 'string') return [tree];
  return tree !== null && typeof tree === 'object' ? Object.values(tree).flatMap(texts) : [];
}

/** Nobody needs to see it twice: the loader has reported what is wrong with the env files. */
async function environment(cli: Cli, project: Project): Promise<string> {
  const { loadEnvironment } = await import('../../compose/load/environment.ts');
  const { collectProblems } = await import('../../compose/load/problems.ts');
  const options = loadOptions(cli, {});
  const { variables } = await loadEnvironment(options, collectProblems(), project.workingDir);
  const all = new Map(variables).set('COMPOSE_PROJECT_NAME', project.name);
  return lines([...all].map(([name, value]) => `${name}=${value}`).sort());
}

async function hashes(project: Project, wanted: string): Promise<string> {
  const { configHash } = await import('../../compose/plan/index.ts');
  const names = wanted === '*' ? Object.keys(project.services) : wanted.split(',');
  return lines(
    [...names].sort().map((name) => {
      const service = project.services[name];
      if (service === undefined) throw new TscomposeError('CLI_NO_SUCH_SERVICE', `no such service: ${name}`);
      return `${name} ${configHash(service.canonical)}`;
    }),
  );
}

function allServices(project: Project): Project['services'][string][] {
  return [...Object.values(project.services), ...Object.values(project.disabledServices)];
}

function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('');
}

function exclude(flags: Options): void {
  const given = Object.keys(lists).filter((name) => flags[name as List]);
  if (given.length > 1)
    throw new TscomposeError('CLI_USAGE', `--${given[0]} and --${given[1]} cannot be combined`, {
      hint: 'print one list at a time',
    });
  const pins = [
    flags.resolveImageDigests && 'resolve-image-digests',
    flags.lockImageDigests && 'lock-image-digests',
  ];
  const other = given[0] ?? pins.find((name) => name !== false);
  if (flags.explain !== undefined && other !== undefined)
    throw new TscomposeError('CLI_USAGE', `--explain and --${other} cannot be combined`);
}
