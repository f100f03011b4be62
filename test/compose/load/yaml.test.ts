import { describe, expect, it } from 'vitest';
import { toJson } from '../../../src/compose/load/node.ts';
import { collectProblems } from '../../../src/compose/load/problems.ts';
import { makeSource } from '../../../src/compose/load/source.ts';
import { parseYaml } from '../../../src/compose/load/yaml.ts';
import { mistakesIn } from './loading.ts';

function read(text: string): unknown {
  const problems = collectProblems();
  const documents = parseYaml(makeSource('/f', text), problems).map(toJson);
  expect(problems.sorted([])).toEqual([]);
  return documents.length === 1 ? documents[0] : documents;
}

function mistakes(text: string): readonly string[] {
  const problems = collectProblems();
  parseYaml(makeSource('/f', text), problems);
  return problems
    .sorted(['/f'])
    .map(({ at, code, message }) => `${at!.line}:${at!.column} ${code}: ${message}`);
}

describe('reading YAML', () => {
  it('reads words as the reference does: 1.2 booleans, octal, other bases, separators', () => {
    expect(
      read(
        'a: [yes, on, true, ~, null, 0770, 0o17, 0x1f, 0b11, 1_000, 089, 1.50, 1e3, .5, -7, +3, 1:30, 22:22, 2024-01-01, "1", !!str 2, "", 12345678901234567890]',
      ),
    ).toEqual({
      a: [
        'yes',
        'on',
        true,
        null,
        null,
        504,
        15,
        31,
        3,
        1000,
        89,
        1.5,
        1000,
        0.5,
        -7,
        3,
        '1:30',
        '22:22',
        '2024-01-01',
        '1',
        '2',
        '',
        '12345678901234567890',
      ],
    });
  });

  it('takes a tag for what the text stands for', () => {
    expect(read('a: [!!int "5", !!float "1.5", !!bool "true", !!null "", !!str true, !own 5]')).toEqual({
      a: [5, 1.5, true, null, 'true', 5],
    });
  });

  it('follows anchors, aliases and merge keys; written keys win, earlier maps win', () => {
    const text = `
x: &x {a: 1, b: 1}
y: &y {b: 2, c: 2}
one: {<<: *x, a: 9}
two:
  <<: [*x, *y]
copy: *x
`;
    expect(read(text)).toMatchObject({
      one: { a: 9, b: 1 },
      two: { a: 1, b: 1, c: 2 },
      copy: { a: 1, b: 1 },
    });
  });

  it('reads several documents, CRLF, comments and block text', () => {
    expect(read('a: 1\r\n---\r\n# nothing\r\n---\r\nb: |\r\n  x\r\n  y\r\n')).toEqual([
      { a: 1 },
      { b: 'x\ny\n' },
    ]);
  });

  it('keeps a key called __proto__ a key', () => {
    expect(Object.keys(read('__proto__: {a: 1}\nconstructor: toString') as object)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('tells duplicate keys, keys that are no text, unknown and circular aliases, bad merges', () => {
    expect(mistakes('a: 1\nb: 2\na: 3\n')).toEqual([
      '3:1 COMPOSE_DUPLICATE_KEY: mapping key "a" already defined at line 1',
    ]);
    expect(mistakes('a:\n  1: x\n  null: y\n')).toEqual([
      '2:3 COMPOSE_KEY_TYPE: non-string key: 1',
      '3:3 COMPOSE_KEY_TYPE: non-string key: null',
    ]);
    expect(mistakes('a: *none\n')).toEqual(['1:4 COMPOSE_YAML_ALIAS: unknown anchor "none"']);
    expect(mistakes('a: &a\n  b: *a\n')).toEqual([
      '2:6 COMPOSE_YAML_ALIAS: anchor "a" contains an alias to itself',
    ]);
    expect(mistakes('a:\n  <<: 5\n')).toEqual([
      '2:3 COMPOSE_YAML: map merge requires map or sequence of maps as the value',
    ]);
  });

  it('refuses aliases that multiply each other, at once', () => {
    const levels = Array.from({ length: 12 }, (_, n) => {
      const inner =
        n === 0
          ? '"x"'
          : Array(9)
              .fill(`*l${n - 1}`)
              .join(', ');
      return `l${n}: &l${n} [${inner}]`;
    });
    const started = performance.now();
    expect(mistakes(levels.join('\n'))[0]).toMatch(
      /COMPOSE_YAML_ALIAS: aliases expand to more than 500000 values$/,
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each([
    [
      'services:\n  web: {labels: [a, "b]}\n',
      '2:21 COMPOSE_YAML: what begins with this " never ends -> write the closing "',
    ],
    ["a: 'b\nc: d\n", "1:4 COMPOSE_YAML: what begins with this ' never ends -> write the closing '"],
    ['a: [1, 2\nb: c\n', '1:4 COMPOSE_YAML: what begins with this [ never ends -> write the closing ]'],
    ['a: [1, {b: 2]\n', '1:8 COMPOSE_YAML: what begins with this { never ends -> write the closing }'],
  ])('blames the place where %j begins what never ends, and nothing after it', async (yaml, mistake) => {
    expect(await mistakesIn(yaml)).toEqual([mistake]);
  });

  it('says what is wrong with the syntax and what to do', async () => {
    expect(await mistakesIn('services:\n\tweb:\n')).toEqual([
      '2:1 COMPOSE_YAML: this line is indented with a tab -> indent with spaces: YAML does not allow tabs there',
    ]);
    expect(await mistakesIn('- a\n')).toEqual([
      '1:1 COMPOSE_TYPE: top-level object must be a mapping -> a Compose file is a mapping with `services:`',
    ]);
  });

  it.each(['', '# nothing\n', '{}', 'version: "3.8"', 'include: []'])(
    'refuses a file that says nothing: %j',
    async (yaml) => {
      expect(await mistakesIn(yaml)).toEqual([
        'COMPOSE_EMPTY: empty compose file: /p/compose.yaml -> write at least `services:` with one service',
      ]);
    },
  );

  it.each(['services: {}', 'name: shop', 'x-own: 1'])(
    'takes a file that says something: %j',
    async (yaml) => {
      expect(await mistakesIn(yaml)).toEqual([]);
    },
  );
});
