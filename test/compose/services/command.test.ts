import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../src/compose/load/shell-words.ts';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('command', () => {
  it('is a list of words, or a line that is split into them', async () => {
    const command = ['sh', '-c', 'echo "a b" && true'];
    expect(await canonicalOf(web(`command: ["sh", "-c", 'echo "a b" && true']`))).toEqual({ command });
    expect(await canonicalOf(web(`command: 'sh -c "echo \\"a b\\" && true"'`))).toEqual({ command });
    expect(await canonicalOf(web('command: >\n  sh -c "one &&\n  two"'))).toEqual({
      command: ['sh', '-c', 'one && two'],
    });
  });

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

  it("is the image's own when nothing or null is said, and emptied by an empty list or line", async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect(await canonicalOf(web('command: '))).toEqual({});
    expect(await canonicalOf(web('command: []'))).toEqual({ command: [] });
    expect(await canonicalOf(web('command: ""'))).toEqual({ command: [] });
    expect((await serviceOf(web('command: null'))).command).toBeUndefined();
    expect((await serviceOf(web('command: []'))).command).toEqual([]);
    expect((await serviceOf(web('command: echo hi'))).command).toEqual(['echo', 'hi']);
  });

  it('has its variables replaced before a line is split; a doubled dollar is one for the container', async () => {
    const env = { FLAGS: '-a -b' };
    expect(await canonicalOf(web('command: run $FLAGS'), { env })).toEqual({ command: ['run', '-a', '-b'] });
    expect(await canonicalOf(web('command: [run, $FLAGS, $$HOME]'), { env })).toEqual({
      command: ['run', '-a -b', '$HOME'],
    });
  });

  it('is replaced as a whole by an override and by a service that extends, by null too', async () => {
    expect(await canonicalOf(overridden(web('command: [a, b]'), web('command: c')))).toEqual({
      command: ['c'],
    });
    expect(await canonicalOf(overridden(web('command: [a, b]'), web('command: null')))).toEqual({});
    expect(await canonicalOf(extending('command: [a, b]', 'command: [c]'))).toEqual({ command: ['c'] });
    expect(await canonicalOf(extending('command: [a, b]', 'tty: true'))).toEqual({
      command: ['a', 'b'],
      tty: true,
    });
  });

  it('is refused where it cannot be split, at the value', async () => {
    expect(await mistakesIn(web(`command: "it's"`))).toEqual([
      `4:14 COMPOSE_COMMAND: services.web.command: cannot split into words: a ' is never closed -> write the command as a list`,
    ]);
    expect(await mistakesIn(web(`command: 'a\\'`))).toEqual([
      '4:14 COMPOSE_COMMAND: services.web.command: cannot split into words: a backslash at the end escapes nothing -> write the command as a list',
    ]);
  });

  it('refuses numbers in a list, which would have to be text', async () => {
    expect(await mistakesIn(web('command: [a, 1]'))).toEqual([
      '4:18 COMPOSE_TYPE: services.web.command[1] must be a string, not 1 -> put it in quotes: "1"',
    ]);
  });

  it('is refused where it is neither text nor a list', async () => {
    expect(await placesIn(web('command: 5'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('command: {run: a}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
