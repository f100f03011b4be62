/** Files as a command reads them. */
import type { Files } from '../host/files.ts';
import { statNow } from '../host/files-now.ts';
import { projectReader } from '../host/project-reader.ts';
import { readUserText } from '../host/user-text.ts';

/** A command waits for its files, and Node's threads and promises for them take as long to load as to read them. */
const files: Pick<Files, 'readText' | 'stat'> = {
  readText: async (path) => readUserText(path),
  stat: async (path) => statNow(path),
};

/** `whenRead` hears how many characters a file has before it is handed out. */
export function commandReader(whenRead?: (length: number) => void): ReturnType<typeof projectReader> {
  return projectReader(undefined, {
    ...files,
    readText: async (path) => {
      const text = await files.readText(path);
      if (text !== undefined) whenRead?.(text.length);
      return text;
    },
  });
}
