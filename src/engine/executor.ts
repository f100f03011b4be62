/**
 * Walks a plan's graph: every node whose `after` nodes succeeded runs, in parallel and bounded.
 * It knows edges and outcomes, and nothing of what an action means.
 */
import type { Action, NodeId, Plan, PlanNode } from '../compose/plan/plan.ts';
import { TscomposeError } from '../errors.ts';
import type { ActionContext, PlanEvent } from './engine.ts';

export interface ExecuteOptions {
  /** Raised: what is in flight ends, nothing new begins. */
  readonly signal: AbortSignal;
  /** Actions at once; waiting does not count. 0 or less: no limit; absent: `defaultParallel`, which holds no stop back. */
  readonly parallel?: number;
  readonly emit: (event: PlanEvent) => void;
  /** Given: it is told of every failure, and only what comes after the failed node is skipped. */
  readonly onFailure?: (node: PlanNode, error: unknown) => void;
}

/** What the executor needs of an engine. */
export interface Performer {
  perform(action: Action, context: ActionContext): Promise<void>;
}

export const defaultParallel = 16;

/**
 * Carries the plan out. After the first failure nothing new begins, waits are given up and the rest
 * of what is in flight ends; the nodes that never ran are reported as skipped. With `onFailure` the others go on.
 * @throws the first failure, as the one cause; TscomposeError `INTERRUPTED` (exit code 130) when the signal was raised
 */
export function executePlan(plan: Plan, engine: Performer, options: ExecuteOptions): Promise<void> {
  return new Execution(plan, engine, options).run();
}

type Outcome = 'waiting' | 'running' | 'done' | 'failed';

class Execution {
  private readonly outcomes = new Map<NodeId, Outcome>();
  private readonly stopped = new AbortController();
  private readonly bound: number;
  private working = 0;
  private inFlight = 0;
  private cause: unknown;
  private finish: () => void = () => undefined;

  private readonly plan: Plan;
  private readonly engine: Performer;
  private readonly options: ExecuteOptions;

  constructor(plan: Plan, engine: Performer, options: ExecuteOptions) {
    this.plan = plan;
    this.engine = engine;
    this.options = options;
    const { parallel = defaultParallel } = options;
    this.bound = parallel <= 0 ? Number.POSITIVE_INFINITY : parallel;
    for (const node of plan.nodes) this.outcomes.set(node.id, 'waiting');
  }

  async run(): Promise<void> {
    const interrupt = (): void =>
      this.stop(new TscomposeError('INTERRUPTED', 'interrupted', { exitCode: 130 }));
    if (this.options.signal.aborted) interrupt();
    this.options.signal.addEventListener('abort', interrupt, { once: true });
    try {
      await new Promise<void>((resolve) => {
        this.finish = resolve;
        this.advance();
      });
    } finally {
      this.options.signal.removeEventListener('abort', interrupt);
    }
    const left = this.plan.nodes.filter(({ id }) => this.outcomes.get(id) === 'waiting');
    for (const { id } of left) this.options.emit({ kind: 'node', node: id, phase: 'skipped' });
    if (this.cause !== undefined) throw this.cause;
    if (left.length > 0 && ![...this.outcomes.values()].includes('failed'))
      throw new Error(`nothing failed, and these never began: ${left.map(({ id }) => id).join(', ')}`);
  }

  private advance(): void {
    if (!this.stopped.signal.aborted) for (const node of this.plan.nodes) this.startIfReady(node);
    if (this.inFlight === 0) this.finish();
  }

  private startIfReady(node: PlanNode): void {
    if (this.outcomes.get(node.id) !== 'waiting') return;
    const waits = this.isMostlyWaiting(node.action);
    if (!waits && this.working >= this.bound) return;
    if (!node.after.every((id) => this.outcomes.get(id) === 'done')) return;
    this.outcomes.set(node.id, 'running');
    this.inFlight += 1;
    if (!waits) this.working += 1;
    this.perform(node).then(() => {
      this.inFlight -= 1;
      if (!waits) this.working -= 1;
      this.advance();
    });
  }

  /** For a state to come or, once the signal is sent, for a program to end. Somebody's own limit is kept for stops too. */
  private isMostlyWaiting({ kind }: Action): boolean {
    return kind === 'WaitFor' || (kind === 'StopContainer' && this.options.parallel === undefined);
  }

  private async perform(node: PlanNode): Promise<void> {
    const { emit } = this.options;
    emit({ kind: 'node', node: node.id, phase: 'started' });
    try {
      await this.engine.perform(node.action, {
        project: this.plan.project,
        signal: this.stopped.signal,
        report: (detail) => emit({ kind: 'detail', node: node.id, detail }),
      });
      this.outcomes.set(node.id, 'done');
      emit({ kind: 'node', node: node.id, phase: 'done' });
    } catch (error) {
      this.outcomes.set(node.id, 'failed');
      if (this.options.onFailure === undefined) this.stop(error);
      else if (!this.stopped.signal.aborted) this.options.onFailure(node, error);
      const hint = error instanceof TscomposeError ? error.hint : undefined;
      emit({
        kind: 'node',
        node: node.id,
        phase: 'failed',
        message: error instanceof Error ? error.message : String(error),
        ...(hint === undefined ? {} : { hint }),
      });
    }
  }

  /** The first cause is the one that is told. */
  private stop(cause: unknown): void {
    this.cause ??= cause;
    this.stopped.abort();
  }
}
