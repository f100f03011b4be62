/** The quick look at a command line's words, against the parser that knows all of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parsed, ParseOptions } from '../../src/cli/invocation.ts';
import { parsePlain } from '../../src/cli/plain-words.ts';
import { parseAny } from '../../src/cli/program.ts';
import { registry } from '../../src/cli/registry.ts';
import { globalOptions } from '../../src/cli/settings.ts';
import type { OptionTable } from '../../src/cli/spec.ts';

const options: ParseOptions = { registry, write: () => undefined, columns: () => 80 };

const plain = (line: string) => parsePlain(line.split(' '), registry);

function spellings(table: OptionTable): string[] {
  return Object.values(table).flatMap(({ flags, aliases = [] }) =>
    [flags, ...aliases].flatMap((spelling) => spelling.split(/[ ,]+/).filter((word) => word.startsWith('-'))),
  );
}

const commands = await Promise.all(
  registry
    .flatMap((entry) => (entry.children ?? [entry]).map((verb) => ({ entry, verb })))
    .map(async ({ entry, verb }) => ({
      words: entry === verb ? [entry.name] : [entry.name, verb.name],
      options: spellings((await verb.load?.())?.options ?? {}),
    })),
);

const word = fc.constantFrom(
  'web',
  'db',
  '3',
  '10s',
  'A=1',
  'json',
  'plain',
  'never',
  '',
  '-',
  '-1',
  '--',
  '-x',
  'help',
);
const words = fc.array(word, { maxLength: 3 });

function withOptions(spelled: readonly string[]): fc.Arbitrary<string[]> {
  if (spelled.length === 0) return words;
  const option = fc.tuple(fc.constantFrom(...spelled), words).map(([name, values]) => [name, ...values]);
  return fc
    .tuple(words, fc.array(option, { maxLength: 2 }))
    .map(([first, more]) => [...first, ...more.flat()]);
}

const globals = fc
  .array(fc.tuple(fc.constantFrom(...spellings(globalOptions)), fc.array(word, { maxLength: 1 })), {
    maxLength: 2,
  })
  .map((given) => given.flat(2));

const lines = fc
  .constantFrom(...commands)
  .chain(({ words: command, options: own }) =>
    fc.tuple(globals, fc.constant(command), withOptions(own)).map((parts) => parts.flat()),
  );

/** Times are functions of the present: two of them are the same when they answer the same. */
function settled(parsed: Parsed): unknown {
  if ('mistake' in parsed || parsed.invocation === undefined) return parsed;
  const values = Object.entries(parsed.invocation.options);
  const answered = values.map(([key, value]) => [key, typeof value === 'function' ? value(1e12) : value]);
  return { invocation: { ...parsed.invocation, options: Object.fromEntries(answered) } };
}

describe('words that are plain', () => {
  it('mean what the whole parser makes of them', async () => {
    let plainOnes = 0;
    await fc.assert(
      fc.asyncProperty(lines, async (line) => {
        const invocation = await parsePlain(line, registry);
        if (invocation === undefined) return;
        plainOnes += 1;
        expect(settled(await parseAny(line, options))).toEqual(settled({ invocation }));
      }),
      { numRuns: 3000 },
    );
    expect(plainOnes).toBeGreaterThan(300);
  });

  it.each([
    'up -d',
    '-f compose.yaml -f other.yaml -p shop up --build web',
    'down --volumes --timeout 3',
    'ps -a --format json',
    'exec -T web sh -c ls',
    'run --rm -e A=1 web env',
    'image ls -q',
    'logs -f --tail 10 web db',
    '--env-file a.env config --services',
  ])('are seen to be so: %s', async (line) => {
    expect(await plain(line)).toBeDefined();
  });

  it.each([
    '',
    'help',
    'up --help',
    'confgi',
    'config -qx',
    'up --timeout=3',
    'up -- web',
    'port',
    'version 1',
    'logs --tail',
  ])('are not these: %s', async (line) => {
    expect(await plain(line)).toBeUndefined();
  });
});
