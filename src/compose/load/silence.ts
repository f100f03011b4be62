/**
 * Warnings that the files themselves want to hear nothing of: `x-tscompose: {ignore: [CODE]}` for a whole project,
 * `# tscompose-ignore CODE` for a line, at its end or on a line of its own above.
 */
import type { Problem } from '../../errors.ts';
import { descend, itemsOf, type Node, stringOf } from './node.ts';
import type { Session } from './session.ts';

/** What is left to be said. The files are looked at only when there is something to say. */
export async function heardWarnings({ problems, documents }: Session): Promise<readonly Problem[]> {
  const { warnings } = problems;
  if (warnings.length === 0) return warnings;
  const read = (await Promise.all(documents.values())).flatMap((nodes) => nodes ?? []);
  const everywhere = new Set(read.flatMap(ignoredBy));
  const texts = new Map(read.map(({ source }) => [source.file, source.text]));
  const lines = new Map(
    [...texts].filter(([, text]) => text.includes(mark)).map(([file, text]) => [file, text.split('\n')]),
  );
  return warnings.filter(({ code, at }) => {
    if (everywhere.has(code)) return false;
    const written = at === undefined ? undefined : lines.get(at.file);
    return at === undefined || written === undefined || !ignoredAt(written, at.line).includes(code);
  });
}

function ignoredBy(document: Node): readonly string[] {
  return itemsOf(descend(document, 'x-tscompose', 'ignore')).flatMap((item) => stringOf(item) ?? []);
}

const mark = 'tscompose-ignore';

/** Lines count from 1. Several lines of comments may stand above. */
function ignoredAt(lines: readonly string[], line: number): readonly string[] {
  const codes = codesIn(lines[line - 1]);
  for (let above = line - 2; /^\s*#/.test(lines[above] ?? ''); above--) codes.push(...codesIn(lines[above]));
  return codes;
}

function codesIn(line = ''): string[] {
  const [, list = ''] = /(?:^|\s)#\s*tscompose-ignore[:\s]([\w\s,]*)/.exec(line) ?? [];
  return list.split(/[\s,]+/).filter((code) => code !== '');
}
