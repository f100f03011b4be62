import { describe, expect, it } from 'vitest';
import { ProjectLocks } from '../../src/agent/project-locks.ts';

const never = new AbortController().signal;

/** Work that goes on until it is told to end, and what happened so far. */
function stage() {
  const locks = new ProjectLocks();
  const events: string[] = [];
  const ends = new Map<string, () => void>();
  const begin = (project: string, name: string, signal: AbortSignal = never): Promise<string> =>
    locks.run(
      project,
      { purpose: name, signal, onWait: (before) => events.push(`${name} waits for ${before}`) },
      async () => {
        events.push(`${name} begins`);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        events.push(`${name} ends`);
        return name;
      },
    );
  return { locks, events, begin, end: (name: string) => ends.get(name)?.() };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the lock of a project', () => {
  it('lets changes of one project happen one after the other, in order of asking', async () => {
    const { events, begin, end, locks } = stage();
    const all = [begin('shop', 'up'), begin('shop', 'stop'), begin('shop', 'down')];
    for (const name of ['up', 'stop', 'down']) {
      await settled();
      end(name);
    }
    expect(await Promise.all(all)).toEqual(['up', 'stop', 'down']);
    expect(events).toEqual([
      'up begins',
      'stop waits for up',
      'down waits for stop',
      'up ends',
      'stop begins',
      'stop ends',
      'down begins',
      'down ends',
    ]);
    await locks.whenFree();
    expect(locks.isBusy).toBe(false);
  });

  it('does not make different projects wait for each other', async () => {
    const { events, begin, end } = stage();
    const all = [begin('shop', 'up'), begin('blog', 'pull')];
    await settled();
    expect(events).toEqual(['up begins', 'pull begins']);
    end('up');
    end('pull');
    await Promise.all(all);
  });

  it('goes to the next when the one before has failed', async () => {
    const { locks, begin, end } = stage();
    const turn = { purpose: 'up', signal: never, onWait: () => undefined };
    const failed = locks.run('shop', turn, async () => Promise.reject(new Error('refused')));
    const next = begin('shop', 'down');
    await expect(failed).rejects.toThrow('refused');
    await settled();
    end('down');
    expect(await next).toBe('down');
  });

  it('lets who gives up waiting leave the queue without letting the next overtake', async () => {
    const { events, begin, end } = stage();
    const impatient = new AbortController();
    const first = begin('shop', 'up');
    const second = begin('shop', 'stop', impatient.signal);
    const third = begin('shop', 'down');
    impatient.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await settled();
    expect(events).toEqual(['up begins', 'stop waits for up', 'down waits for stop']);
    end('up');
    await first;
    await settled();
    end('down');
    expect(await third).toBe('down');
  });
});
