/** Collects the nodes of a plan. A node may only come after nodes that are there already, so no plan has a cycle. */
import type { Problem } from '../../errors.ts';
import type { Change } from './changes.ts';
import type { Action, NodeId, Plan, PlanNode, PlanQuestion } from './plan.ts';

export interface PlanBuilder {
  /** Adds a node. Its id is new, and everything in `after` was added before; anything else is a bug of ours. */
  add(id: string, action: Action, because: string, after?: readonly (NodeId | undefined)[]): NodeId;
  /** Tells what led to a node that is there. */
  explain(id: NodeId, changes: readonly Change[]): void;
  /** The node of that id, when there is one. */
  find(id: string): NodeId | undefined;
  warn(text: string): void;
  /** What a person has to answer before the plan is carried out. */
  ask(question: PlanQuestion): void;
  /** What keeps the plan from being carried out; it is finished all the same, so that the machine can be asked too. */
  blame(problems: readonly Problem[]): void;
  finish(): Plan;
}

export function planBuilder(project: string): PlanBuilder {
  const nodes = new Map<string, PlanNode>();
  const warnings = new Set<string>();
  const blamed: Problem[] = [];
  const questions: PlanQuestion[] = [];

  return {
    add(id, action, because, after = []) {
      if (nodes.has(id)) throw new Error(`the plan has two nodes ${id}`);
      const before = new Set(after.filter((other) => other !== undefined));
      for (const other of before) {
        if (!nodes.has(other))
          throw new Error(`node ${id} comes after ${other}, which is not in the plan yet`);
      }
      nodes.set(id, { id: id as NodeId, action, after: [...before], because });
      return id as NodeId;
    },
    explain(id, changes) {
      const node = nodes.get(id);
      if (node !== undefined && changes.length > 0) nodes.set(id, { ...node, changes });
    },
    find: (id) => nodes.get(id)?.id,
    warn: (text) => void warnings.add(text),
    ask: (question) => void questions.push(question),
    blame: (problems) => void blamed.push(...problems),
    finish: () => ({
      project,
      nodes: [...nodes.values()],
      warnings: [...warnings],
      ...(questions.length > 0 ? { questions } : {}),
      ...(blamed.length > 0 ? { problems: blamed } : {}),
    }),
  };
}
