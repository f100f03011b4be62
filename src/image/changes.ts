/** Instructions that `import --change` and `commit --change` take: those of a Dockerfile that only set configuration. */
import { TscomposeError } from '../errors.ts';
import { parseDuration } from './durations.ts';
import type { ImageConfig } from './images.ts';

/**
 * The configuration with each instruction applied, in order.
 * @throws TscomposeError `IMAGE_CHANGE_INVALID` quoting the instruction
 */
export function applyChanges(config: ImageConfig, changes: readonly string[]): ImageConfig {
  let changed = config;
  for (const line of changes) {
    const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(line) ?? [];
    const instruction = instructions[keyword.toUpperCase()];
    if (instruction === undefined)
      throw wrong(line, `must be one of ${Object.keys(instructions).join(', ')}`);
    changed = { ...changed, ...instruction(rest, changed, line) };
  }
  return changed;
}

type Instruction = (rest: string, config: ImageConfig, line: string) => Partial<ImageConfig>;

const instructions: Readonly<Record<string, Instruction>> = {
  CMD: (rest, { shell }) => ({ cmd: commandOf(rest, shell) }),
  ENTRYPOINT: (rest, { shell }) => ({ entrypoint: commandOf(rest, shell) }),
  ENV: (rest, { env }, line) => ({ env: Object.entries(pairsOf(rest, line)).reduce(withVariable, env) }),
  EXPOSE: (rest, { exposedPorts }, line) => ({
    exposedPorts: union(
      exposedPorts,
      words(rest, line).map((port) => portOf(port, line)),
    ),
  }),
  HEALTHCHECK: (rest, _config, line) => ({ healthcheck: healthcheckOf(rest, line) }),
  LABEL: (rest, { labels }, line) => ({ labels: { ...labels, ...pairsOf(rest, line) } }),
  STOPSIGNAL: (rest, _config, line) => ({ stopSignal: needed(rest, line) }),
  USER: (rest, _config, line) => ({ user: needed(rest, line) }),
  VOLUME: (rest, { volumes }, line) => ({ volumes: union(volumes, listOf(rest) ?? words(rest, line)) }),
  WORKDIR: (rest, { workingDir }, line) => ({ workingDir: directoryOf(workingDir, needed(rest, line)) }),
};

/** A JSON list is the command itself; anything else goes to a shell. */
function commandOf(text: string, shell: readonly string[] = ['/bin/sh', '-c']): readonly string[] {
  return listOf(text) ?? (text === '' ? [] : [...shell, text]);
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function withVariable(env: readonly string[], [name, value]: [string, string]): readonly string[] {
  return [...env.filter((line) => !line.startsWith(`${name}=`)), `${name}=${value}`];
}

/** `a=1 b="two words"`, or the old `a the rest of the line`. */
function pairsOf(text: string, line: string): Record<string, string> {
  const [first = ''] = words(text, line);
  if (!first.includes('=')) {
    const [, name, value] = /^(\S+)\s+(.+)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw wrong(line, 'needs name=value');
    return { [name]: value };
  }
  return Object.fromEntries(
    words(text, line).map((word) => {
      const equals = word.indexOf('=');
      if (equals < 1) throw wrong(line, `"${word}" is not name=value`);
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

/** Words as a shell splits them: quotes and backslashes protect blanks. */
function words(text: string, line: string): string[] {
  const word = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)\s*/sy;
  const found: string[] = [];
  let end = 0;
  for (let match = word.exec(text); match !== null; match = word.exec(text)) {
    found.push(unquote(match[1] as string));
    end = word.lastIndex;
  }
  if (found.length === 0 || end < text.length)
    throw wrong(line, text === '' ? 'needs a value' : 'has a quote without its end');
  return found;
}

function unquote(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (_all, double, single, escaped) =>
    double === undefined ? (single ?? escaped) : String(double).replace(/\\(["\\$])/g, '$1'),
  );
}

function portOf(text: string, line: string): string {
  const match = /^([0-9]+(?:-[0-9]+)?)(?:\/(tcp|udp|sctp))?$/i.exec(text);
  if (match === null) throw wrong(line, `"${text}" is no port`);
  return `${match[1]}/${(match[2] ?? 'tcp').toLowerCase()}`;
}

const checkOptions: Readonly<
  Record<string, (text: string) => Partial<NonNullable<ImageConfig['healthcheck']>>>
> = {
  interval: (text) => ({ intervalMs: parseDuration(text) }),
  timeout: (text) => ({ timeoutMs: parseDuration(text) }),
  'start-period': (text) => ({ startPeriodMs: parseDuration(text) }),
  'start-interval': (text) => ({ startIntervalMs: parseDuration(text) }),
  retries: (text) => ({ retries: Number(text) }),
};

function healthcheckOf(text: string, line: string): NonNullable<ImageConfig['healthcheck']> {
  if (text.toUpperCase() === 'NONE') return { test: ['NONE'] };
  const [, options = '', command = ''] = /^((?:--\S+\s+)*)CMD\s+(.+)$/is.exec(text) ?? [];
  if (command === '') throw wrong(line, 'needs CMD and a command, or NONE');
  const list = listOf(command);
  const test = list === undefined ? ['CMD-SHELL', command] : ['CMD', ...list];
  const check: NonNullable<ImageConfig['healthcheck']> = { test };
  for (const option of options.split(/\s+/).filter((part) => part !== '')) {
    const [, name = '', value = ''] = /^--([a-z-]+)=(.+)$/.exec(option) ?? [];
    const read = checkOptions[name];
    if (read === undefined) throw wrong(line, `"${option}" is no option of it`);
    Object.assign(check, read(value));
  }
  return check;
}

function directoryOf(current: string, next: string): string {
  return next.startsWith('/') ? next : `${current === '' || current === '/' ? '' : current}/${next}`;
}

function needed(text: string, line: string): string {
  if (text === '') throw wrong(line, 'needs a value');
  return text;
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])];
}

function wrong(line: string, why: string): TscomposeError {
  return new TscomposeError('IMAGE_CHANGE_INVALID', `the change "${line.trim()}" is wrong: ${why}`);
}
