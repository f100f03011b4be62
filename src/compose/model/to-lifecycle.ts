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
export function toRestart(restart: string | undefined, deployed: Json | undefined): RestartPolicy {
  if (deployed !== undefined && deployed !== null) {
    const policy = mapOf(deployed);
    return restartOn(textOf(policy.condition) ?? 'any', numberOf(policy.max_attempts));
  }
  const [word = '', retries] = (restart ?? 'no').split(':');
  return restartOn(word, retries === undefined ? undefined : Number(retries));
}

/** The words of `restart` and those of `deploy.restart_policy.condition`: both take both. */
function restartOn(condition: string, maxRetries: number | undefined): RestartPolicy {
  switch (condition) {
    case 'any':
    case 'always':
      return { kind: 'always' };
    case 'unless-stopped':
      return { kind: 'unless-stopped' };
    case 'on-failure':
      return { kind: 'on-failure', ...optional('maxRetries', maxRetries) };
    default:
      return { kind: 'no' };
  }
}
