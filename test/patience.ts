import { vi } from 'vitest';

/**
 * Waits until what happens by itself has happened: `check` no longer throws. The limit is for what never comes,
 * not for how long it may take: a machine can have other things to do.
 */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 30_000, interval: 10 });
