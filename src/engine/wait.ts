/** Waiting for a container to become what another one needs, ended at once when it no longer can. */
import type { Action } from '../compose/plan/plan.ts';
import { TscomposeError } from '../errors.ts';
import type { ContainerTable, Entry } from './containers.ts';
import type { ActionContext } from './engine.ts';
import type { Parts } from './parts.ts';

type WaitFor = Extract<Action, { kind: 'WaitFor' }>;

/**
 * Resolves when the condition holds.
 * @throws TscomposeError `DEPENDENCY_FAILED` when it can no longer hold, `WAIT_TIMEOUT` when the time is over;
 *   a dependency that is not `required` is reported instead
 */
export async function waitFor(
  { containers, host }: Pick<Parts, 'containers' | 'host'>,
  action: WaitFor,
  context: ActionContext,
): Promise<void> {
  const limit = new AbortController();
  const timer =
    action.timeoutMs === undefined ? undefined : setTimeout(() => limit.abort(), action.timeoutMs);
  const signal = AbortSignal.any([context.signal, limit.signal]);
  let told = '';
  const ask = (): true | undefined => {
    const entry = containers.byName(action.name, context.project);
    const text = entry === undefined ? 'gone' : describe(entry);
    if (text !== told) context.report({ text });
    told = text;
    return verdict(action, entry);
  };
  try {
    const answer = await lastingly(ask, {
      containers,
      clock: host.clock,
      action,
      project: context.project,
      signal,
    });
    if (answer === true) return;
    if (limit.signal.aborted)
      throw new TscomposeError(
        'WAIT_TIMEOUT',
        `timed out waiting for ${action.name} to be ${wanted[action.condition]} (${told})`,
      );
    throw new TscomposeError('INTERRUPTED', `gave up waiting for ${action.name}`, { exitCode: 130 });
  } catch (error) {
    if (action.required || !(error instanceof TscomposeError) || error.code !== 'DEPENDENCY_FAILED')
      throw error;
    context.report({ text: `${error.message}; going on without it`, skipped: true });
  } finally {
    clearTimeout(timer);
  }
}

/** A program without a check that fails at once has run as well: it has to go on for so long. */
const provingMs = 500;

interface Watch {
  readonly containers: ContainerTable;
  readonly clock: Parts['host']['clock'];
  readonly action: WaitFor;
  readonly project: string;
  readonly signal: AbortSignal;
}

async function lastingly(
  ask: () => true | undefined,
  { containers, clock, action, project, signal }: Watch,
): Promise<true | 'aborted'> {
  for (;;) {
    const answer = await containers.until(ask, signal);
    const run = containers.byName(action.name, project)?.run;
    if (action.condition !== 'running-or-healthy' || run === undefined || run.health !== undefined)
      return answer;
    const leftMs = run.startedAt + provingMs - clock.now();
    if (leftMs <= 0 || signal.aborted) return signal.aborted ? 'aborted' : answer;
    await clock.sleep(leftMs, signal);
  }
}

const wanted = {
  started: 'started',
  healthy: 'healthy',
  completed: 'completed',
  'running-or-healthy': 'running or healthy',
} as const;

/** `undefined`: not yet. The words are Docker Compose's, which scripts look for. */
function verdict(action: WaitFor, entry: Entry | undefined): true | undefined {
  const { condition, name, service } = action;
  if (entry === undefined) throw failed(`dependency failed to start: container ${name} is gone`);
  const { status } = entry.record;
  const health = entry.run?.health?.status ?? 'none';
  const exited = status.kind === 'exited' && !entry.record.restarting ? status : undefined;
  switch (condition) {
    case 'started':
      return status.kind === 'created' ? undefined : true;
    case 'completed':
      if (exited === undefined) return undefined;
      if (exited.code !== 0)
        throw failed(`service "${service}" didn't complete successfully: exit ${exited.code}`);
      return true;
    case 'healthy':
      if (exited !== undefined)
        throw failed(`dependency failed to start: container ${name} exited (${exited.code})`);
      if (health === 'unhealthy') throw failed(`dependency failed to start: container ${name} is unhealthy`);
      if (entry.run?.started && health === 'none')
        throw failed(`dependency failed to start: container ${name} has no healthcheck configured`);
      return health === 'healthy' ? true : undefined;
    case 'running-or-healthy':
      if (exited !== undefined) throw failed(`container ${name} exited (${exited.code})`);
      if (health === 'unhealthy') throw failed(`container ${name} is unhealthy`);
      return entry.run?.started && (health === 'none' || health === 'healthy') ? true : undefined;
  }
}

function failed(message: string): TscomposeError {
  return new TscomposeError('DEPENDENCY_FAILED', message);
}

/** The reason line of a wait: "starting, check 3 failed: connection refused". */
function describe(entry: Entry): string {
  const { status } = entry.record;
  if (entry.record.restarting) return 'restarting';
  if (status.kind !== 'running') return status.kind === 'exited' ? `exited (${status.code})` : 'created';
  const health = entry.run?.health;
  if (health === undefined) return 'running';
  const last = health.log.at(-1);
  const output = last === undefined ? '' : last.output.trim().split('\n')[0];
  return last === undefined || health.status === 'healthy'
    ? health.status
    : `${health.status}, last check ended with ${last.exitCode}${output === '' ? '' : `: ${output}`}`;
}
