/**
 * A file's text as services and what stands around them, found by their indentation alone.
 * Never: tells a mistake, or splits what one service could have from another: then there is nothing to split.
 */

export interface Split {
  /** Up to the first service, and behind the last. */
  readonly before: string;
  readonly behind: string;
  /** Each with the comments and empty lines behind it. */
  readonly services: readonly { readonly name: string; readonly text: string }[];
}

/** Anchors and aliases, tags, other documents, other line ends, other files, and services that may be off. */
const shared = /(?:^|[:,?[{-]) *[&*!][^\s]|^(?:---|\.\.\.|include\b)|[\t\r]|\bextends\b|\bprofiles\b/m;

/** One of them is in every text that the pattern above finds something in, and few files hold one. */
const signs: readonly RegExp[] = [/[&*!\t\r]/, /(?:^|\n)(?:---|\.\.\.|include)/, /extends|profiles/];

/** By the signs first: the pattern takes long for a big file. */
function isShared(text: string): boolean {
  return signs.some((sign) => sign.test(text)) && shared.test(text);
}

const start = /^services: *\n(?: *(?:#.*)?\n)*(?= +[^\s#])/m;

/** `undefined`: only as a whole the file means what it means. */
export function splitServices(text: string): Split | undefined {
  const [found] = start.exec(text) ?? [];
  if (found === undefined || isShared(text)) return undefined;
  const from = text.search(start) + found.length;
  const to = indexOf(/^[^\s#]/gm, text, from) ?? text.length;
  const [indent = ''] = /^ +/.exec(text.slice(from, from + longestIndent)) ?? [];
  const body = text.slice(from, to);
  const starts = [...body.matchAll(new RegExp(`^${indent}(?=[^\\s#])`, 'gm'))].map(({ index }) => index);
  const services = starts.map((at, index) => {
    const own = body.slice(at, starts[index + 1]);
    return { name: /^ +([\w.-]+):(?=\s)/.exec(own)?.[1] ?? '', text: own };
  });
  const isPlain = starts[0] === 0 && services.every(({ name }) => name !== '');
  return isPlain ? { before: text.slice(0, from), behind: text.slice(to), services } : undefined;
}

const longestIndent = 20;

function indexOf(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}
