/** Two spellings of one value must agree: `scale` and `deploy.replicas`, `mem_limit` and `deploy.resources.limits.memory`, … */
import { child, descend, type Node } from '../node.ts';
import type { Problems } from '../problems.ts';
import { parseSize } from '../sizes.ts';
import type { ServicePlace } from './index.ts';

const twins: readonly (readonly [string, string, 'number' | 'size'])[] = [
  ['scale', 'deploy.replicas', 'number'],
  ['cpus', 'deploy.resources.limits.cpus', 'number'],
  ['mem_limit', 'deploy.resources.limits.memory', 'size'],
  ['mem_reservation', 'deploy.resources.reservations.memory', 'size'],
  ['pids_limit', 'deploy.resources.limits.pids', 'number'],
];

export function checkTwins({ name, service }: ServicePlace, problems: Problems): void {
  for (const [own, deployed, unit] of twins) {
    const a = child(service, own);
    const b = descend(service, ...deployed.split('.'));
    const mine = amountOf(a, unit);
    const theirs = amountOf(b, unit);
    if (mine === undefined || theirs === undefined || mine === theirs) continue;
    problems.add({
      code: 'COMPOSE_CONFLICT',
      message: `services.${name}: can't set distinct values on '${own}' and '${deployed}'`,
      at: a?.at,
      hint: 'keep one of the two',
    });
  }
}

function amountOf(node: Node | undefined, unit: 'number' | 'size'): number | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  const value = unit === 'size' ? parseSize(String(node.value)) : Number(node.value);
  return value === 0 || Number.isNaN(value) ? undefined : value;
}
