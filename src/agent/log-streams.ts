/** The logs of many containers as one stream: in order of time when it is the past, as they come when it is now. */
import type { Engine, LogEntry, LogsQuery } from '../engine/engine.ts';
import type { ContainerView } from '../engine/views.ts';
import { systemClock } from '../host/clock.ts';
import type { ContainerLogEnd, ContainerLogEntry, LogsRequest } from './protocol.ts';
import type { Lines } from './routes.ts';

/** Where logs come from. */
export interface LogWorld {
  readonly engine: Pick<Engine, 'containers' | 'logs' | 'changed'>;
  /** Whether a command is at work that may start containers again. */
  readonly isChanging: () => boolean;
}

type LogLines = Lines<ContainerLogEntry | ContainerLogEnd>;

/** How often a follower looks whether a command that changes the project has come to its end. */
const lookAgainMs = 200;
/** Changes come in crowds: one look serves them all. */
const gatherMs = 10;

export async function streamLogs(
  world: LogWorld,
  { filter, query: { untilAborted = false, ...query } }: LogsRequest,
  lines: LogLines,
  signal: AbortSignal,
): Promise<void> {
  if (query.follow) await new Follower(world, query, lines, signal).run(filter, untilAborted);
  else {
    const views = await world.engine.containers(filter);
    await mergeByTime(
      views.map((view) => entriesOf(world.engine, view, query, signal)),
      lines,
    );
  }
}

/** Hands on what is oldest among the sources' next entries, until all have ended. */
async function mergeByTime(
  sources: readonly AsyncIterator<ContainerLogEntry>[],
  lines: Lines<ContainerLogEntry>,
): Promise<void> {
  const next = async (source: AsyncIterator<ContainerLogEntry>) => ({ source, head: await source.next() });
  let open = (await Promise.all(sources.map(next))).filter(({ head }) => !head.done);
  while (open.length > 0) {
    const oldest = open.reduce((a, b) => (b.head.value.time < a.head.value.time ? b : a));
    await lines.write(oldest.head.value);
    oldest.head = await oldest.source.next();
    if (oldest.head.done) open = open.filter((one) => one !== oldest);
  }
}

interface Followed {
  startedAt: number;
  /** Time of the last entry handed on; what is not younger has been seen. */
  lastTime: string;
  ended: boolean;
}

class Follower {
  private readonly followed = new Map<string, Followed>();
  private readonly tasks: Promise<void>[] = [];
  private readonly failures: unknown[] = [];
  private wake = new AbortController();

  private readonly engine: LogWorld['engine'];
  private readonly isChanging: () => boolean;
  private readonly query: LogsQuery;
  private readonly lines: LogLines;
  private readonly signal: AbortSignal;

  constructor({ engine, isChanging }: LogWorld, query: LogsQuery, lines: LogLines, signal: AbortSignal) {
    this.engine = engine;
    this.isChanging = isChanging;
    this.query = query;
    this.lines = lines;
    this.signal = signal;
  }

  async run(filter: LogsRequest['filter'], untilAborted: boolean): Promise<void> {
    while (!this.signal.aborted && this.failures.length === 0) {
      this.wake = new AbortController();
      // Both before looking: what changes meanwhile is then not missed.
      const isChanging = this.isChanging();
      const news = this.engine.changed(
        AbortSignal.any([this.signal, this.wake.signal, ...limit(isChanging)]),
      );
      const views = await this.engine.containers(filter);
      for (const view of views) this.join(view);
      const over = !views.some(isLive) && [...this.followed.values()].every(({ ended }) => ended);
      if (over && !isChanging && !untilAborted) break;
      await news;
      await systemClock.sleep(gatherMs, this.signal);
    }
    if (this.failures.length > 0) throw this.failures[0];
    await Promise.all(this.tasks);
  }

  /** A container that is new here is followed as asked; one that has started again, from where it had ended. */
  private join(view: ContainerView): void {
    if (view.state === 'created') return;
    const known = this.followed.get(view.id);
    if (known === undefined) this.follow(view, { ...this.query }, '');
    else if (known.ended && view.startedAt !== known.startedAt) {
      const { tail: _, ...query } = this.query;
      const since = known.lastTime === '' ? {} : { since: Date.parse(known.lastTime) };
      this.follow(view, { ...query, ...since }, known.lastTime);
    }
  }

  private follow(view: ContainerView, query: LogsQuery, lastTime: string): void {
    const state: Followed = { startedAt: view.startedAt, lastTime, ended: false };
    this.followed.set(view.id, state);
    const ended = (): void => {
      state.ended = true;
      this.wake.abort();
    };
    this.tasks.push(
      this.handOn(view, query, state)
        .catch((error) => void this.failures.push(error))
        .then(ended),
    );
  }

  private async handOn(view: ContainerView, query: LogsQuery, state: Followed): Promise<void> {
    const seen = state.lastTime;
    for await (const entry of entriesOf(this.engine, view, query, this.signal)) {
      if (entry.time <= seen) continue;
      state.lastTime = entry.time;
      await this.lines.write(entry);
    }
    if (!this.signal.aborted)
      await this.lines.write({ kind: 'end', id: view.id, startedAt: state.startedAt });
  }
}

function limit(isChanging: boolean): AbortSignal[] {
  return isChanging ? [AbortSignal.timeout(lookAgainMs)] : [];
}

function isLive({ state }: ContainerView): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused';
}

async function* entriesOf(
  engine: LogWorld['engine'],
  view: ContainerView,
  query: LogsQuery,
  signal: AbortSignal,
): AsyncGenerator<ContainerLogEntry> {
  const { name: container, service, number, oneOff } = view;
  for await (const entry of engine.logs(view.id, query, signal) as AsyncIterable<LogEntry>)
    yield { ...entry, container, service, number, oneOff };
}
