/** A container that counts aloud: a line that was lost, doubled or moved shows at once. */
import { expect, vi } from 'vitest';
import type { Stack } from './stack.ts';

export const counting = `
services:
  count:
    image: busybox
    command: sh -c 'i=0; while true; do echo $$i; i=$$((i+1)); sleep 0.02; done'
    stop_signal: SIGKILL
`;

/** What was counted so far stands in the log once and in order, and the counting goes on. */
export async function expectCounted(target: Stack): Promise<void> {
  const lines = async (): Promise<string[]> =>
    (await target.ok('logs', '--no-log-prefix')).split('\n').slice(0, -1);
  const before = await lines();
  expect(before).toEqual(before.map((_, number) => String(number)));
  await vi.waitFor(async () => expect((await lines()).length).toBeGreaterThan(before.length), 60_000);
}
