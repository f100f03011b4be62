/** Quoted text. */
import * as code from './code.ts';
import { type Text, Unusual } from './text.ts';

/** From the opening quote; leaves the text behind the closing one. Further lines must be indented more than `parent`. */
export function readQuoted(text: Text, parent: number): string {
  const sign = text.peek();
  const start = text.at + 1;
  let hasEscapes = false;
  let lines = 1;
  for (let at = start; ; at++) {
    const now = text.text.charCodeAt(at);
    if (Number.isNaN(now)) throw new Unusual();
    if (now === sign) {
      if (sign === code.apostrophe && text.text.charCodeAt(at + 1) === sign) {
        hasEscapes = true;
        at += 1;
        continue;
      }
      text.at = at + 1;
      const raw = text.text.slice(start, at);
      const written = lines === 1 ? raw : fold(raw, parent);
      if (!hasEscapes) return written;
      return sign === code.quote ? unescaped(written) : written.replaceAll("''", "'");
    }
    if (now === code.newline) lines += 1;
    else if (now < code.space && now !== code.tab && now !== code.carriageReturn) throw new Unusual();
    else if (now === code.backslash && sign === code.quote) {
      hasEscapes = true;
      at += 1;
    }
  }
}

/** A line break is a space, an empty line a line break. @throws Unusual where a line's end is escaped or out of line */
function fold(raw: string, parent: number): string {
  if (raw.includes('\t')) throw new Unusual();
  const [first = '', ...others] = raw.split(/\r?\n/);
  let result = first.replace(/ +$/, '');
  let blank = 0;
  for (const [index, line] of others.entries()) {
    const isLast = index === others.length - 1;
    const content = line.replace(/^ +/, '');
    if (/^(---|\.\.\.)/.test(line) || result.endsWith('\\')) throw new Unusual();
    if (content === '' && !isLast) {
      blank += 1;
      continue;
    }
    if (line.length - content.length <= parent) throw new Unusual();
    result += (blank === 0 ? ' ' : '\n'.repeat(blank)) + (isLast ? content : content.replace(/ +$/, ''));
    blank = 0;
  }
  return result;
}

function unescaped(raw: string): string {
  return raw.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (_, byte, unit, sign) => {
    const hex: string | undefined = byte ?? unit;
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const meant = escapes.get(sign);
    if (meant === undefined) throw new Unusual();
    return meant;
  });
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    '/': '/',
    '\\': '\\',
  }),
);
