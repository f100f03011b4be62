/** Where a follower of logs stands, so that it can go on after the agent was lost: no line twice, none left out. */
import type { ContainerLogEntry, ContainerLogsQuery } from './protocol.ts';

export class LogPosition {
  /** By container: the time of its last entry, and how many entries of exactly that time there were. */
  private readonly last = new Map<string, { time: string; count: number }>();
  /** The same, counted anew since the stream was resumed. */
  private again = new Map<string, number>();

  /** Whether the entry is new; remembers it. */
  isNew({ container, time }: ContainerLogEntry): boolean {
    const last = this.last.get(container);
    if (last === undefined || time > last.time) {
      this.last.set(container, { time, count: 1 });
      this.again.set(container, 1);
      return true;
    }
    if (time < last.time) return false;
    const seen = (this.again.get(container) ?? 0) + 1;
    this.again.set(container, seen);
    if (seen <= last.count) return false;
    last.count = seen;
    return true;
  }

  /** The query that goes on from here; the first one as it was. */
  resume(query: ContainerLogsQuery): ContainerLogsQuery {
    this.again = new Map();
    if (this.last.size === 0) return query;
    const { tail: _, ...rest } = query;
    return { ...rest, since: Math.min(...[...this.last.values()].map(({ time }) => Date.parse(time))) };
  }
}
