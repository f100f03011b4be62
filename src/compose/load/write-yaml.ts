/**
 * Plain values as YAML that every reader understands alike: blocks, two blanks a level, and quotes around whatever
 * YAML 1.1 or 1.2 would take for anything but text.
 */
import type { Json } from '../model/project.ts';

/** Ends with a line break. */
export function writeYaml(value: Json): string {
  const inline = inlineOf(value, '');
  return inline === undefined ? linesOf(value, '', '') : `${inline}\n`;
}

/** The lines of a mapping or list, each indented; `lead` stands in place of the first one's indent. */
function linesOf(value: Json, indent: string, lead: string): string {
  return settled(
    Array.isArray(value) ? listLines(value, indent, lead) : mapLines(value as JsonMap, indent, lead),
  );
}

function listLines(items: readonly Json[], indent: string, lead: string): string {
  const inner = `${indent}  `;
  let lines = '';
  let before = lead;
  for (let index = 0; index < items.length; index++) {
    lines += itemLines(before, items[index]!, inner);
    before = indent;
  }
  return lines;
}

/** One item of a list: `before` stands before its dash, `inner` before its further lines. */
export function itemLines(before: string, item: Json, inner: string): string {
  const inline = inlineOf(item, inner);
  // A mapping or list begins on the line of its dash.
  return inline === undefined ? linesOf(item, inner, `${before}- `) : `${before}- ${inline}\n`;
}

function mapLines(tree: JsonMap, indent: string, lead: string): string {
  const inner = `${indent}  `;
  let lines = '';
  let before = lead;
  const keys = Object.keys(tree);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    lines += entryLines(before, key, tree[key]!, inner);
    before = indent;
  }
  return lines;
}

/** One entry of a map, likewise. */
export function entryLines(before: string, key: string, item: Json, inner: string): string {
  const inline = inlineOf(item, inner);
  if (inline !== undefined) return `${before}${wordOf(key)}: ${inline}\n`;
  return `${before}${wordOf(key)}:\n${linesOf(item, inner, inner)}`;
}

type JsonMap = { readonly [key: string]: Json };

/** V8 keeps a text as the pieces that it was put together of, in several times its room, until it looks for a sign in it. */
function settled(text: string): string {
  if (text.length > 1000) text.charCodeAt(0);
  return text;
}

/** What stands behind `key:` or `-` on the same line; `undefined` when it takes lines of its own. */
function inlineOf(value: Json, indent: string): string | undefined {
  if (typeof value === 'string') return wordOf(value, indent);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined;
  for (const _ in value) return undefined;
  return '{}';
}

/** A text as it is written. `indent` is that of further lines; without it there is room for one only. */
export function wordOf(value: string, indent?: string): string {
  if (value.length > longestWord) return isPlain(value) ? value : marked(value, indent);
  const known = words.get(value);
  if (known !== undefined) return known;
  const written = isPlain(value) ? value : marked(value, indent);
  // Lines of their own are indented as far as what they stand in.
  if (words.size < mostWords && !value.includes('\n')) words.set(value, written);
  return written;
}

function marked(value: string, indent: string | undefined): string {
  return indent !== undefined && value.length > 1 && isLiteral(value)
    ? literal(value, indent)
    : quoted(value);
}

/** Keys and short values, most of which come again and again, as they are written. */
const words = new Map<string, string>();
const mostWords = 1000;
const longestWord = 30;

/** Letters and signs that mean nothing to YAML; a colon or blank only between others. */
const plain =
  /^[\w./$\u00a1-\u1fff\u3040-\ud7ff-](?:[\w./$@%+=~^*()<>{}[\]|;&?!"'`,\\\u00a1-\u1fff\u3040-\ud7ff-]|:(?! |$)| (?![# ]|$)|(?<! )#)*$/;

/** In small letters: numbers in any base, in sixtieths, dates, and words that stand for something else. */
const meaning =
  /^(?:[-+]?(?:0b[01_]*|0x[\da-f_]*|0o?[0-7_]*|(?=[._,]*e?[-+]?\d)[\d_,]*\.?[\d_]*(?:e[-+]?\d*)?|[\d_]+(?::[0-5]?\d)+(?:\.[\d_]*)?|\.(?:inf|nan|[\d_]*))|\d{4}-\d\d?-\d\d?(?:[t ].*)?|y|n|yes|no|on|off|true|false|null|~|<<|=)$/;

const longestNumber = 64;

/** Most words: no sign in them means anything, and nothing that stands for something else begins like them. */
const ordinary = /^(?:[a-dg-mp-su-xzA-DG-MP-SU-XZ/]|[eE][a-zA-Z])[\w./-]*$/;

function isPlain(value: string): boolean {
  if (ordinary.test(value)) return true;
  if (!plain.test(value) || /^(?:-|---|\.\.\.)(?: |$)/.test(value)) return false;
  return value.length > longestNumber ? !/^[-+.\d]/.test(value) : !meaning.test(value.toLowerCase());
}

/** Lines that need no escapes, the last of which ends in at most one line break; a line of blanks alone is hard to see. */
function isLiteral(value: string): boolean {
  return value.includes('\n') && !/^[ \t\n]|\n\n$|\n[ \t]+(?:\n|$)/.test(value) && !unprintable.test(value);
}

const unprintable = /[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

function literal(value: string, indent: string): string {
  const isEnded = value.endsWith('\n');
  const lines = (isEnded ? value.slice(0, -1) : value).split('\n');
  return `|${isEnded ? '' : '-'}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
