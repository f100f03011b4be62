/** One change of a project at a time, in order of asking; different projects do not wait for each other. */

export interface Turn {
  /** What is being done, told to those who wait: `up`. */
  readonly purpose: string;
  readonly signal: AbortSignal;
  /** Called when the turn does not come at once, with the purpose of the one before. */
  readonly onWait: (before: string) => void;
}

interface Place {
  readonly purpose: string;
  /** Resolves when this turn and all before it are over. */
  readonly over: Promise<void>;
}

export class ProjectLocks {
  private readonly queues = new Map<string, Place>();

  /**
   * Runs `work` when everything asked for before has ended.
   * @throws the signal's reason when it is raised while waiting; the place in the queue is given up
   */
  async run<T>(project: string, turn: Turn, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(project);
    let end = (): void => undefined;
    const own = new Promise<void>((resolve) => {
      end = resolve;
    });
    const place: Place = { purpose: turn.purpose, over: (before?.over ?? Promise.resolve()).then(() => own) };
    this.queues.set(project, place);
    try {
      if (before !== undefined) {
        turn.onWait(before.purpose);
        await overOrRaised(before.over, turn.signal);
      }
      turn.signal.throwIfAborted();
      return await work();
    } finally {
      end();
      void place.over.then(() => {
        if (this.queues.get(project) === place) this.queues.delete(project);
      });
    }
  }

  /** Whether a change of any project is being made or waited for. */
  get isBusy(): boolean {
    return this.queues.size > 0;
  }

  /** Whether a change of the project is being made or waited for; without a name, of any project. */
  isChanging(project?: string): boolean {
    return project === undefined ? this.isBusy : this.queues.has(project);
  }

  /** Resolves when no change of the project is being made or waited for. */
  async settled(project: string): Promise<void> {
    for (let place = this.queues.get(project); place !== undefined; place = this.queues.get(project))
      await place.over;
  }

  async whenFree(): Promise<void> {
    while (this.isBusy) await Promise.all([...this.queues.values()].map((place) => place.over));
  }
}

async function overOrRaised(over: Promise<void>, signal: AbortSignal): Promise<void> {
  let raise = (): void => undefined;
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  signal.addEventListener('abort', raise, { once: true });
  if (signal.aborted) raise();
  await Promise.race([over, raised]);
  signal.removeEventListener('abort', raise);
}
