/** The flags of `run` as what changes of the service for its one-off container. */
import { resolve } from 'node:path';
import { parseEnvFile } from '../compose/load/dotenv.ts';
import { parsePort, parseRange } from '../compose/load/ports.ts';
import { shellWords } from '../compose/load/shell-words.ts';
import { parseVolume } from '../compose/load/volumes.ts';
import type { Mount, PortMapping } from '../compose/model/project.ts';
import type { ContainerOverrides } from '../compose/plan/overrides.ts';
import { TscomposeError } from '../errors.ts';
import type { Cli } from './cli.ts';
import { labels, variables } from './values.ts';

export interface RunFlags {
  readonly env: readonly string[];
  readonly envFromFile: readonly string[];
  readonly label: readonly string[];
  readonly volume: readonly string[];
  readonly publish: readonly string[];
  readonly servicePorts: boolean;
  readonly useAliases: boolean;
  readonly interactive: boolean;
  readonly detach: boolean;
  readonly rm: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly entrypoint: string | undefined;
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly workdir: string | undefined;
}

export interface RunPlace {
  readonly command: readonly string[];
  /** What relative host paths start from. */
  readonly workingDir: string;
  readonly tty: boolean;
}

/** @throws TscomposeError `CLI_USAGE`, `CLI_NO_SUCH_FILE` */
export async function overridesOf(
  cli: Cli,
  flags: RunFlags,
  { command, workingDir, tty }: RunPlace,
): Promise<ContainerOverrides> {
  const { io } = cli;
  return {
    environment: { ...(await fromFiles(cli, flags.envFromFile)), ...variables(flags.env, io.environment) },
    labels: labels(flags.label),
    mounts: flags.volume.map((word) => mountOf(word, workingDir, io.environment.HOME)),
    ports: flags.publish.flatMap(portsOf),
    servicePorts: flags.servicePorts,
    useAliases: flags.useAliases,
    tty,
    stdinOpen: flags.interactive && !flags.detach,
    autoRemove: flags.rm,
    capAdd: flags.capAdd,
    capDrop: flags.capDrop,
    ...(command.length === 0 ? {} : { command }),
    ...(flags.entrypoint === undefined ? {} : { entrypoint: entrypointOf(flags.entrypoint) }),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.workdir === undefined ? {} : { workingDir: flags.workdir }),
  };
}

async function fromFiles(cli: Cli, paths: readonly string[]): Promise<Record<string, string>> {
  if (paths.length === 0) return {};
  const result: Record<string, string> = {};
  for (const path of paths) {
    const source = await cli.io.reader.readText(resolve(cli.io.cwd, path));
    if (source === undefined) throw new TscomposeError('CLI_NO_SUCH_FILE', `env file ${path} not found`);
    const { values, problem } = parseEnvFile(source, (name) => cli.io.environment[name]);
    if (problem !== undefined)
      throw new TscomposeError('CLI_ENV_FILE', `${path}:${problem.line}: ${problem.message}`);
    for (const [name, value] of values) result[name] = value;
  }
  return result;
}

function entrypointOf(line: string): readonly string[] {
  const { words, problem } = shellWords(line);
  if (problem !== undefined)
    throw new TscomposeError('CLI_USAGE', `--entrypoint ${JSON.stringify(line)}: ${problem}`);
  return words;
}

function portsOf(word: string): readonly PortMapping[] {
  const parsed = parsePort(word);
  if ('problem' in parsed) throw new TscomposeError('CLI_USAGE', `--publish ${word}: ${parsed.problem}`);
  return parsed.ports.map(({ target, published, hostIp, protocol }) => {
    const range = published === undefined ? undefined : parseRange(published);
    return {
      target,
      protocol: protocol as PortMapping['protocol'],
      mode: 'ingress',
      ...(range === undefined ? {} : { published: range }),
      ...(hostIp === undefined ? {} : { hostIp }),
    };
  });
}

function mountOf(word: string, workingDir: string, home: string | undefined): Mount {
  const parsed = parseVolume(word);
  if ('problem' in parsed) throw new TscomposeError('CLI_USAGE', `--volume ${word}: ${parsed.problem}`);
  const { type, source, target, read_only: readOnly = false, bind, volume } = parsed.mount;
  if (type === 'bind' && source !== undefined)
    return {
      type,
      source: resolve(workingDir, source.replace(/^~(?=\/|$)/, home ?? '~')),
      target,
      readOnly,
      createHostPath: true,
      ...(bind?.propagation === undefined ? {} : { propagation: bind.propagation }),
    };
  return {
    type: 'volume',
    target,
    readOnly,
    nocopy: volume?.nocopy ?? false,
    ...(source === undefined ? {} : { source }),
  };
}
