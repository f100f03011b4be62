import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toJson } from '../../../src/compose/load/node.ts';
import { readQuickly } from '../../../src/compose/load/quick/read.ts';
import { makeSource } from '../../../src/compose/load/source.ts';
import { writeYaml } from '../../../src/compose/load/write-yaml.ts';
import type { Json } from '../../../src/compose/model/project.ts';

describe('writing YAML', () => {
  it('writes blocks, and brackets only around nothing', () => {
    const value = {
      name: 'shop',
      services: {
        web: { command: null, ports: [{ target: 80, published: '8080' }, 'x'], nested: [['a', []], {}] },
      },
      empty: {},
    };
    expect(writeYaml(value)).toBe(`name: shop
services:
  web:
    command: null
    ports:
      - target: 80
        published: "8080"
      - x
    nested:
      - - a
        - []
      - {}
empty: {}
`);
  });

  it.each([
    ['text', 'text'],
    ['a b: c', '"a b: c"'],
    ['postgres://u:p@h/db?x=1', 'postgres://u:p@h/db?x=1'],
    ['127.0.0.1:80:80', '127.0.0.1:80:80'],
    ['30s', '30s'],
    ['./x', './x'],
    ['.', '"."'],
    ['Ünïcode', 'Ünïcode'],
    ['5$$', '5$$'],
    ['', '""'],
    ['yes', '"yes"'],
    ['Null', '"Null"'],
    ['0770', '"0770"'],
    ['22:22', '"22:22"'],
    ['1_000', '"1_000"'],
    ['1e3', '"1e3"'],
    ['2024-01-01', '"2024-01-01"'],
    ['- x', '"- x"'],
    ['--- x', '"--- x"'],
    ['a #b', '"a #b"'],
    ['a:', '"a:"'],
    ['a ', '"a "'],
    ['*x', '"*x"'],
    ['tab\t', '"tab\\t"'],
    ['bell\u0007\u0085\u2028', '"bell\\u0007\\u0085\\u2028"'],
    ['one\ntwo', '|-\n  one\n  two'],
    ['one\n\n  two\n', '|\n  one\n\n    two'],
    [' one\ntwo', '" one\\ntwo"'],
    ['one\n \n', '"one\\n \\n"'],
    ['one\n\n', '"one\\n\\n"'],
  ])('writes %j as %s', (value, written) => {
    expect(writeYaml({ a: value })).toBe(`a: ${written}\n`);
  });

  it('is read as the same by every reader, of YAML 1.1 and of 1.2', () => {
    const words = [
      'yes',
      'N',
      '0x1f',
      '1:30',
      '.5',
      '-',
      '=',
      '<<',
      '---',
      'a: b',
      '\ta',
      'a\n b\n',
      '\n',
      '#',
      '!',
      '0o',
      '-.inf',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom(...words),
      fc.stringMatching(/^[\d._:e+ #\n-]{1,6}$/),
    );
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.constantFrom(null, true, 0, -1.5, 1e21),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => {
        const written = writeYaml(json);
        for (const version of ['1.1', '1.2'] as const) expect(parse(written, { version })).toEqual(json);
        const [read] = readQuickly(makeSource('/f', written)) ?? [];
        if (read !== undefined) expect(toJson(read)).toEqual(json);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
