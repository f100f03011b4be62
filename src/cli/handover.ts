/** When the screen passes from progress to the containers: once everything that is to be there has been created. */
import type { ApplyLine } from '../agent/protocol.ts';
import type { Action, NodeId, Plan, PlanNode } from '../compose/plan/plan.ts';
import type { ProgressView } from './views/progress/progress.ts';

const creating: readonly string[] = [
  'EnsureImage',
  'CreateNetwork',
  'CreateVolume',
  'CreateContainer',
] satisfies Action['kind'][];
const starting: readonly string[] = [
  'StartContainer',
  'RestartContainer',
  'UnpauseContainer',
  'WaitFor',
] satisfies Action['kind'][];

/**
 * Passes progress on until everything is created, then calls `onAttach` once. From there on the containers speak for
 * themselves; only what is waited for is still told, as a line of its own: silence would look like a standstill.
 */
export class Handover implements ProgressView {
  private readonly progress: ProgressView;
  private readonly lines: ProgressView;
  private readonly onAttach: () => void;
  private readonly nodes = new Map<NodeId, PlanNode>();
  private readonly pending = new Set<NodeId>();
  /** Lines about waits that have begun while the progress was still drawn; absent once it is not. */
  private held: ApplyLine[] | undefined = [];
  /** False while images are fetched by a plan of their own: another one follows. */
  private isWhole = false;
  private attached = false;

  /** @param lines a view that draws nothing which others could write into */
  constructor(progress: ProgressView, lines: ProgressView, onAttach: () => void) {
    this.progress = progress;
    this.lines = lines;
    this.onAttach = onAttach;
  }

  node(id: NodeId): PlanNode | undefined {
    return this.nodes.get(id);
  }

  take(line: ApplyLine): void {
    if (line.kind === 'plan') {
      this.remember(line.plan);
    } else if ('node' in line && this.nodes.get(line.node)?.action.kind === 'WaitFor') {
      if (this.held === undefined) this.lines.take(line);
      else this.held.push(line);
    } else if (!this.attached) {
      this.progress.take(line);
      if (line.kind === 'node' && line.phase === 'done') this.pending.delete(line.node);
    }
    if (this.isWhole && this.pending.size === 0) this.attach();
  }

  attach(): void {
    if (this.attached) return;
    this.attached = true;
    void this.progress.end().then(() => {
      this.onAttach();
      for (const line of this.held ?? []) this.lines.take(line);
      this.held = undefined;
    });
  }

  async end(): Promise<void> {
    if (!this.attached) await this.progress.end();
  }

  private remember(plan: Plan): void {
    this.isWhole = plan.nodes.some(({ action }) => action.kind !== 'EnsureImage');
    for (const node of plan.nodes) {
      this.nodes.set(node.id, node);
      if (creating.includes(node.action.kind)) this.pending.add(node.id);
    }
    const waits = plan.nodes.filter(({ action }) => action.kind === 'WaitFor');
    this.lines.take({ kind: 'plan', plan: { ...plan, nodes: waits, running: [] } });
    if (this.attached) return;
    const drawn = plan.nodes.filter(({ action }) => !starting.includes(action.kind));
    this.progress.take({ kind: 'plan', plan: { ...plan, nodes: drawn } });
  }
}
