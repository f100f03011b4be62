/** Containers' output on our screen, for as long as we look, and how far it has come. */
import type { AgentClient, ContainerView } from '../agent/protocol.ts';
import { type LogView, shortName } from './views/logs.ts';

export class Follower {
  private readonly client: AgentClient;
  private readonly project: string;
  private readonly view: LogView;
  private readonly ended = new AbortController();
  /** By container: the beginning of the last run of which everything has been printed. */
  private readonly whole = new Map<string, number>();
  private readonly waiting = new Set<() => void>();
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
      { project: this.project, services, all: true, oneOffs: 'exclude' },
      { follow: true, untilAborted: true, since },
      (entry) => this.view.line(shortName(entry.container, this.project), entry),
      this.ended.signal,
      ({ id, startedAt }) => {
        this.whole.set(id, startedAt);
        for (const look of [...this.waiting]) look();
      },
    );
    // Awaited in `stop`; a failure before that must not end the process.
    this.stream.catch(() => undefined);
  }

  /** Resolves when everything that the run wrote has been printed, or nothing more will be; false: not in that time. */
  async hasAll({ id, startedAt }: ContainerView, withinMs: number): Promise<boolean> {
    const isWhole = (): boolean => (this.whole.get(id) ?? -1) >= startedAt;
    if (isWhole()) return true;
    let stop = (): void => undefined;
    const came = new Promise<boolean>((resolve) => {
      const look = (): void => {
        if (isWhole()) resolve(true);
      };
      this.waiting.add(look);
      const timer = setTimeout(() => resolve(false), withinMs);
      stop = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
    });
    const over = this.stream.then(
      () => true,
      () => true,
    );
    return Promise.race([came, over]).finally(stop);
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.stream;
  }
}
