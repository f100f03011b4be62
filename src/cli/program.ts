/** The registry as a commander program. A command's options are added when it is about to be parsed, and not before. */
import { Command, CommanderError, type Help, InvalidArgumentError, Option } from 'commander';
import { type Entry, groups } from './entry.ts';
import type { Invocation, Parsed, ParseOptions } from './invocation.ts';
import { globalOptions } from './settings.ts';
import type { CommandSpec, OptionSpec, OptionTable } from './spec.ts';

/** Parses what may stand on a command line at all. */
export async function parseAny(words: readonly string[], options: ParseOptions): Promise<Parsed> {
  let invocation: Invocation | undefined;
  const program = root(options);
  const found = (spec: CommandSpec, command: Command): void => {
    invocation = {
      spec,
      globals: valuesOf(program, globalOptions),
      options: valuesOf(command, spec.options),
      args: command.processedArgs.flat().filter((arg) => arg !== undefined) as string[],
    };
  };
  for (const entry of options.registry)
    program.addCommand(commandOf(entry, program, found), { hidden: entry.hidden ?? false });
  try {
    await program.parseAsync(helpFirst(words), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const { exitCode, code, message } = error;
    return exitCode === 0 ? {} : { mistake: { code, message } };
  }
  return invocation === undefined ? {} : { invocation };
}

/** `help up` is `up --help`, `help` alone is `--help`. */
function helpFirst(words: readonly string[]): string[] {
  return words[0] === 'help' ? [...words.slice(1), '--help'] : [...words];
}

function root({ write, columns }: ParseOptions): Command {
  const program = new LenientCommand('tscompose')
    .description('Run Compose files on Linux without Docker')
    .usage('[OPTIONS] COMMAND')
    .enablePositionalOptions()
    .helpCommand(false)
    .helpOption('-h, --help', 'Show help')
    .option('-v, --version', 'Show the version')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined, getOutHelpWidth: columns })
    .configureHelp(helpStyle)
    .addHelpText('after', '\nRun "tscompose COMMAND --help" for the options of a command.');
  addOptions(program, globalOptions);
  return program;
}

const helpStyle: Partial<Help> = {
  subcommandTerm: (command) => command.name(),
  commandUsage: (command) => `${pathOf(command)} ${command.usage()}`,
  optionDescription: ({ description, argChoices = [] }) =>
    argChoices.every((choice) => description.includes(choice))
      ? description
      : `${description} (${argChoices.join(', ')})`,
};

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

type Found = (spec: CommandSpec, command: Command) => void;

function commandOf(entry: Named, parent: Command, found: Found): Command {
  const command = new LenientCommand(entry.name)
    .copyInheritedSettings(parent)
    .summary(entry.summary)
    .description(entry.summary)
    .usage('COMMAND')
    .helpCommand(false)
    .aliases([...(entry.aliases ?? [])])
    .configureHelp({ ...helpStyle, visibleOptions: ownOptions });
  if (entry.group !== undefined) command.helpGroup(groups[entry.group]);
  if (entry.load !== undefined) lazily(command, entry.load, found);
  for (const child of entry.children ?? []) command.addCommand(commandOf(child, command, found));
  return command;
}

type Named = Omit<Entry, 'group'> & Partial<Pick<Entry, 'group'>>;

function ownOptions(this: Help, command: Command): Option[] {
  return [...command.options.filter((option) => !option.hidden), ...helpOption];
}

const helpOption = [new Option('-h, --help', 'Show help')];

function lazily(command: LenientCommand, load: () => Promise<CommandSpec>, found: Found): void {
  command.prepare = async () => {
    const spec = await load();
    if (spec.args !== undefined) command.arguments(spec.args);
    command.usage(usage(spec));
    command.description([spec.summary, spec.description].filter(Boolean).join('\n\n'));
    if (spec.passThrough === true) command.passThroughOptions();
    addOptions(command, spec.options);
    if (spec.examples !== undefined)
      command.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
    command.action(() => found(spec, command));
  };
}

function usage(spec: CommandSpec): string {
  const args = (spec.args ?? '').toUpperCase().replaceAll('<', '').replaceAll('>', '');
  return ['[OPTIONS]', args].filter((part) => part !== '').join(' ');
}

/** An option known by its key in the table, whatever its spelling: `--no-color` is no opposite of `--color`. */
class KeyedOption extends Option {
  private readonly key: string;

  constructor(key: string, flags: string, help: string) {
    super(flags, help);
    this.key = key;
    this.negate = false;
  }

  override attributeName(): string {
    return this.key;
  }

  override isBoolean(): boolean {
    return !this.required && !this.optional;
  }
}

function addOptions(command: Command, options: OptionTable): void {
  for (const [key, spec] of Object.entries(options)) {
    for (const option of spellings(key, spec)) command.addOption(option);
  }
}

function spellings(key: string, spec: OptionSpec<unknown>): Option[] {
  const main = optionOf(key, spec.flags, spec).hideHelp(spec.hidden ?? false);
  const others = (spec.aliases ?? []).map((flags) => optionOf(key, flags, spec).hideHelp());
  return [main, ...others];
}

function optionOf(key: string, flags: string, spec: OptionSpec<unknown>): Option {
  const option = new KeyedOption(key, flags, spec.help);
  if (spec.choices !== undefined) return option.choices(spec.choices);
  if (spec.kind === 'flag') return option;
  if (spec.preset !== undefined) option.preset(spec.preset);
  return option.argParser((text: string, previous: unknown) => {
    const value = parsedBy(spec, text);
    return spec.kind === 'list' ? [...((previous as unknown[] | undefined) ?? []), value] : value;
  });
}

function parsedBy(spec: OptionSpec<unknown>, text: string): unknown {
  try {
    return spec.parse(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function valuesOf(command: Command, options: OptionTable): Record<string, unknown> {
  const given = command.opts<Record<string, unknown>>();
  return Object.fromEntries(Object.entries(options).map(([key, spec]) => [key, given[key] ?? spec.initial]));
}

/** Takes `--flag=true` and `-t=5` as Docker does, and loads what it is before it is parsed. */
class LenientCommand extends Command {
  prepare: (() => Promise<void>) | undefined;
  private stopsAtArgument = false;

  constructor(name: string) {
    super(name);
    this.hook('preSubcommand', (_parent, child) => (child as LenientCommand).prepare?.());
  }

  override passThroughOptions(): this {
    this.stopsAtArgument = true;
    return super.passThroughOptions();
  }

  /** A noun without a verb, or nothing at all: what there is, and no mistake. */
  override help(): never {
    this.outputHelp();
    throw new CommanderError(0, 'commander.help', 'help was shown');
  }

  override parseOptions(words: string[]): { operands: string[]; unknown: string[] } {
    const rest = [...words];
    const kept: string[] = [];
    while (rest.length > 0 && !this.endsOptions(rest[0] as string)) {
      const word = rest.shift() as string;
      if (this.tookBoolean(word)) continue;
      kept.push(...this.apart(word));
      if (this.takesNext(word) && rest.length > 0) kept.push(rest.shift() as string);
    }
    return super.parseOptions([...kept, ...rest]);
  }

  /** What follows belongs to the command of that name, or to the program that is run. */
  private endsOptions(word: string): boolean {
    const endsAtWord = this.stopsAtArgument || this.commands.length > 0;
    return word === '--' || (endsAtWord && !word.startsWith('-'));
  }

  private tookBoolean(word: string): boolean {
    const [, name = '', value] = /^(--[\w-]+|-\w)=(true|false)$/.exec(word) ?? [];
    const option = this.options.find(({ long, short }) => name === long || name === short);
    if (option === undefined || !option.isBoolean()) return false;
    this.setOptionValueWithSource(option.attributeName(), value === 'true', 'cli');
    return true;
  }

  /** `-t=5` as two words; flags may stand before it: `-Tu=root`. */
  private apart(word: string): readonly string[] {
    const [, flags = '', letter = '', value = ''] = /^-(\w*)(\w)=(.*)$/s.exec(word) ?? [];
    const areFlags = [...flags].every((flag) =>
      this.options.some((option) => option.short === `-${flag}` && option.isBoolean()),
    );
    if (!areFlags || !this.takesNext(`-${letter}`)) return [word];
    return [...(flags === '' ? [] : [`-${flags}`]), `-${letter}`, value];
  }

  private takesNext(word: string): boolean {
    return this.options.some(({ long, short, required }) => required && (word === long || word === short));
  }
}
