/** A project loaded for nothing but to be printed. */
import { type LoadResult, loadAs } from './load.ts';
import { type PartsOptions, printInParts } from './parts/index.ts';
import { joined, piecesOf } from './pieces.ts';
import type { LoadOptions, Reader } from './reader.ts';

export interface Printed extends Pick<LoadResult, 'problems' | 'warnings'> {
  /** As `printConfig` prints it in YAML. Absent when there are problems. */
  readonly text?: string;
}

export async function loadPrinted(options: LoadOptions, helper?: PartsOptions['helper']): Promise<Printed> {
  const own = { ...options, reader: readOnce(options.reader) };
  const text = await printInParts(own, { helper });
  if (text !== undefined) return { text, problems: [], warnings: [] };
  const { made, problems, warnings } = await loadAs(own, ({ tree, selection }, session) =>
    piecesOf(tree, session.problems, selection.enabled),
  );
  return made === undefined ? { problems, warnings } : { text: joined(made), problems, warnings };
}

/** What comes through a pipe can be read only once. */
function readOnce(reader: Reader): Reader {
  const read = new Map<string, Promise<string | undefined>>();
  return {
    kind: (path) => reader.kind(path),
    readText: (path) => {
      const text = read.get(path) ?? reader.readText(path);
      read.set(path, text);
      return text;
    },
  };
}
