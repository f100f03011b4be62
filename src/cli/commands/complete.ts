import type { Cli } from '../cli.ts';
import { type Entry, registry } from '../registry.ts';
import { globalOptions } from '../settings.ts';
import { defineCommand, type OptionTable } from '../spec.ts';

/** Words for the shell: commands, options, and the services that have containers. It loads no file of a project. */
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

async function candidates(cli: Cli, before: readonly string[], last: string): Promise<string[]> {
  const [entry, verb] = commandOf(before);
  if (entry === undefined) return last.startsWith('-') ? spellings(globalOptions) : names(registry);
  if (entry.children !== undefined && verb === undefined) return names(entry.children);
  const spec = await (verb ?? entry).load?.();
  if (last.startsWith('-')) return [...spellings(spec?.options ?? {}), '--help'];
  if (entry.name === 'completion') return ['bash', 'zsh', 'fish'];
  return /\bservice/.test(spec?.args ?? '') ? services(cli, before) : [];
}

type Named = Omit<Entry, 'group' | 'children'>;

/** The command among the words, passing over global options and their values. */
function commandOf(words: readonly string[]): [Entry | undefined, Named | undefined] {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('-')) {
      if (takesValue(word)) at += 1;
      continue;
    }
    const entry = registry.find((each) => isCalled(each, word));
    return [entry, entry?.children?.find((child) => isCalled(child, words[at + 1] ?? ''))];
  }
  return [undefined, undefined];
}

function isCalled({ name, aliases = [] }: Named, word: string): boolean {
  return name === word || aliases.includes(word);
}

function takesValue(word: string): boolean {
  const option = Object.values(globalOptions).find(({ flags }) => flags.split(/[ ,]+/).includes(word));
  return option !== undefined && option.kind !== 'flag';
}

function names(entries: readonly Named[]): string[] {
  return entries.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
}

function spellings(options: OptionTable): string[] {
  return Object.values(options)
    .filter(({ hidden }) => hidden !== true)
    .flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []);
}

async function services(cli: Cli, before: readonly string[]): Promise<string[]> {
  const client = await cli.client();
  const at = before.findIndex((word) => word === '-p' || word === '--project-name');
  const project = at === -1 ? cli.io.environment.COMPOSE_PROJECT_NAME : before[at + 1];
  const containers = await client.containers({
    ...(project === undefined ? {} : { project }),
    all: true,
    oneOffs: 'exclude',
  });
  const here = containers.filter(
    ({ labels }) => project !== undefined || labels['com.docker.compose.project.working_dir'] === cli.io.cwd,
  );
  return [...new Set(here.map(({ service }) => service))].sort();
}
