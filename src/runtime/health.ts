/** Docker's health checks as a state machine over plain data: what a result means, and when to look again. @see moby, daemon/health.go */

/** All times in milliseconds. */
export interface HealthOptions {
  /** From the end of one probe to the start of the next. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures within this time after the start do not count, until the first success. */
  readonly startPeriodMs: number;
  /** The interval while the container is starting within its start period. */
  readonly startIntervalMs: number;
  readonly retries: number;
}

export const defaultHealthOptions: HealthOptions = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
  retries: 3,
};

export interface HealthState {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  readonly failingStreak: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Oldest first, at most five. */
  readonly log: readonly ProbeResult[];
}

export interface ProbeResult {
  /** When the probe began. */
  readonly at: number;
  readonly endedAt: number;
  /** 0: healthy. -1: it took too long or could not be run. */
  readonly exitCode: number;
  /** At most 4096 bytes. */
  readonly output: string;
}

export const maximumOutputBytes = 4096;
const maximumLogEntries = 5;

/** Every start of the container begins here. */
export function initialHealth(startedAt: number): HealthState {
  return { status: 'starting', failingStreak: 0, startedAt, log: [] };
}

export function afterProbe(state: HealthState, result: ProbeResult, options: HealthOptions): HealthState {
  const log = [...state.log, bounded(result)].slice(-maximumLogEntries);
  if (result.exitCode === 0) return { ...state, status: 'healthy', failingStreak: 0, log };
  const forgiven = state.status === 'starting' && result.at - state.startedAt < options.startPeriodMs;
  if (forgiven) return { ...state, log };
  const failingStreak = state.failingStreak + 1;
  const status = failingStreak >= options.retries ? 'unhealthy' : state.status;
  return { ...state, status, failingStreak, log };
}

/** Milliseconds from `now`, the end of the last probe or the start of the container, to the next probe. */
export function nextProbeDelay(state: HealthState, options: HealthOptions, now: number): number {
  const within = state.status === 'starting' && now - state.startedAt < options.startPeriodMs;
  return within ? options.startIntervalMs : options.intervalMs;
}

/**
 * The command a test runs: `CMD` as it stands, `CMD-SHELL` by the image's shell.
 * `undefined` when the test is `NONE` or empty.
 */
export function probeCommand(
  test: readonly string[],
  shell: readonly string[] = ['/bin/sh', '-c'],
): string[] | undefined {
  const [kind, ...rest] = test;
  if (kind === undefined || kind === 'NONE') return undefined;
  if (kind === 'CMD') return rest;
  return kind === 'CMD-SHELL' ? [...shell, ...rest] : [...test];
}

function bounded(result: ProbeResult): ProbeResult {
  const bytes = Buffer.from(result.output, 'utf8');
  if (bytes.length <= maximumOutputBytes) return result;
  return { ...result, output: bytes.subarray(0, maximumOutputBytes).toString('utf8') };
}
