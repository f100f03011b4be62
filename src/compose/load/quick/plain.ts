/** Unquoted words: where they end, and how those of several lines are folded into one. */
import * as code from './code.ts';
import { type Text, Unusual } from './text.ts';

/** First characters that YAML keeps for itself: , [ ] { } # & * ! | > ' " % @ ` */
const indicators = new Set([...',[]{}#&*!|>\'"%@`'].map((sign) => sign.charCodeAt(0)));

export interface Stretch {
  readonly end: number;
  /** It is followed by the colon that makes it a key. */
  readonly isKey: boolean;
}

/** The rest of this line that belongs to an unquoted word. @throws Unusual when none can begin here */
export function scanPlain(text: Text, isFlow: boolean): Stretch {
  const first = text.peek();
  if (indicators.has(first)) throw new Unusual();
  const isIndicator = first === code.dash || first === code.question || first === code.colon;
  if (
    isIndicator &&
    (text.isBlankAt(text.at + 1) || (isFlow && isFlowSign(text.text.charCodeAt(text.at + 1))))
  )
    throw new Unusual();
  return restOfLine(text, text.at, isFlow);
}

/**
 * Letters, signs, colons with more behind them, and the blanks between all those. Patterns, because V8 runs them fast
 * from the first time on; in stretches, because their stack ends somewhere.
 */
const blockRun = /(?:[^\0- :#]+|:(?=[^\0- ])|#| +(?=[^\0- #:]|:[^\0- ])){0,1000}/y;
const flowRun = /(?:[^\0- :#,[\]{}]+|:(?=[^\0- ,[\]{}])|#| +(?=[^\0- #:,[\]{}]|:[^\0- ,[\]{}])){0,1000}/y;

function restOfLine({ text }: Text, start: number, isFlow: boolean): Stretch {
  const run = isFlow ? flowRun : blockRun;
  let end = start;
  let length: number;
  do {
    run.lastIndex = end;
    run.test(text);
    length = run.lastIndex - end;
    end += length;
  } while (length >= 1000);
  let next = end;
  while (text.charCodeAt(next) === code.space) next += 1;
  const sign = text.charCodeAt(next);
  if (sign < code.space && sign !== code.newline && sign !== code.carriageReturn) throw new Unusual();
  if (sign !== code.colon) return { end, isKey: false };
  if (text.charCodeAt(next + 1) === code.tab) throw new Unusual();
  return { end, isKey: true };
}

export function isFlowSign(sign: number): boolean {
  return (
    sign === code.comma ||
    sign === code.bracket ||
    sign === code.closingBracket ||
    sign === code.brace ||
    sign === code.closingBrace
  );
}

/**
 * A word that may go on in lines that are indented more than `parent`; leaves the text at the next content.
 * Answers the word and where it ends.
 */
export function readPlain(text: Text, parent: number): { readonly word: string; readonly end: number } {
  let { end, isKey } = scanPlain(text, false);
  if (isKey) throw new Unusual();
  let word = text.text.slice(text.at, end);
  text.at = end;
  text.finishLine();
  while (!text.ended && text.column > parent) {
    if (text.commented) throw new Unusual();
    const gap = text.blankLines === 0 ? ' ' : '\n'.repeat(text.blankLines);
    ({ end, isKey } = restOfLine(text, text.at, false));
    if (isKey) throw new Unusual();
    word += gap + text.text.slice(text.at, end);
    text.at = end;
    text.finishLine();
  }
  return { word, end };
}
