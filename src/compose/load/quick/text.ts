/** Where the quick reader stands in its text, and how it gets to the next line that says something. */
import type { Source, Span } from '../source.ts';
import * as code from './code.ts';

/** Thrown at whatever is out of the ordinary or wrong: the text is for the thorough reader. */
export class Unusual extends Error {}

/** From a line's end to the content of the next one. Markers of documents stand at the start of theirs. */
export const nextLine = '\\n(?: +(?=[^\\0- #])|(?=[^\\0- #.-]))';
const nextLineBreak = new RegExp(nextLine, 'y');

/**
 * What is private here, and in the readers, is so for the compiler alone: a `#field` takes V8 twice as long to find until
 * it has compiled the code a second time, and most files are read by then.
 */
export class Text {
  readonly source: Source;
  readonly text: string;
  at = 0;
  /** Of the content at `at`, from 0, once a line has been begun. */
  column = 0;
  /** Nothing is left of the document. */
  ended = false;
  /** What was skipped on the way to this line. */
  blankLines = 0;
  commented = false;

  constructor(source: Source) {
    this.source = source;
    this.text = source.text;
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  span(start: number, end = this.at): Span {
    return { source: this.source, start, end, trace: undefined };
  }

  /** NaN behind the end. */
  peek(): number {
    return this.text.charCodeAt(this.at);
  }

  /** Whether a blank, a line's end or the text's end stands there: an indicator counts only before one. */
  isBlankAt(at: number): boolean {
    const next = this.text.charCodeAt(at);
    return next === code.space || next === code.newline || next === code.carriageReturn || Number.isNaN(next);
  }

  skipSpaces(): void {
    while (this.peek() === code.space) this.at += 1;
  }

  /** Whether only blanks and a comment are left of the line. Stops before them if not. */
  isAtLineEnd(): boolean {
    const from = this.at;
    this.skipSpaces();
    const next = this.peek();
    if (next === code.newline || next === code.carriageReturn || Number.isNaN(next)) return true;
    if (next === code.hash && (this.at > from || this.text.charCodeAt(this.at - 1) === code.space))
      return true;
    return false;
  }

  /** From behind a value to the next content. @throws Unusual when more stands on the line */
  finishLine(): void {
    if (!this.isAtLineEnd()) throw new Unusual();
    this.toContent(false);
  }

  /** To the next content; `fresh` when standing at the start of a line. */
  toContent(fresh: boolean): void {
    if (fresh || !this.toNextLine()) this.overLines(fresh);
  }

  /** Most often it stands on the very next line. */
  private toNextLine(): boolean {
    nextLineBreak.lastIndex = this.at;
    if (!nextLineBreak.test(this.text)) return false;
    this.goTo(nextLineBreak.lastIndex, nextLineBreak.lastIndex - this.at - 1);
    return true;
  }

  /** To content on the very next line. */
  goTo(at: number, column: number): void {
    this.blankLines = 0;
    this.commented = false;
    this.column = column;
    this.at = at;
  }

  private overLines(fresh: boolean): void {
    const { text } = this;
    this.blankLines = 0;
    this.commented = false;
    let atStart = fresh;
    let lineStart = this.at;
    for (;;) {
      let at = lineStart;
      while (text.charCodeAt(at) === code.space) at += 1;
      const next = text.charCodeAt(at);
      if (next === code.hash) {
        this.commented = true;
        at = text.indexOf('\n', at);
        if (at === -1) at = text.length;
      } else if (next === code.carriageReturn && text.charCodeAt(at + 1) === code.newline) {
        if (atStart) this.blankLines += 1;
        at += 1;
      } else if (next === code.newline) {
        if (atStart) this.blankLines += 1;
      } else if (at < text.length) {
        if (next < code.space) throw new Unusual();
        this.at = at;
        this.column = at - lineStart;
        if (this.column === 0 && this.isMarker()) this.ended = true;
        return;
      }
      if (at >= text.length) {
        this.at = text.length;
        this.ended = true;
        return;
      }
      lineStart = at + 1;
      atStart = true;
    }
  }

  /** `---` or `...` on a line of its own, or with a value behind it. */
  isMarker(): boolean {
    return (
      (this.text.startsWith('---', this.at) || this.text.startsWith('...', this.at)) &&
      this.isBlankAt(this.at + 3)
    );
  }
}
