/** Health check and restart policy. */
import type { Healthcheck, Json, RestartPolicy } from './project.ts';
import { mapOf, numberOf, optional, textOf, textsOf } from './read.ts';
import { milliseconds } from './units.ts';

export function toHealthcheck(value: Json | undefined): Healthcheck | undefined {
  if (value === undefined) return undefined;
  const check = mapOf(value);
  const test = textsOf(check.test);
  if (check.disable === true || test[0] === 'NONE') return { kind: 'disabled' };
  return {
    kind: 'enabled',
    ...optional('test', test.length === 0 ? undefined : test),
    ...optional('intervalMs', milliseconds(check.interval)),
    ...optional('timeoutMs', milliseconds(check.timeout)),
    ...optional('retries', numberOf(check.retries)),
    ...optional('startPeriodMs', milliseconds(check.start_period)),
    ...optional('startIntervalMs', milliseconds(check.start_interval)),
  };
}

/** `deploy.restart_policy` wins over `restart`. */
export function toRestart(restart: string | undefined, policy: Json | undefined): RestartPolicy {
  if (policy !== undefined && policy !== null) return fromPolicy(policy);
  const [kind, retries] = (restart ?? 'no').split(':');
  if (kind === 'always' || kind === 'unless-stopped') return { kind };
  if (kind !== 'on-failure') return { kind: 'no' };
  return { kind, ...optional('maxRetries', retries === undefined ? undefined : Number(retries)) };
}

function fromPolicy(value: Json): RestartPolicy {
  const policy = mapOf(value);
  const condition = textOf(policy.condition) ?? 'any';
  if (condition === 'none') return { kind: 'no' };
  const attempts = numberOf(policy.max_attempts);
  if (condition === 'on-failure') return { kind: 'on-failure', ...optional('maxRetries', attempts) };
  return { kind: 'always' };
}
