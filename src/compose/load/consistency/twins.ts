/** Two spellings of one value must agree: `scale` and `deploy.replicas`, `mem_limit` and `deploy.resources.limits.memory`, … */
import { child, descend, isNull, type Node } from '../node.ts';
import type { Problems } from '../problems.ts';
import { parseSize } from '../sizes.ts';
import type { ServicePlace } from './index.ts';

interface Twin {
  readonly own: string;
  readonly group: readonly string[];
  readonly deployed: string;
  readonly unit: 'number' | 'size';
}

const limits = ['deploy', 'resources', 'limits'];

const twins: readonly Twin[] = [
  { own: 'scale', group: ['deploy'], deployed: 'replicas', unit: 'number' },
  { own: 'cpus', group: limits, deployed: 'cpus', unit: 'number' },
  { own: 'mem_limit', group: limits, deployed: 'memory', unit: 'size' },
  {
    own: 'mem_reservation',
    group: ['deploy', 'resources', 'reservations'],
    deployed: 'memory',
    unit: 'size',
  },
  { own: 'pids_limit', group: limits, deployed: 'pids', unit: 'number' },
];

/**
 * Beside a group of limits, one that is missing from it stands for none: the reference takes `mem_limit: 1g` and
 * `deploy.resources.limits: {cpus: 1}` for a contradiction.
 */
export function checkTwins({ name, service }: ServicePlace, problems: Problems): void {
  for (const twin of twins) {
    const { own } = twin;
    const mine = child(service, own);
    if (mine === undefined) continue;
    const group = descend(service, ...twin.group);
    const theirs = child(group, twin.deployed);
    if (group?.kind !== 'map' || !areDistinct(twin, mine, theirs)) continue;
    const deployed = [...twin.group, twin.deployed].join('.');
    problems.add({
      code: 'COMPOSE_CONFLICT',
      message: `services.${name}: can't set distinct values on '${own}' and '${deployed}'`,
      at: mine,
      hint: theirs === undefined ? `write it as \`${deployed}\` instead` : 'keep one of the two',
    });
  }
}

/** What is no amount has been told of. A count of zero counts, a limit of zero is none. */
function areDistinct({ own, unit }: Twin, mine: Node, theirs: Node | undefined): boolean {
  const isCount = own === 'scale';
  const isUnset = theirs === undefined || isNull(theirs);
  const one = amountOf(mine, unit);
  const other = isUnset && !isCount ? 0 : amountOf(theirs, unit);
  if (one === undefined || other === undefined) return false;
  return one !== other && (isCount || one !== 0);
}

function amountOf(node: Node | undefined, unit: 'number' | 'size'): number | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  const value = unit === 'size' ? parseSize(String(node.value)) : Number(node.value);
  return Number.isNaN(value) ? undefined : value;
}
