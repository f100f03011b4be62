/**
 * Plain values as YAML that every reader understands alike: blocks, two blanks a level, and quotes around whatever
 * YAML 1.1 or 1.2 would take for anything but text.
 */
import type { Json } from '../model/project.ts';

/** Ends with a line break. */
export function writeYaml(value: Json): string {
  const inline = inlineOf(value, '');
  return inline === undefined ? block(value, '') : `${inline}\n`;
}

/** What stands behind `key:` or `-` on the same line; `undefined` when it takes lines of its own. */
function inlineOf(value: Json, indent: string): string | undefined {
  if (typeof value === 'string') return text(value, indent);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined;
  for (const _ in value) return undefined;
  return '{}';
}

/** The lines of a mapping or list, each indented. */
function block(value: Json, indent: string): string {
  return Array.isArray(value) ? items(value, indent) : entries(value as Tree, indent);
}

type Tree = { readonly [key: string]: Json };

function entries(value: Tree, indent: string): string {
  const inner = `${indent}  `;
  let lines = '';
  for (const key of Object.keys(value)) {
    const item = value[key]!;
    const inline = inlineOf(item, inner);
    lines += `${indent}${text(key)}:${inline === undefined ? `\n${block(item, inner)}` : ` ${inline}\n`}`;
  }
  return lines;
}

/** A mapping or list begins on the line of its dash. */
function items(value: readonly Json[], indent: string): string {
  const inner = `${indent}  `;
  let lines = '';
  for (const item of value) {
    const inline = inlineOf(item, inner) ?? block(item, inner).slice(inner.length, -1);
    lines += `${indent}- ${inline}\n`;
  }
  return lines;
}

/** `indent` is that of further lines; without it there is room for one only. */
function text(value: string, indent?: string): string {
  if (isPlain(value)) return value;
  if (indent !== undefined && value.length > 1 && isLiteral(value)) return literal(value, indent);
  return quoted(value);
}

/** Letters and signs that mean nothing to YAML; a colon or blank only between others. */
const plain =
  /^[\w./$\u00a1-\u1fff\u3040-\ud7ff-](?:[\w./$@%+=~^*()<>{}[\]|;&?!"'`,\\\u00a1-\u1fff\u3040-\ud7ff-]|:(?! |$)| (?![# ]|$)|(?<! )#)*$/;

/** Numbers in any base, in sixtieths, dates, and words that stand for something else. */
const meaning =
  /^(?:[-+]?(?:0b[01_]*|0x[\da-f_]*|0o?[0-7_]*|(?=[._,]*e?[-+]?\d)[\d_,]*\.?[\d_]*(?:e[-+]?\d*)?|[\d_]+(?::[0-5]?\d)+(?:\.[\d_]*)?|\.(?:inf|nan|[\d_]*))|\d{4}-\d\d?-\d\d?(?:[t ].*)?|y|n|yes|no|on|off|true|false|null|~|<<|=)$/i;

const longestNumber = 64;

function isPlain(value: string): boolean {
  if (!plain.test(value) || /^(?:-|---|\.\.\.)(?: |$)/.test(value)) return false;
  return value.length > longestNumber ? !/^[-+.\d]/.test(value) : !meaning.test(value);
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
