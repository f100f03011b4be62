import { describe, expect, it } from 'vitest';
import { LogPosition } from '../../src/agent/log-resume.ts';
import { streamLogs } from '../../src/agent/log-streams.ts';
import type { ContainerLogEnd, ContainerLogEntry, ContainerView } from '../../src/agent/protocol.ts';
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

interface Source {
  readonly containers: () => Promise<readonly ContainerView[]>;
  readonly logs: (id: string, query: LogsQuery) => AsyncIterable<LogEntry>;
}

/** What comes, in order: the lines, and `-- web 1` when all of web's first run has been handed on. */
async function collect(
  source: Source,
  query: LogsQuery,
  isChanging: () => boolean = () => false,
): Promise<string[]> {
  const texts: string[] = [];
  const lines = {
    isFull: false,
    write: (line: ContainerLogEntry | ContainerLogEnd) => {
      texts.push('kind' in line ? `-- ${line.id} ${line.startedAt}` : `${line.container}: ${line.text}`);
      return undefined;
    },
  };
  const engine = { ...source, changed: () => new Promise<void>((resolve) => setTimeout(resolve, 1)) };
  await streamLogs({ engine, isChanging }, { filter, query }, lines, new AbortController().signal);
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
    expect(await collect(engine, { follow: true })).toEqual(['web: hello', '-- web 1']);
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
    expect(await collect(engine, { follow: true })).toEqual([
      'web: from web',
      '-- web 1',
      'db: from db',
      '-- db 1',
    ]);
  });

  it('go on after a restart where they had ended', async () => {
    let starts = 1;
    const engine = {
      containers: async () => [view('web', starts < 3 ? 'running' : 'exited', starts)],
      logs: async function* (_: string, { tail }: LogsQuery) {
        yield at(1, 'first life');
        if (starts === 2) yield at(2, `second life, tail ${tail}`);
        starts = Math.min(starts + 1, 3);
      },
    };
    expect(await collect(engine, { follow: true, tail: 5 })).toEqual([
      'web: first life',
      '-- web 1',
      'web: second life, tail undefined',
      '-- web 2',
      '-- web 3',
    ]);
  });

  it('leave out no run, however short it was', async () => {
    let lives = 1;
    const engine = {
      containers: async () => [view('web', 'exited', lives)],
      logs: async function* () {
        yield at(1, 'first life');
        if (lives === 2) yield at(2, 'second life');
        lives = 2;
      },
    };
    expect(await collect(engine, { follow: true })).toEqual([
      'web: first life',
      '-- web 1',
      'web: second life',
      '-- web 2',
    ]);
  });

  it('wait for a command that may start a container again, and not for one that was never started', async () => {
    let looks = 0;
    let isOver = false;
    const engine = {
      containers: async () => {
        looks += 1;
        const web = looks < 3 ? view('web', 'exited', 1) : view('web', isOver ? 'exited' : 'running', 2);
        return [web, view('db', 'created', 0)];
      },
      logs: async function* (id: string) {
        yield looks < 3 ? at(1, `${id} first`) : at(2, `${id} second`);
        isOver = looks >= 3;
      },
    };
    expect(await collect(engine, { follow: true }, () => looks < 3)).toEqual([
      'web: web first',
      '-- web 1',
      'web: web second',
      '-- web 2',
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
