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

/** Passes progress on until everything is created, then calls `onAttach` once and stays silent. */
export class Handover implements ProgressView {
  private readonly progress: ProgressView;
  private readonly onAttach: () => void;
  private readonly nodes = new Map<NodeId, PlanNode>();
  private readonly pending = new Set<NodeId>();
  /** False while images are fetched by a plan of their own: another one follows. */
  private isWhole = false;
  private attached = false;

  constructor(progress: ProgressView, onAttach: () => void) {
    this.progress = progress;
    this.onAttach = onAttach;
  }

  node(id: NodeId): PlanNode | undefined {
    return this.nodes.get(id);
  }

  take(line: ApplyLine): void {
    if (line.kind === 'plan') this.remember(line.plan);
    if (this.attached) return;
    this.progress.take(line.kind === 'plan' ? { ...line, plan: withoutStarts(line.plan) } : line);
    if (line.kind === 'node' && line.phase === 'done') this.pending.delete(line.node);
    if (this.isWhole && this.pending.size === 0) this.attach();
  }

  attach(): void {
    if (this.attached) return;
    this.attached = true;
    void this.progress.end().then(this.onAttach);
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
  }
}

/** The last that is told of a container is that it has been created; that it runs, it says itself. */
function withoutStarts(plan: Plan): Plan {
  return { ...plan, nodes: plan.nodes.filter(({ action }) => !starting.includes(action.kind)) };
}
