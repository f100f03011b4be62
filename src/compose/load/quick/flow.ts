/** `[a, b]` and `{a: b}`. */
import { type Anchors, depthLimit } from '../aliases.ts';
import { addMerged, type Merged } from '../merge-keys.ts';
import { type Entry, entryAt, list, map, type Node, scalar } from '../node.ts';
import { resolvePlain } from '../scalars.ts';
import type { Span } from '../source.ts';
import { through } from '../trace.ts';
import * as code from './code.ts';
import { CommonLine } from './common.ts';
import { addRead } from './entries.ts';
import { isFlowSign, scanPlain } from './plain.ts';
import { readQuoted } from './quoted.ts';
import { type Text, Unusual } from './text.ts';

const aliasName = /\*([\w.-]+)/y;

export class FlowReader {
  private readonly text: Text;
  private readonly anchors: Anchors;
  private readonly line = new CommonLine();
  /** Indentation of what holds the outermost of them: every line of theirs is indented more. */
  private parent = -1;
  private depth = 0;

  constructor(text: Text, anchors: Anchors) {
    this.text = text;
    this.anchors = anchors;
  }

  /** From the opening bracket; leaves the text behind the closing one. */
  collection(parent: number, depth: number): Node {
    this.parent = parent;
    this.depth = depth;
    return this.nested();
  }

  private nested(): Node {
    this.depth += 1;
    this.anchors.count(this.depth);
    if (this.depth > depthLimit) throw new Unusual();
    const node = this.text.peek() === code.bracket ? this.list() : this.map();
    this.depth -= 1;
    return node;
  }

  private list(): Node {
    const text = this.text;
    const start = text.at;
    const items: Node[] = [];
    text.at += 1;
    for (;;) {
      // Behind a comma another one mostly follows at once.
      let item = this.commonItem();
      if (item === undefined) {
        this.skip();
        if (text.peek() === code.closingBracket) break;
        item = this.commonItem() ?? this.otherItem();
      }
      items.push(item);
      if (this.line.goesOn) continue;
      this.skip();
      if (text.peek() === code.closingBracket) break;
      if (text.peek() !== code.comma) throw new Unusual();
      text.at += 1;
    }
    text.at += 1;
    return list(items, text.span(start));
  }

  private commonItem(): Node | undefined {
    const text = this.text;
    if (!this.line.isFlowItem(text)) return undefined;
    text.at = this.line.next;
    this.anchors.count(this.depth);
    return this.line.value;
  }

  private otherItem(): Node {
    const value = this.value();
    // What was read within it is not what goes on.
    this.line.goesOn = false;
    return value;
  }

  private map(): Node {
    const text = this.text;
    const start = text.at;
    const entries = new Map<string, Entry>();
    const merged: Merged[] = [];
    text.at += 1;
    for (;;) {
      this.skip();
      if (text.peek() === code.closingBrace) break;
      this.entry(entries, merged);
      this.skip();
      if (text.peek() === code.comma) text.at += 1;
      else if (text.peek() !== code.closingBrace) throw new Unusual();
    }
    text.at += 1;
    addMerged(entries, merged);
    return map(entries, text.span(start));
  }

  private entry(entries: Map<string, Entry>, merged: Merged[]): void {
    const text = this.text;
    const start = text.at;
    if (this.commonEntry(entries)) return;
    const isPlain = text.peek() !== code.quote && text.peek() !== code.apostrophe;
    const name = isPlain ? this.plain() : readQuoted(text, this.parent);
    if (typeof name !== 'string') throw new Unusual();
    const at = text.span(start);
    this.anchors.count(this.depth);
    addRead(entries, merged, { name, at, isPlain }, this.valueOf(at, isPlain));
  }

  private commonEntry(entries: Map<string, Entry>): boolean {
    const text = this.text;
    if (!this.line.isFlowEntry(text)) return false;
    const { name, value, next } = this.line;
    if (value === undefined || entries.has(name)) throw new Unusual();
    this.anchors.count(this.depth);
    this.anchors.count(this.depth);
    entries.set(name, entryAt(value, text.source, text.at, text.at + name.length));
    text.at = next;
    return true;
  }

  private valueOf(key: Span, isPlain: boolean): Node {
    const text = this.text;
    text.skipSpaces();
    if (text.peek() !== code.colon) {
      if (text.peek() !== code.comma && text.peek() !== code.closingBrace) throw new Unusual();
      return this.null(key);
    }
    text.at += 1;
    const isApart = text.isBlankAt(text.at) || isFlowSign(text.peek());
    if (isPlain && !isApart) throw new Unusual();
    this.skip();
    return text.peek() === code.comma || text.peek() === code.closingBrace ? this.null(key) : this.value();
  }

  private null(at: Span): Node {
    this.anchors.count(this.depth);
    return scalar(null, at);
  }

  private value(): Node {
    const text = this.text;
    const start = text.at;
    switch (text.peek()) {
      case code.bracket:
      case code.brace:
        return this.nested();
      case code.star:
        return readAlias(text, this.anchors, this.depth);
      case code.quote:
      case code.apostrophe: {
        const value = readQuoted(text, this.parent);
        this.anchors.count(this.depth);
        return scalar(value, text.span(start));
      }
      default: {
        const value = this.plain();
        this.anchors.count(this.depth);
        return scalar(value, text.span(start));
      }
    }
  }

  private plain(): string | number | boolean | null {
    const text = this.text;
    const start = text.at;
    const { end } = scanPlain(text, true);
    if (end === start) throw new Unusual();
    text.at = end;
    return resolvePlain(text.text.slice(start, end));
  }

  /** Over blanks, comments and line breaks. @throws Unusual at a line that is not indented enough, and at the text's end */
  private skip(): void {
    const text = this.text;
    const next = text.peek();
    if (next > code.hash || next === code.quote || !text.isAtLineEnd()) return;
    text.toContent(false);
    if (text.ended || text.column <= this.parent) throw new Unusual();
  }
}

/** From the star; leaves the text behind the name. @throws Unusual when the anchor is unknown, or stands for too much */
export function readAlias(text: Text, anchors: Anchors, depth: number): Node {
  const start = text.at;
  aliasName.lastIndex = start;
  const name = aliasName.exec(text.text)?.[1];
  if (name === undefined) throw new Unusual();
  text.at = aliasName.lastIndex;
  if (!text.isBlankAt(text.at) && !isFlowSign(text.peek())) throw new Unusual();
  const node = anchors.follow(name, depth);
  if (typeof node === 'string') throw new Unusual();
  return through(node, { how: 'alias', at: text.span(start) });
}
