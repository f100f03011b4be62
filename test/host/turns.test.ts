import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { allOf, createTurns } from '../../src/host/turns.ts';

describe('turns', () => {
  it('are taken one at a time for a key, in order of asking, whatever became of the one before', async () => {
    const turns = createTurns();
    const order: string[] = [];
    const work = (name: string, ms: number) => async () => {
      order.push(`${name} begins`);
      await sleep(ms);
      order.push(`${name} ends`);
      if (name === 'first') throw new Error(name);
      return name;
    };
    const taken = [turns.take('a', work('first', 20)), turns.take('a', work('second', 1))];
    expect(await Promise.allSettled(taken)).toEqual([
      { status: 'rejected', reason: new Error('first') },
      { status: 'fulfilled', value: 'second' },
    ]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('of different keys are taken side by side', async () => {
    const turns = createTurns();
    const met = new AbortController();
    const waits = turns.take('a', () => sleep(10_000, 'alone', { signal: met.signal }));
    await turns.take('b', async () => met.abort());
    await expect(waits).rejects.toThrow('aborted');
  });
});

describe('all of several', () => {
  it('are waited for, also when one fails first', async () => {
    let isOver = false;
    const slow = sleep(10).then(() => {
      isOver = true;
    });
    await expect(allOf([slow, Promise.reject(new Error('refused'))])).rejects.toThrow('refused');
    expect(isOver).toBe(true);
  });

  it('give their values in order', async () => {
    expect(await allOf([sleep(2, 'one'), Promise.resolve(2)])).toEqual(['one', 2]);
  });
});
