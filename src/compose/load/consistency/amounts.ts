/** Memory, processor time, how many containers: the least the kernel takes, and what goes together. @see moby, daemon/daemon_unix.go */
import { minimumMemoryBytes } from '../../../linux.ts';
import { child, descend, type Node } from '../node.ts';
import { parseSize } from '../sizes.ts';
import type { Span } from '../source.ts';
import { type Refuse, textOf } from './values.ts';

export function checkAmounts(service: Node, refuse: Refuse): void {
  checkMemory(service, refuse);
  checkProcessors(service, refuse);
  const scale = amount(service, Number, ['scale', 'deploy.replicas']);
  if (scale !== undefined && scale.value < 0)
    refuse(scale.path, scale.at, `${scale.text} containers cannot run`, 'write 0 or more');
  const shm = amount(service, parseSize, ['shm_size']);
  if (shm !== undefined && shm.value < 0)
    refuse(shm.path, shm.at, 'shared memory cannot be smaller than nothing', 'write a size such as 64m');
}

interface Amount {
  readonly path: string;
  readonly at: Span;
  readonly text: string;
  readonly value: number;
}

/** The first of the spellings that is written. Zero is "not set". */
function amount(
  service: Node,
  parse: (text: string) => number | undefined,
  spellings: readonly string[],
): Amount | undefined {
  for (const path of spellings) {
    const node = descend(service, ...path.split('.'));
    const text = textOf(node);
    const value = text === undefined ? undefined : parse(text);
    if (node !== undefined && text !== undefined && value) return { path, at: node, text, value };
  }
  return undefined;
}

function checkMemory(service: Node, refuse: Refuse): void {
  const limit = amount(service, parseSize, ['mem_limit', 'deploy.resources.limits.memory']);
  const reserved = amount(service, parseSize, ['mem_reservation', 'deploy.resources.reservations.memory']);
  for (const one of [limit, reserved]) {
    if (one === undefined || one.value >= minimumMemoryBytes) continue;
    refuse(one.path, one.at, `${one.text} is too little memory to start a container`, 'write 6m at least');
  }
  if (limit !== undefined && reserved !== undefined && limit.value < reserved.value)
    refuse(
      reserved.path,
      reserved.at,
      `the reservation ${reserved.text} is above the limit ${limit.text}`,
      'reserve less, or raise the limit',
    );
  checkSwap(service, limit, refuse);
}

function checkSwap(service: Node, limit: Amount | undefined, refuse: Refuse): void {
  const swap = amount(service, parseSize, ['memswap_limit']);
  if (swap === undefined || swap.value < 0) return;
  if (limit === undefined)
    refuse(swap.path, swap.at, 'it needs a memory limit beside it', 'add `mem_limit:`, or take it out');
  else if (swap.value < limit.value)
    refuse(
      swap.path,
      swap.at,
      `${swap.text} is below the memory limit ${limit.text}`,
      'it counts memory and swap together: write mem_limit plus the swap you want',
    );
}

function checkProcessors(service: Node, refuse: Refuse): void {
  const cpus = amount(service, Number, ['cpus', 'deploy.resources.limits.cpus']);
  const quota = amount(service, Number, ['cpu_quota']);
  const period = amount(service, Number, ['cpu_period']);
  if (cpus !== undefined && cpus.value < 0.01)
    refuse(cpus.path, cpus.at, `${cpus.text} of a processor is too little`, 'write 0.01 at least');
  if (cpus !== undefined && cpus.value > 0 && quota !== undefined && quota.value > 0)
    refuse(quota.path, quota.at, '`cpus` says the same thing already', 'keep one of the two');
  if (quota !== undefined && quota.value > 0 && quota.value < 1000)
    refuse(
      quota.path,
      quota.at,
      `${quota.text} is shorter than a millisecond`,
      'it counts microseconds: write 1000 at least',
    );
  if (period !== undefined && (period.value < 1000 || period.value > 1_000_000))
    refuse(
      period.path,
      period.at,
      `${period.text} is no period between a millisecond and a second`,
      'it counts microseconds: write 1000 to 1000000',
    );
  const set = child(service, 'cpuset');
  const text = textOf(set);
  if (text === undefined || text === '' || text.split(',').every((part) => isRange(part))) return;
  refuse('cpuset', set, `"${text}" is no list of processors`, 'write numbers and ranges, such as 0-3,6');
}

function isRange(part: string): boolean {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
  return first !== undefined && Number(first) <= Number(last);
}
