import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { quickly, thoroughly } from '../readings.ts';

const ordinary: Readonly<Record<string, string>> = {
  'mappings in mappings': 'a:\n  b:\n    c: 1\n  d: x\ne: y\n',
  'lists, indented or not': 'a:\n- 1\n- x\nb:\n  - 1\n  -   x\n',
  'lists in lists and mappings in lists': '- - a\n  - b\n- c: 1\n  d:\n  - e\n-\n  f: 2\n',
  'what has no value': 'a:\nb:\n  c:\nd: # nothing\ne: ~\n',
  'comments and empty lines': '# head\n\na: 1 # one\n  # far\n\nb: x#y # z\n# end',
  'words of several lines': 'a: one\n  two\n\n  three\nb:\n  four\n  five\n',
  'words with signs in them':
    'a: x:y\nb: -x\nc: ?x\nd: :80\ne: a,b]c}\nf: $' + '{X:-{}}\ng: 127.0.0.1:80:80\n',
  'quoted text': `a: "x\\ty\\u00e9\\x41\\"" # c\nb: 'it''s'\n"c d": 'e: f'\n'': ""\n`,
  'quoted text of several lines': 'a: "one\n  two\n\n  three"\nb: \'four \n   five\'\n',
  'text as it stands':
    'a: |\n  one\n    two\n\n  three\n\n\nb: |-\n  x\n# c\nc: >-\n  one\n  two\n\n  three\n   four\n  five\nd: >\n\n  x\n',
  'lists and mappings in brackets':
    'a: [x, "y", [1, -2], {b: c}, ]\nd: {e: , f, "g":1, h: [ ]}\ni: [\n  j,  # c\n  k\n ]\n',
  'anchors, aliases and merge keys':
    'x: &x {a: 1}\ny: &y\n  b: 2\nz:\n  <<: [*x, *y]\n  a: 3\nl: &l\n- *x\nm: [*x, *l]\nn: &n text\no: *n\n',
  'the tags of Compose': 'a: !reset null\nb: !override\n  - x\nc: !reset\nd: &d !override {e: 1}\n',
  'several documents': '---\na: 1\n---\n# none\n---\nb: 2\n...\n',
  'Windows line ends': 'a:\r\n  - x\r\n  - |\r\n    y\r\n    z\r\nb: "c"\r\nd: e\r\n   f\r\n',
  'a byte order mark': '\ufeffa: 1\nb: 2\n',
  'names of prototypes': '__proto__: 1\nconstructor: {toString: x}\n',
  'a word alone': 'x\n',
  nothing: '# only this\n',
};

const unusual: Readonly<Record<string, string>> = {
  'keys in brackets': '[a]: b\n',
  'keys with a question mark': '? a\n: b\n',
  'keys that are no text': '1: a\n',
  'keys that are aliases': 'a: &a b\n*a : c\n',
  'keys twice': 'a: 1\na: 2\n',
  'pairs in lists': '[a: b]\n',
  'tags of YAML': 'a: !!str 1\n',
  'tags in brackets': '[!reset a]\n',
  directives: '%YAML 1.2\n---\na: 1\n',
  'indentation by tabs': 'a:\n\tb: 1\n',
  'brackets that stay open': 'a: [b\nc: d\n',
  'quotes that stay open': 'a: "b\n',
  'a colon too many': 'a: b: c\n',
  'a line out of line': 'a:\n   b: 1\n  c: 2\n',
  'an unknown anchor': 'a: *b\n',
  'an anchor in itself': 'a: &a\n  b: *a\n',
  'words that nothing may begin with': 'a: @b\n',
  'kept line breaks': 'a: |+\n  b\n\n',
  'indentation that is counted': 'a: |2\n   b\n',
  'control characters': 'a: b\u0000c\n',
};

describe('the quick reader', () => {
  it.each(Object.keys(ordinary))('reads %s as the thorough reader does', (name) => {
    const text = ordinary[name]!;
    expect(quickly(text)).toEqual(thoroughly(text));
    expect(thoroughly(text)).toBeDefined();
  });

  it.each(Object.keys(unusual))('leaves %s to the thorough reader', (name) => {
    expect(quickly(unusual[name]!)).toBeUndefined();
  });

  it('reads nothing otherwise than the thorough reader, whatever lines stand below each other', () => {
    const indent = fc.constantFrom('', ' ', '  ', '   ', '    ');
    const words = [
      'a',
      'b:',
      'c: d',
      '-',
      '- e',
      '- f: g',
      '|',
      '>-',
      '"h',
      'i"',
      "'j'",
      '[k',
      'l]',
      '{m: n}',
    ];
    const signs = [
      '# o',
      ' # p',
      '&q',
      '*q',
      '!reset',
      '<<: *q',
      '---',
      '...',
      '? r',
      ': s',
      't: |',
      'u: "v"',
      '\r',
    ];
    const line = fc.tuple(
      indent,
      fc.constantFrom(...words, ...signs),
      fc.constantFrom('', '', ' ', ' w', ': x', ' #'),
    );
    const text = fc
      .array(line, { maxLength: 7 })
      .map((lines) => lines.map((parts) => parts.join('')).join('\n'));
    fc.assert(
      fc.property(text, (lines) => {
        const quick = quickly(lines);
        if (quick !== undefined) expect(quick).toEqual(thoroughly(lines));
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  it('reads whatever a program writes as YAML, in each of its styles', () => {
    const tree = fc.letrec((tie) => ({
      word: fc.oneof(
        fc.string(),
        fc.constantFrom('yes', '0770', 'a: b', '- c', ' d', 'e\nf\n', 'g #h'),
        fc.integer(),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      map: fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), tie('value'), { maxKeys: 3 }),
      value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('word'), tie('list'), tie('map')),
    })).map;
    const style = fc.record({
      indent: fc.constantFrom(1, 2, 4),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20),
      collectionStyle: fc.constantFrom('block', 'flow', 'any'),
    });
    fc.assert(
      fc.property(tree, style, (value, options) => {
        const text = stringify(value, options);
        const quick = quickly(text);
        if (quick !== undefined) expect(quick).toEqual(thoroughly(text));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});
