/**
 * Splits `command: "sh -c 'a b'"` as Docker Compose does: quotes and backslashes, no variables, no shell.
 * Like the reference's splitter it stops at an unquoted `;`, `&`, `|`, `<`, `>`: `a; b` is `["a"]`.
 */
export function shellWords(line: string): { words: readonly string[]; problem?: string } {
  const words: string[] = [];
  let word = '';
  let started = false;
  let at = 0;
  const flush = (): void => {
    if (started) words.push(word);
    word = '';
    started = false;
  };
  while (at < line.length) {
    const character = line[at]!;
    if (character === '\\') {
      if (at + 1 >= line.length) return { words, problem: 'a backslash at the end escapes nothing' };
      word += line[at + 1];
      started = true;
      at += 2;
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(line, at, character);
      if (quoted === undefined) return { words, problem: `a ${character} is never closed` };
      word += quoted.text;
      started = true;
      at = quoted.end;
    } else if (character === '`' || (character === '(' && word.endsWith('$'))) {
      // Command substitution is not carried out, but it holds its words together.
      const close = line.indexOf(character === '(' ? ')' : '`', at + 1);
      if (close === -1) return { words, problem: `a ${character} is never closed` };
      word += line.slice(at, close + 1);
      started = true;
      at = close + 1;
    } else if (character === '(' || character === ')') {
      return { words, problem: `a "${character}" outside quotes needs a shell` };
    } else if (/\s/.test(character)) {
      flush();
      at += 1;
    } else if (';&|<>'.includes(character)) {
      // `2>file`: a number before a redirection belongs to it.
      if (character === '>' && /^\d/.test(word)) started = false;
      flush();
      return { words };
    } else {
      word += character;
      started = true;
      at += 1;
    }
  }
  flush();
  return { words };
}

function readQuoted(line: string, from: number, quote: string): { text: string; end: number } | undefined {
  let text = '';
  for (let at = from + 1; at < line.length; at++) {
    const character = line[at]!;
    if (character === quote) return { text, end: at + 1 };
    if (character === '\\' && quote === '"') {
      at += 1;
      if (at >= line.length) return undefined;
    }
    text += line[at];
  }
  return undefined;
}
