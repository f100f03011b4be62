/** From the words after the program's name to what they mean. */
import type { Parsed, ParseOptions } from './invocation.ts';
import { parsePlain } from './plain-words.ts';

/** Most command lines need no more than a look at their words. */
export async function parse(words: readonly string[], options: ParseOptions): Promise<Parsed> {
  const invocation = await parsePlain(words, options.registry);
  if (invocation !== undefined) return { invocation };
  return (await import('./program.ts')).parseAny(words, options);
}
