import { describe, expect, it } from 'vitest';
import { shellWords } from '../../src/compose/load/shell-words.ts';
import { canonicalOf, mistakesIn, serviceOf } from './load/loading.ts';

const web = (attributes: string): string => `services:\n  web:\n    image: x\n    ${attributes}\n`;

describe('command and entrypoint', () => {
  it.each([
    [`echo 'a b' "c d" e\\ f`, ['echo', 'a b', 'c d', 'e f']],
    ['a; b | c', ['a']],
    ['sh -c "a && b"', ['sh', '-c', 'a && b']],
    ['cmd 2>err', ['cmd']],
    ['', []],
    ['  ', []],
    [`'' ""`, ['', '']],
    ['a `b c` $(d e)', ['a', '`b c`', '$(d e)']],
    ['a\n  b\tc', ['a', 'b', 'c']],
    [`"a\\"b" 'c\\d'`, ['a"b', 'c\\d']],
  ])('splits %j without a shell', (line, words) => {
    expect(shellWords(line)).toEqual({ words });
  });

  it('tells an absent command from an emptied one', async () => {
    expect(await canonicalOf(web('command: '))).toEqual({});
    expect(await canonicalOf(web('command: []'))).toEqual({ command: [] });
    expect(await canonicalOf(web('entrypoint: ""'))).toEqual({ entrypoint: [] });
    const { command, entrypoint } = await serviceOf(web('entrypoint: /e.sh arg'));
    expect({ command, entrypoint }).toEqual({ command: undefined, entrypoint: ['/e.sh', 'arg'] });
  });

  it('refuses what cannot be split, at the value', async () => {
    expect(await mistakesIn(web(`command: "it's"`))).toEqual([
      `4:14 COMPOSE_COMMAND: services.web.command: cannot split into words: a ' is never closed -> write the command as a list`,
    ]);
  });

  it('refuses numbers in a list, which would have to be text', async () => {
    expect(await mistakesIn(web('command: [a, 1]'))).toEqual([
      '4:18 COMPOSE_TYPE: services.web.command[1] must be a string -> put it in quotes: "1"',
    ]);
  });
});
