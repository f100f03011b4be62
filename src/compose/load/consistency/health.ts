/** Health checks that no engine could carry out. @see moby, daemon/health.go and container.go, validateHealthCheck */
import { parseDuration } from '../durations.ts';
import { child, type Node } from '../node.ts';
import { type Refuse, textOf } from './values.ts';

const times = ['interval', 'timeout', 'start_period', 'start_interval'];
const millisecond = 1e6;

/** Zero is "not set". */
export function checkHealth(service: Node, refuse: Refuse): void {
  const check = child(service, 'healthcheck');
  for (const key of times) {
    const node = child(check, key);
    const text = textOf(node);
    const nanoseconds = parseDuration(text ?? '') ?? 0;
    if (nanoseconds === 0 || nanoseconds >= millisecond) continue;
    refuse(`healthcheck.${key}`, node, `${text} is shorter than a millisecond`, 'write it like 30s or 500ms');
  }
  const retries = child(check, 'retries');
  if (Number(textOf(retries) ?? 0) < 0)
    refuse('healthcheck.retries', retries, 'it cannot be smaller than nothing', 'write how many, such as 3');
}
