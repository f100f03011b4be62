/**
 * State on disk: one directory an object, one JSON file in it, written whole.
 * A crash at any instruction leaves the old object or the new one, never half of one.
 * Change an object by spreading what was read, so that fields this version does not know are kept.
 */
import { join } from 'node:path';
import { HostError } from '../errors.ts';
import { removeEmptyDirectories } from './empty-directories.ts';
import type { Files } from './files.ts';

export interface ObjectStore<T> {
  /** Directory of the object, whether it exists or not. */
  directory(id: string): string;
  get(id: string): Promise<T | undefined>;
  list(): Promise<{ id: string; value: T }[]>;
  /** Creates the object's directory if needed and replaces its JSON whole. */
  put(id: string, value: T): Promise<void>;
  /**
   * Changes nothing, and fails where `delete` would because the disk takes no changes: to be asked before what cannot be
   * undone. Absent is fine.
   */
  rehearseDelete(id: string): Promise<void>;
  /** Renames the directory away, then deletes it: a crash leaves no half object under its name. */
  delete(id: string): Promise<void>;
  /** Ends what a crash cut short: deletions are finished, and what a first write never completed goes if it is empty. */
  sweep(): Promise<void>;
}

const removing = '.removing-';

/** Objects below `root`, each as `<root>/<id>/<fileName>`. */
export function objectStore<T extends object>(files: Files, root: string, fileName: string): ObjectStore<T> {
  const directory = (id: string): string => join(root, id);
  const read = async (id: string): Promise<T | undefined> => {
    const path = join(directory(id), fileName);
    const text = await files.readText(path);
    return text === undefined ? undefined : parse<T>(path, text);
  };
  const removeUnlessWhole = async (id: string): Promise<void> => {
    const isWhole = (await files.lstat(join(directory(id), fileName))) !== undefined;
    if (!isWhole) await removeEmptyDirectories(directory(id));
  };
  return {
    directory,
    get: read,
    list: async () => {
      const entries = await files.list(root);
      const ids = entries
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map((entry) => entry.name);
      const values = await Promise.all(ids.map(async (id) => ({ id, value: await read(id) })));
      return values.flatMap(({ id, value }) => (value === undefined ? [] : [{ id, value }]));
    },
    put: async (id, value) => {
      await files.makeDirectory(directory(id), 0o700);
      const path = join(directory(id), fileName);
      try {
        await files.writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`, 0o600);
      } catch (error) {
        await removeUnlessWhole(id);
        throw error;
      }
    },
    rehearseDelete: async (id) => {
      try {
        await files.chmod(directory(id), 0o700);
      } catch (error) {
        if (!(error instanceof HostError && error.code === 'HOST_ENOENT')) throw error;
      }
    },
    delete: async (id) => {
      const away = join(root, `${removing}${id}`);
      await files.remove(away);
      if ((await files.lstat(directory(id))) === undefined) return;
      await files.rename(directory(id), away);
      await files.remove(away);
    },
    sweep: async () => {
      const names = (await files.list(root)).map(({ name }) => name);
      await Promise.all(
        names.map(async (name) => {
          if (name.startsWith(removing)) return files.remove(join(root, name));
          const inside = (await files.list(directory(name))).map((entry) => entry.name);
          const unfinished = inside.filter((one) => one.startsWith(`${fileName}.`) && one.endsWith('.tmp'));
          for (const one of unfinished) await files.remove(join(directory(name), one));
          await removeUnlessWhole(name);
        }),
      );
    },
  };
}

function parse<T>(path: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new HostError('STATE_UNREADABLE', `${path} is not valid JSON`, {
      cause: error,
      hint: 'the file was changed from outside; restore it or remove its directory',
    });
  }
}
