/** Mappings and lists by indentation, and what stands in them. */
import { Anchors, depthLimit } from '../aliases.ts';
import { addMerged, type Merged } from '../merge-keys.ts';
import {
  type Entry,
  entryAt,
  entryOf,
  list,
  type MapNode,
  map,
  type Node,
  scalar,
  type Tag,
  withTag,
} from '../node.ts';
import { resolvePlain } from '../scalars.ts';
import type { Span } from '../source.ts';
import { readBlockScalar } from './block-scalar.ts';
import * as code from './code.ts';
import { CommonLine } from './common.ts';
import { addRead, type ReadKey } from './entries.ts';
import { FlowReader, readAlias } from './flow.ts';
import { readPlain, scanPlain } from './plain.ts';
import { readQuoted } from './quoted.ts';
import { type Text, Unusual } from './text.ts';

interface Properties {
  readonly anchor?: string;
  readonly tag?: Tag;
}

const none: Properties = {};
const properties = /&([\w.-]+)|!(reset|override)/y;

/** Every method begins at its value and leaves the text at the next content. */
export class BlockReader {
  private readonly text: Text;
  private readonly anchors = new Anchors();
  private readonly flow: FlowReader;
  private readonly line = new CommonLine();
  private depth = 0;

  constructor(text: Text) {
    this.text = text;
    this.flow = new FlowReader(text, this.anchors);
  }

  root(): Node {
    const node = this.ownLine(-1);
    // Nothing but a tag or an anchor is no document.
    if (node.kind === 'scalar' && node.value === null) throw new Unusual();
    return node;
  }

  /** A value on lines of its own, indented more than `parent`. */
  private ownLine(parent: number, earlier = none): Node {
    const { column } = this.text;
    if (this.line.isEntry(this.text)) return this.map(column);
    const given = this.properties();
    if (given !== none) {
      if (earlier !== none || (!this.text.isAtLineEnd() && this.isKey())) throw new Unusual();
      return this.behindKey(parent, given, false);
    }
    if (this.isItem()) return this.list(column);
    return this.isKey() ? this.map(column) : this.single(parent, none);
  }

  /** A value behind `key:` or `-`; properties and nothing else may stand before it on its line. */
  private behindKey(parent: number, given: Properties, mayBeList: boolean): Node {
    if (!this.text.isAtLineEnd()) return this.single(parent, given);
    return this.below(parent, given, mayBeList);
  }

  /** The same with nothing left of its line. */
  private below(parent: number, given: Properties, mayBeList: boolean): Node {
    const text = this.text;
    const end = text.at;
    text.toContent(false);
    return this.here(end, parent, given, mayBeList);
  }

  /** The same, standing at the next content. `end`: of what it belongs to. */
  private here(end: number, parent: number, given: Properties, mayBeList: boolean): Node {
    const text = this.text;
    if (!text.ended && text.column > parent) {
      if (given === none) return this.ownLine(parent);
      return this.withProperties(given, () => this.ownLine(parent, given));
    }
    if (!text.ended && mayBeList && text.column === parent && this.isItem()) {
      return this.withProperties(given, () => this.list(parent));
    }
    return this.scalar(null, text.span(end, end), given);
  }

  private map(indent: number): MapNode {
    const text = this.text;
    const entries = new Map<string, Entry>();
    const merged: Merged[] = [];
    const start = text.at;
    let end = start;
    this.enter();
    do {
      if (text.column > indent) throw new Unusual();
      const entry = this.commonEntry(indent, entries) ?? this.entry(indent, entries, merged);
      end = Math.max(entry.end, entry.value.end);
    } while (!text.ended && text.column >= indent);
    this.depth -= 1;
    addMerged(entries, merged);
    return map(entries, text.span(start, end));
  }

  private entry(indent: number, entries: Map<string, Entry>, merged: Merged[]): Entry {
    const key = this.key();
    const value = this.behindKey(indent, this.properties(), true);
    addRead(entries, merged, key, value);
    return entryOf(key.at, value);
  }

  /** `undefined`, and nothing is read, when the entry is not like most. */
  private commonEntry(indent: number, entries: Map<string, Entry>): Entry | undefined {
    const text = this.text;
    const line = this.line;
    const start = text.at;
    if (!line.readEntry(text)) return undefined;
    const { name, value } = line;
    if (value !== undefined && !this.endsLine(indent)) return undefined;
    this.anchors.count(this.depth);
    const entry = entryAt(value ?? this.open(indent), text.source, start, start + name.length);
    if (entries.has(name)) throw new Unusual();
    entries.set(name, entry);
    return entry;
  }

  /** A value that begins with a bracket or brace, or on the next line. */
  private open(indent: number): Node {
    const text = this.text;
    const { next, below, column } = this.line;
    if (below !== -1) {
      text.goTo(below, column);
      return this.here(next, indent, none, true);
    }
    text.at = next;
    return text.peek() === code.newline ? this.below(indent, none, true) : this.single(indent, none);
  }

  /** Goes from a common line to the next content, unless a word goes on there, which is not like most. Counts the value. */
  private endsLine(indent: number): boolean {
    const text = this.text;
    const { next, below, column } = this.line;
    if (below === -1) return this.endsAt(next, indent);
    if (column > indent) return false;
    text.goTo(below, column);
    this.anchors.count(this.depth);
    return true;
  }

  /** The same where blank lines or comments may stand before it. */
  private endsAt(end: number, indent: number): boolean {
    const text = this.text;
    const { at, column } = text;
    text.at = end;
    text.toContent(false);
    if (text.ended || text.column <= indent) {
      this.anchors.count(this.depth);
      return true;
    }
    text.at = at;
    text.column = column;
    return false;
  }

  private list(indent: number): Node {
    const text = this.text;
    const items: Node[] = [];
    const start = text.at;
    let end = start;
    this.enter();
    do {
      if (text.column > indent) throw new Unusual();
      const item = this.commonItem(indent) ?? this.item(indent);
      end = Math.max(end, item.end);
      items.push(item);
    } while (!text.ended && text.column >= indent && this.isItem());
    if (!text.ended && text.column > indent) throw new Unusual();
    this.depth -= 1;
    return list(items, text.span(start, end));
  }

  private commonItem(indent: number): Node | undefined {
    const line = this.line;
    if (!line.isItem(this.text)) return undefined;
    return this.endsLine(indent) ? line.value : undefined;
  }

  private item(indent: number): Node {
    const text = this.text;
    text.at += 1;
    const lineStart = text.at - 1 - indent;
    if (text.isAtLineEnd()) return this.behindKey(indent, none, false);
    const given = this.properties();
    if (given !== none) {
      if (!text.isAtLineEnd() && (this.isItem() || this.isKey())) throw new Unusual();
      return this.behindKey(indent, given, false);
    }
    text.column = text.at - lineStart;
    return this.ownLine(indent);
  }

  /** A value that begins on this line and is neither a block mapping nor a block list. */
  private single(parent: number, given: Properties): Node {
    const text = this.text;
    const start = text.at;
    switch (text.peek()) {
      case code.quote:
      case code.apostrophe: {
        const value = readQuoted(text, parent);
        const at = text.span(start);
        text.finishLine();
        return this.scalar(value, at, given);
      }
      case code.bracket:
      case code.brace: {
        const node = this.withProperties(given, () => this.flow.collection(parent, this.depth));
        text.finishLine();
        return node;
      }
      case code.bar:
      case code.greater: {
        const { value, end } = readBlockScalar(text, parent);
        return this.scalar(value, text.span(start, end), given);
      }
      case code.star: {
        if (given !== none) throw new Unusual();
        const node = readAlias(text, this.anchors, this.depth);
        text.finishLine();
        return node;
      }
      default: {
        const { word, end } = readPlain(text, parent);
        return this.scalar(resolvePlain(word), text.span(start, end), given);
      }
    }
  }

  private scalar(value: string | number | boolean | null, at: Span, given: Properties): Node {
    if (given === none) {
      this.anchors.count(this.depth);
      return scalar(value, at);
    }
    return this.withProperties(given, () => {
      this.anchors.count(this.depth);
      return scalar(value, at);
    });
  }

  private withProperties({ anchor, tag }: Properties, read: () => Node): Node {
    const tagged = (): Node => (tag === undefined ? read() : withTag(read(), tag));
    return anchor === undefined ? tagged() : this.anchors.define(anchor, this.depth, tagged);
  }

  private enter(): void {
    this.depth += 1;
    this.anchors.count(this.depth);
    if (this.depth > depthLimit) throw new Unusual();
  }

  /** Passes over them and the blanks around; `none` itself when there are none. */
  private properties(): Properties {
    const text = this.text;
    text.skipSpaces();
    let given = none;
    while (text.peek() === code.ampersand || text.peek() === code.bang) {
      properties.lastIndex = text.at;
      const [, anchor, tag] = properties.exec(text.text) ?? [];
      if (anchor !== undefined && given.anchor === undefined) given = { ...given, anchor };
      else if (tag !== undefined && given.tag === undefined) given = { ...given, tag: tag as Tag };
      else throw new Unusual();
      text.at = properties.lastIndex;
      if (!text.isBlankAt(text.at)) throw new Unusual();
      text.skipSpaces();
    }
    return given;
  }

  private isItem(): boolean {
    return this.text.peek() === code.dash && this.text.isBlankAt(this.text.at + 1);
  }

  private isKey(): boolean {
    const text = this.text;
    const start = text.at;
    switch (text.peek()) {
      case code.quote:
      case code.apostrophe: {
        const newline = text.text.indexOf('\n', start);
        readQuoted(text, -1);
        const end = text.at;
        text.skipSpaces();
        const isKey = text.peek() === code.colon && text.isBlankAt(text.at + 1);
        if (isKey && newline !== -1 && newline < end) throw new Unusual();
        text.at = start;
        return isKey;
      }
      case code.bracket:
      case code.brace:
      case code.bar:
      case code.greater:
      case code.star:
        return false;
      default:
        return scanPlain(text, false).isKey;
    }
  }

  /** Leaves the text behind the colon. */
  private key(): ReadKey {
    const text = this.text;
    const start = text.at;
    const isPlain = text.peek() !== code.quote && text.peek() !== code.apostrophe;
    let name: string;
    if (isPlain) {
      const { end, isKey } = scanPlain(text, false);
      if (!isKey) throw new Unusual();
      name = text.text.slice(start, end);
      // `yes: 1` is fine, `1: x` and `null: x` are mistakes.
      if (typeof resolvePlain(name) !== 'string') throw new Unusual();
      text.at = end;
    } else name = readQuoted(text, -1);
    const at = text.span(start);
    text.skipSpaces();
    if (text.peek() !== code.colon || text.at - start > longestKey) throw new Unusual();
    text.at += 1;
    if (!text.isBlankAt(text.at)) throw new Unusual();
    if (text.text.slice(start, text.at).includes('\n')) throw new Unusual();
    this.anchors.count(this.depth);
    return { name, at, isPlain };
  }
}

/** YAML wants the colon within 1024 characters. */
const longestKey = 1000;
