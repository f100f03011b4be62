/**
 * Lines as most of them are: `key: word`, `key: "text"`, `key:`, `- word`, `- "text"`, each taken apart by one pattern.
 * V8 runs patterns fast from the first time on, and its own code only after a while.
 * What does not match is read sign by sign, to the same nodes.
 */
import { type ScalarNode, scalarAt } from '../node.ts';
import { resolvePlain } from '../scalars.ts';
import { nextLine, type Text } from './text.ts';

/** One word without blanks, which no sign of YAML's begins; colons stand within it only. */
const word = '[^\\0- \\-?:,[\\]{}#&*!|>\'"%@`][^\\0- :#]*(?::[^\\0- :#]+)*';
/** Between quotes, without escapes. */
const text = '"([^"\\\\\\0-\\x1f]*)"';
/** What means something else than text is a mistake as a key. */
const key = '(?!(?:[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE):)([A-Za-z_][\\w.-]{0,200}):';
const flowWord = '[\\w./][\\w./@-]*';
/** To the content of the next line, unless that is blank or a comment. */
const lineEnd = `(?:(${nextLine})|(?=\\n))`;

const entryLine = new RegExp(`${key}(?:(?: +(?:(${word})|${text}))?${lineEnd}| +(?=[[{]))`, 'y');
const itemLine = new RegExp(`- +(?:(${word})|${text})${lineEnd}`, 'y');
/** In brackets up to the next item, in braces up to the sign behind. */
const flowItem = new RegExp(`(?:(${flowWord})|${text}) *(?:(,) *|(?=\\]))`, 'y');
const flowEntry = new RegExp(`${key} +(?:(${flowWord})|${text})(?= *[,}])`, 'y');

/** What the last match took apart; one of them serves for all lines. */
export class CommonLine {
  /** Of an entry. */
  name = '';
  /** Absent when it is no single one: it begins at `next`, or on a line behind. */
  value: ScalarNode | undefined;
  next = 0;
  /** Where the next line's content begins, and how far it is indented, when it is the very next one; else -1. */
  below = -1;
  column = -1;
  /** Of an item in brackets: another one is to follow. */
  goesOn = false;
  /** Where an entry was looked for last, and what was found: a mapping is asked for and then read. */
  private at = -1;
  private match: RegExpExecArray | null = null;

  // Matches are taken apart by index: V8 walks a list by an iterator to do it by name.

  /** Whether the rest of the line is an entry like most. */
  isEntry(text: Text): boolean {
    const { at } = text;
    entryLine.lastIndex = at;
    this.at = at;
    this.match = entryLine.exec(text.text);
    return this.match !== null;
  }

  /** The same, and what it is made of. */
  readEntry(text: Text): boolean {
    if (this.at !== text.at) this.isEntry(text);
    const { match } = this;
    if (match === null) return false;
    this.name = match[1]!;
    this.read(text, text.at + match[0].length, match[2], match[3], match[4]);
    return true;
  }

  /** Whether such an entry stands there in braces. */
  isFlowEntry(text: Text): boolean {
    flowEntry.lastIndex = text.at;
    const match = flowEntry.exec(text.text);
    if (match === null) return false;
    this.name = match[1]!;
    this.read(text, flowEntry.lastIndex, match[2], match[3], undefined);
    return true;
  }

  /** Whether the rest of the line is such an item. */
  isItem(text: Text): boolean {
    itemLine.lastIndex = text.at;
    const match = itemLine.exec(text.text);
    if (match === null) return false;
    this.at = -1;
    this.read(text, itemLine.lastIndex, match[1], match[2], match[3]);
    return true;
  }

  isFlowItem(text: Text): boolean {
    flowItem.lastIndex = text.at;
    const match = flowItem.exec(text.text);
    if (match === null) return false;
    const plain = match[1];
    const quoted = match[2];
    this.goesOn = match[3] !== undefined;
    const length = plain?.length ?? quoted!.length + 2;
    this.value = scalarOf(text, text.at + length, plain, quoted);
    this.next = flowItem.lastIndex;
    return true;
  }

  private read(
    text: Text,
    end: number,
    plain: string | undefined,
    quoted: string | undefined,
    lineEnd: string | undefined,
  ): void {
    const next = lineEnd === undefined ? end : end - lineEnd.length;
    this.below = lineEnd === undefined ? -1 : end;
    this.column = lineEnd === undefined ? -1 : lineEnd.length - 1;
    this.next = next;
    this.value = scalarOf(text, next, plain, quoted);
  }
}

function scalarOf(
  { source }: Text,
  end: number,
  plain: string | undefined,
  quoted: string | undefined,
): ScalarNode | undefined {
  if (plain !== undefined) return scalarAt(resolvePlain(plain), source, end - plain.length, end);
  return quoted === undefined ? undefined : scalarAt(quoted, source, end - quoted.length - 2, end);
}
