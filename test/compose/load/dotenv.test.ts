import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvFile, parseRawEnvFile } from '../../../src/compose/load/dotenv.ts';

const read = (text: string, outer: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(parseEnvFile(text, (name) => outer[name]).values);

describe('env files', () => {
  it('reads assignments, comments, quotes, variables and names alone', () => {
    const text = `\uFEFF# head
A=1\r
B= 2
C=3 # comment
D="4 # not"
E='5 $A'
F=\${A}
G="\${A} x"
H=
INHERITED
NOT_SET
export J=10

K="line1\\nline2\\t"
L='l\\n'
M=a=b=c
N="q\\"q"
O=$$A
P='multi
line'
R=a b c   
S: yaml-style
W=a#b
X="\\$A"
KEY.with-dots=1
Z=\${NOPE:-dflt}`;
    expect(read(text, { INHERITED: 'outer' })).toEqual({
      A: '1',
      B: '2',
      C: '3',
      D: '4 # not',
      E: '5 $A',
      F: '1',
      G: '1 x',
      H: '',
      INHERITED: 'outer',
      J: '10',
      K: 'line1\nline2\t',
      L: 'l\\n',
      M: 'a=b=c',
      N: 'q"q',
      O: '$A',
      P: 'multi\nline',
      R: 'a b c',
      S: 'yaml-style',
      W: 'a#b',
      X: '$A',
      'KEY.with-dots': '1',
      Z: 'dflt',
    });
  });

  it('asks the caller first, then earlier lines, then the fallback', () => {
    const file = parseEnvFile(
      'A=file\nB=$A-$C-$D',
      (name) => ({ C: 'caller' })[name],
      (name) => ({ A: 'x', D: 'fallback' })[name],
    );
    expect(file.values.get('B')).toBe('file-caller-fallback');
  });

  it.each([
    ['A=1\nB="x\ny', 2, 'unterminated quoted value: no closing "'],
    ['A B=secret', 1, 'key cannot contain a space'],
    ['A=1\n\n=x', 3, 'a variable name is missing before "="'],
    ['A!=x', 1, 'unexpected character "!" in variable name "A!"'],
    ['A=${B.c}', 1, 'Invalid template: "${B.c}"'],
    ['A=${B:?gone}', 1, 'required variable B is missing a value: gone'],
  ])('refuses %j at line %i without showing a value', (text, line, message) => {
    expect(parseEnvFile(text, () => undefined).problem).toEqual({ line, message });
  });

  it('keeps everything after the equals sign in raw files', () => {
    expect(
      Object.fromEntries(parseRawEnvFile('A="q" # $X\n# c\nB\n', (name) => ({ B: 'b' })[name]).values),
    ).toEqual({ A: '"q" # $X', B: 'b' });
  });

  it('gives back any value written in single quotes', () => {
    const value = fc.string().map((text) => text.replace(/[\\'\r]/g, ''));
    fc.assert(
      fc.property(value, (text) => {
        expect(read(`A='${text}'\nB=1`)).toEqual({ A: text, B: '1' });
      }),
    );
  });
});
