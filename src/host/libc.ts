/**
 * The C library, for the calls that Node has no words for. Loaded on first use: it costs some 9 ms.
 * Only files of `src/host/` import this; each gives its calls a meaning and an error.
 */
import { createRequire } from 'node:module';
import type { KoffiFunc } from 'koffi';
import { HostError } from '../errors.ts';

type Koffi = typeof import('koffi');

let koffi: Koffi | undefined;
const libraries = new Map<string, ReturnType<Koffi['load']>>();
const functions = new Map<string, NativeFunction<unknown>>();

/**
 * A function of a shared library, by its C prototype.
 * @throws HostError `HOST_LIBRARY_MISSING` with the package that brings the library
 */
export function native<Answer = number>(library: Library, prototype: string): NativeFunction<Answer> {
  const key = `${library} ${prototype}`;
  const known = functions.get(key);
  if (known !== undefined) return known as NativeFunction<Answer>;
  const bound = open(library).func(prototype) as NativeFunction<unknown>;
  functions.set(key, bound);
  return bound as NativeFunction<Answer>;
}

export type Library = 'libc.so.6' | 'libnftables.so.1';
export type NativeFunction<Answer> = KoffiFunc<(...args: unknown[]) => Answer>;

function open(library: string): ReturnType<Koffi['load']> {
  const known = libraries.get(library);
  if (known !== undefined) return known;
  koffi ??= createRequire(import.meta.filename)('koffi') as Koffi;
  try {
    const loaded = koffi.load(library);
    libraries.set(library, loaded);
    return loaded;
  } catch (error) {
    const bringer = library.startsWith('libnftables') ? 'nftables' : 'libc6';
    throw new HostError('HOST_LIBRARY_MISSING', `the library ${library} is not on this machine`, {
      cause: error,
      hint: `install the package "${bringer}": apt-get install ${bringer}`,
    });
  }
}

/** Calls it on another thread, while this one goes on. What `errno` says afterwards is not of this call. */
export function offThread<Answer>(call: NativeFunction<Answer>, ...args: unknown[]): Promise<Answer> {
  return new Promise((resolve, reject) =>
    call.async(...args, (error: unknown, answer: Answer) => (error ? reject(error) : resolve(answer))),
  );
}

/** Calls a libc function that answers -1 with errno set; throws what the kernel said. */
export function checked(what: string, call: () => number): number {
  const answer = call();
  if (answer !== -1) return answer;
  const name = errnoName((koffi as Koffi).errno());
  throw new HostError(`HOST_${name}`, `cannot ${what}: ${name}`);
}

/** `ENOENT` for 2. */
export function errnoName(number: number): string {
  const names = Object.entries(koffi?.os.errno ?? {});
  return names.find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
}
