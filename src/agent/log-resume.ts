/** Where a follower of logs stands, so that it can go on after the agent was lost: no line twice, none left out. */
import type { ContainerLogEntry, ContainerLogsQuery } from './protocol.ts';

/** The time of a container's last entry, and how many entries of exactly that time there were. */
interface Mark {
  readonly time: string;
  readonly count: number;
}

export class LogPosition {
  private readonly last = new Map<string, Mark>();
  /** Where the stream was cut; empty before the first cut. */
  private cut: ReadonlyMap<string, Mark> = new Map();
  /** Entries of exactly the cut's time, by container, that came again. */
  private readonly again = new Map<string, number>();

  /** Whether the entry has not been seen before the cut; remembers it. */
  isNew({ container, time }: ContainerLogEntry): boolean {
    if (this.wasSeen(container, time)) return false;
    const last = this.last.get(container);
    this.last.set(container, { time, count: last?.time === time ? last.count + 1 : 1 });
    return true;
  }

  /** The query that goes on from here; the first one as it was. */
  resume(query: ContainerLogsQuery): ContainerLogsQuery {
    this.cut = new Map(this.last);
    this.again.clear();
    if (this.cut.size === 0) return query;
    const { tail: _, ...rest } = query;
    return { ...rest, since: Math.min(...[...this.cut.values()].map(({ time }) => Date.parse(time))) };
  }

  private wasSeen(container: string, time: string): boolean {
    const cut = this.cut.get(container);
    if (cut === undefined || time > cut.time) return false;
    if (time < cut.time) return true;
    const count = (this.again.get(container) ?? 0) + 1;
    this.again.set(container, count);
    return count <= cut.count;
  }
}
