/** The ways a plan can be shown. */
import { drawDot, drawMermaid } from './draw.ts';
import type { Action, Plan } from './plan.ts';
import { type NameFile, printPlan } from './print.ts';

export type PlanFormat = (typeof planFormats)[number];

/** `json` is for programs: the whole plan, with the text of secrets and configs left out. */
export const planFormats = ['text', 'json', 'mermaid', 'dot'] as const;

/** `nameFile` says how files are called in text. */
export function formatPlan(plan: Plan, format: PlanFormat, nameFile?: NameFile): string {
  return printers[format](plan, nameFile);
}

const printers: Readonly<Record<PlanFormat, (plan: Plan, nameFile?: NameFile) => string>> = {
  text: printPlan,
  json: (plan) => JSON.stringify(withoutContents(plan), null, 2),
  mermaid: drawMermaid,
  dot: drawDot,
};

function withoutContents(plan: Plan): Plan {
  return { ...plan, nodes: plan.nodes.map((node) => ({ ...node, action: masked(node.action) })) };
}

function masked(action: Action): Action {
  if (action.kind !== 'CreateContainer') return action;
  const { container } = action;
  const files = container.files.map((file) => (file.kind === 'content' ? { ...file, content: '***' } : file));
  return { ...action, container: { ...container, files } };
}
