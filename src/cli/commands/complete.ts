import { type Cli, loadOptions } from '../cli.ts';
import type { Entry } from '../entry.ts';
import { parse } from '../parse.ts';
import { registry } from '../registry.ts';
import { globalOptions, settingsFrom } from '../settings.ts';
import { defineCommand, isSpelling, type OptionSpec, type OptionTable, type Values } from '../spec.ts';

/** Words for the shell: commands, options and what they may be set to, services. Nothing at all means files. */
export const complete = defineCommand({
  summary: 'Words that may stand where the last one stands',
  args: '[words...]',
  passThrough: true,
  options: {},
  run: async (cli, _options, words) => {
    const typed = words[0] === '--' ? words.slice(1) : words;
    const last = typed.at(-1) ?? '';
    for (const word of await candidates(cli, typed.slice(0, -1), last))
      if (word.startsWith(last)) cli.print(word);
    return undefined;
  },
});

async function candidates(cli: Cli, before: readonly string[], last: string): Promise<readonly string[]> {
  const { globals, entry, verb, rest } = commandOf(before);
  if (entry === undefined) {
    const option = takesValue(globalOptions, before.at(-1) ?? '');
    if (option !== undefined) return option.choices ?? [];
    return last.startsWith('-') ? spellings(globalOptions) : names(registry);
  }
  if (entry.children !== undefined && verb === undefined) return names(entry.children);
  const spec = await (verb ?? entry).load?.();
  const { args = '', options = {}, passThrough = false } = spec ?? {};
  const option = takesValue(options, rest.at(-1) ?? '');
  if (option !== undefined)
    return option.flags.includes('<service>') ? services(cli, globals) : (option.choices ?? []);
  // From its first word on, the line belongs to the program that is run.
  if (passThrough && operands(options, rest) > 0) return [];
  if (last.startsWith('-')) return [...spellings(options), '--help'];
  if (entry.name === 'completion') return ['bash', 'zsh', 'fish'];
  return /\bservice/.test(args) ? services(cli, globals) : [];
}

type Named = Omit<Entry, 'group' | 'children'>;

interface Line {
  readonly globals: readonly string[];
  readonly entry?: Entry | undefined;
  readonly verb?: Named | undefined;
  /** What follows the command. */
  readonly rest: readonly string[];
}

/** The command among the words, passing over global options and their values. */
function commandOf(words: readonly string[]): Line {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('-')) {
      if (takesValue(globalOptions, word)) at += 1;
      continue;
    }
    const entry = registry.find((each) => isCalled(each, word));
    const verb = entry?.children?.find((child) => isCalled(child, words[at + 1] ?? ''));
    const rest = words.slice(at + (verb === undefined ? 1 : 2));
    return { globals: words.slice(0, at), entry, verb, rest };
  }
  return { globals: words, rest: [] };
}

function isCalled({ name, aliases = [] }: Named, word: string): boolean {
  return name === word || aliases.includes(word);
}

/** The option of that spelling, when a value follows it. */
function takesValue(options: OptionTable, word: string): OptionSpec<unknown> | undefined {
  return Object.values(options).find(({ flags, kind }) => kind !== 'flag' && isSpelling(word, flags));
}

function operands(options: OptionTable, words: readonly string[]): number {
  return words.filter(
    (word, at) => !word.startsWith('-') && takesValue(options, words[at - 1] ?? '') === undefined,
  ).length;
}

function names(entries: readonly Named[]): string[] {
  return entries.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
}

function spellings(options: OptionTable): string[] {
  return Object.values(options)
    .filter(({ hidden }) => hidden !== true)
    .flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []);
}

/** Those of the files, whatever else is wrong with them; without files, those that have containers. */
async function services(cli: Cli, globals: readonly string[]): Promise<string[]> {
  const { io } = cli;
  const options = { registry, write: () => undefined, columns: () => 80 };
  const parsed = await parse([...globals, 'version'], options);
  const given = 'mistake' in parsed ? {} : (parsed.invocation?.globals ?? {});
  const settings = settingsFrom(given as Values<typeof globalOptions>, io.environment);
  const { project } = await (await io.compose()).load(loadOptions({ io, settings }, { consistency: false }));
  if (project !== undefined)
    return [...Object.keys(project.services), ...Object.keys(project.disabledServices)].sort();
  const name = settings.projectName ?? io.environment.COMPOSE_PROJECT_NAME;
  const client = await cli.client();
  const containers = await client.containers({
    ...(name === undefined ? {} : { project: name }),
    all: true,
    oneOffs: 'exclude',
  });
  const here = containers.filter(
    ({ labels }) => name !== undefined || labels['com.docker.compose.project.working_dir'] === io.cwd,
  );
  return [...new Set(here.map(({ service }) => service))].sort();
}
