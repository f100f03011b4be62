/** Work that several ask for and that is done once, in turn, or all together. */
import { setMaxListeners } from 'node:events';

export interface Shared<Key, Value> {
  /**
   * Joins the work under way for `key`, or starts it. Each who waits leaves by their own signal;
   * the work itself is only aborted when nobody waits for it any more.
   */
  join(
    key: Key,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value>;
}

export function createShared<Key, Value>(): Shared<Key, Value> {
  const underWay = new Map<
    Key,
    { readonly result: Promise<Value>; readonly abort: AbortController; waiting: number }
  >();

  return {
    join: async (key, signal, work) => {
      signal?.throwIfAborted();
      let entry = underWay.get(key);
      if (entry === undefined || entry.abort.signal.aborted) {
        const abort = new AbortController();
        const result = work(abort.signal);
        const started = { result, abort, waiting: 0 };
        underWay.set(key, started);
        const forget = (): void => {
          if (underWay.get(key) === started) underWay.delete(key);
        };
        result.then(forget, forget);
        entry = started;
      }
      const joined = entry;
      joined.waiting++;
      try {
        return await orAborted(joined.result, signal);
      } finally {
        if (--joined.waiting === 0) joined.abort.abort(signal?.reason);
      }
    },
  };
}

/** The result, or the signal's reason if that comes first. */
function orAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Runs one thing after the other, in the order asked. */
export function createMutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** At most `most` at a time; the others wait in the order they came. */
export function createLimit(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place is handed on, not given back and fought for.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

/**
 * Does all of it at once. When one fails the others are aborted, and once all have ended the first failure is thrown:
 * nothing goes on behind the caller's back.
 */
export async function allOrNone<T>(
  signal: AbortSignal | undefined,
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
): Promise<T[]> {
  const abort = new AbortController();
  const joint = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
  // One listener a piece of work is no leak, however many there are.
  setMaxListeners(0, joint);
  let failure: { readonly error: unknown } | undefined;
  const results = await Promise.allSettled(
    works.map((work) =>
      work(joint).catch((error: unknown) => {
        failure ??= { error };
        abort.abort(error);
        throw error;
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
