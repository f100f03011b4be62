/**
 * Containers' output on our screen, each line once: a followed stream for as long as it lasts, and at a
 * container's end what the stream had not yet brought.
 */
import type { AgentClient, ContainerFilter, LogEntry } from '../agent/protocol.ts';
import { type LogView, shortName } from './views/logs.ts';

type Entry = LogEntry & { readonly container: string; readonly service: string; readonly number: number };

/** How far a container's output has been printed. */
interface Mark {
  /** The millisecond of the last line printed, and how many lines of that millisecond were. */
  ms: number;
  count: number;
  /** Lines that `drain` has printed ahead of the stream. */
  ahead: number;
}

export class Follower {
  private readonly client: AgentClient;
  private readonly project: string;
  private readonly view: LogView;
  private readonly marks = new Map<string, Mark>();
  private readonly ended = new AbortController();
  private stream: Promise<void> = Promise.resolve();

  constructor(client: AgentClient, project: string, view: LogView) {
    this.client = client;
    this.project = project;
    this.view = view;
  }

  /** Follows the containers of the services from that moment on, those that appear later included. */
  start(services: readonly string[], since: number): void {
    if (services.length === 0) return;
    this.stream = this.client.logs(
      this.filter(services),
      { follow: true, untilAborted: true, since },
      (entry) => this.streamed(entry),
      this.ended.signal,
    );
    // Awaited in `stop`; a failure before that must not end the process.
    this.stream.catch(() => undefined);
  }

  /** Prints what a container has written and the stream has not brought yet. */
  async drain(container: string, service: string, since: number): Promise<void> {
    const mark = this.mark(container);
    const from = mark.ms === 0 ? since : mark.ms;
    const entries: Entry[] = [];
    await this.client.logs(this.filter([service]), { follow: false, since: from }, (entry) => {
      if (entry.container === container) entries.push(entry);
    });
    // Lines may have come by the stream while we asked.
    const printed =
      mark.ms === from ? mark.count : entries.filter((entry) => isBefore(entry, mark)).length + mark.count;
    for (const entry of entries.slice(printed)) {
      this.print(entry);
      mark.ahead += 1;
    }
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.stream;
  }

  private streamed(entry: Entry): void {
    const mark = this.mark(entry.container);
    if (mark.ahead > 0) mark.ahead -= 1;
    else this.print(entry);
  }

  private print(entry: Entry): void {
    const mark = this.mark(entry.container);
    const ms = Math.floor(Date.parse(entry.time));
    mark.count = ms === mark.ms ? mark.count + 1 : 1;
    mark.ms = ms;
    this.view.line(shortName(entry.container, this.project), entry);
  }

  private mark(container: string): Mark {
    const mark = this.marks.get(container) ?? { ms: 0, count: 0, ahead: 0 };
    this.marks.set(container, mark);
    return mark;
  }

  private filter(services: readonly string[]): ContainerFilter {
    return { project: this.project, services, all: true, oneOffs: 'exclude' };
  }
}

function isBefore(entry: Entry, mark: Mark): boolean {
  return Math.floor(Date.parse(entry.time)) < mark.ms;
}
