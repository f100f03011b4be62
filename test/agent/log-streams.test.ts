import { describe, expect, it } from 'vitest';
import { LogPosition } from '../../src/agent/log-resume.ts';
import { streamLogs } from '../../src/agent/log-streams.ts';
import type { ContainerLogEntry, ContainerView } from '../../src/agent/protocol.ts';
import type { LogEntry, LogsQuery } from '../../src/engine/engine.ts';

const filter = { project: 'shop', all: true, oneOffs: 'exclude' } as const;
const at = (second: number, text: string): LogEntry => ({
  time: `2026-01-01T00:00:0${second}.000000000Z`,
  stream: 'stdout',
  text,
});

function view(name: string, state: ContainerView['state'], startedAt = 1): ContainerView {
  return { id: name, name, service: name, number: 1, oneOff: false, state, startedAt } as ContainerView;
}

async function collect(
  engine: Parameters<typeof streamLogs>[0],
  query: LogsQuery,
  signal = new AbortController().signal,
): Promise<string[]> {
  const texts: string[] = [];
  const lines = {
    isFull: false,
    write: (entry: ContainerLogEntry) => {
      texts.push(`${entry.container}: ${entry.text}`);
      return undefined;
    },
  };
  await streamLogs(engine, { filter, query }, lines, signal);
  return texts;
}

describe('the logs of many containers', () => {
  it('come in order of time when they are not followed', async () => {
    const logs: Record<string, LogEntry[]> = {
      web: [at(1, 'a'), at(4, 'd')],
      db: [at(2, 'b'), at(3, 'c'), at(5, 'e')],
    };
    const engine = {
      containers: async () => [view('web', 'exited'), view('db', 'exited')],
      logs: async function* (id: string) {
        yield* logs[id] ?? [];
      },
    };
    expect(await collect(engine, { follow: false })).toEqual(['web: a', 'db: b', 'db: c', 'web: d', 'db: e']);
  });

  it('end, when followed, with the last container that runs', async () => {
    let running = true;
    const engine = {
      containers: async () => [view('web', running ? 'running' : 'exited')],
      logs: async function* () {
        yield at(1, 'hello');
        running = false;
      },
    };
    expect(await collect(engine, { follow: true })).toEqual(['web: hello']);
  });

  it('are joined, when followed, by a container that appears later', async () => {
    let appeared = false;
    const engine = {
      containers: async () =>
        appeared ? [view('web', 'exited'), view('db', 'exited')] : [view('web', 'running')],
      logs: async function* (id: string) {
        yield at(1, `from ${id}`);
        appeared = true;
      },
    };
    expect(await collect(engine, { follow: true })).toEqual(['web: from web', 'db: from db']);
  });

  it('go on after a restart where they had ended', async () => {
    let starts = 1;
    const engine = {
      containers: async () => [view('web', starts < 3 ? 'running' : 'exited', starts)],
      logs: async function* (_: string, { tail }: LogsQuery) {
        yield at(1, 'first life');
        if (starts === 2) yield at(2, `second life, tail ${tail}`);
        starts += 1;
      },
    };
    expect(await collect(engine, { follow: true, tail: 5 })).toEqual([
      'web: first life',
      'web: second life, tail undefined',
    ]);
  });

  it('fail with the engine, and do not leave the others running', async () => {
    const engine = {
      containers: async () => [view('web', 'running')],
      // biome-ignore lint/correctness/useYield: it fails before it has anything to give
      logs: async function* (): AsyncGenerator<LogEntry> {
        throw new Error('the log is unreadable');
      },
    };
    await expect(collect(engine, { follow: true })).rejects.toThrow('the log is unreadable');
  });
});

describe('a follower that lost the agent', () => {
  const entry = (container: string, second: number, text: string): ContainerLogEntry => ({
    ...at(second, text),
    container,
    service: container,
    number: 1,
    oneOff: false,
  });

  it('asks again from its last line on, without a tail', () => {
    const position = new LogPosition();
    expect(position.resume({ follow: true, tail: 10 })).toEqual({ follow: true, tail: 10 });
    position.isNew(entry('web', 3, 'x'));
    position.isNew(entry('db', 2, 'y'));
    expect(position.resume({ follow: true, tail: 10 })).toEqual({
      follow: true,
      since: Date.parse('2026-01-01T00:00:02Z'),
    });
  });

  it('shows no line twice and leaves none out, be they of the same instant', () => {
    const position = new LogPosition();
    const before = [entry('web', 1, 'a'), entry('web', 2, 'b'), entry('web', 2, 'c')];
    const after = [entry('web', 2, 'b'), entry('web', 2, 'c'), entry('web', 2, 'd'), entry('web', 3, 'e')];
    expect(before.filter((line) => position.isNew(line)).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    position.resume({ follow: true });
    expect(after.filter((line) => position.isNew(line)).map(({ text }) => text)).toEqual(['d', 'e']);
  });
});
