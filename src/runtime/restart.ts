/** When a container that ended is started again, and after how long. Pure. @see moby, daemon/internal/restartmanager */

export type RestartRule =
  | { readonly name: 'no' }
  | { readonly name: 'always' }
  | { readonly name: 'unless-stopped' }
  /** Absent or 0 attempts: no bound. */
  | { readonly name: 'on-failure'; readonly maximumAttempts?: number };

export interface EndedRun {
  readonly exitCode: number;
  readonly ranMs: number;
  /** A person stopped or killed it. */
  readonly manuallyStopped: boolean;
  /** Restarts by this rule so far. */
  readonly restarts: number;
  /** The wait before the last restart; 0 when there was none. */
  readonly previousDelayMs: number;
}

export type RestartDecision =
  | { readonly restart: false }
  | { readonly restart: true; readonly delayMs: number };

const firstDelayMs = 100;
const longestDelayMs = 60_000;
/** A run this long counts as a success: the wait begins anew. */
const goodRunMs = 10_000;

export function decideRestart(rule: RestartRule, run: EndedRun): RestartDecision {
  if (run.manuallyStopped || !wantsRestart(rule, run)) return { restart: false };
  return { restart: true, delayMs: nextDelay(run) };
}

function wantsRestart(rule: RestartRule, run: EndedRun): boolean {
  switch (rule.name) {
    case 'no':
      return false;
    case 'always':
    case 'unless-stopped':
      return true;
    case 'on-failure': {
      const attempts = rule.maximumAttempts ?? 0;
      return run.exitCode !== 0 && (attempts === 0 || run.restarts < attempts);
    }
  }
}

function nextDelay(run: EndedRun): number {
  if (run.ranMs >= goodRunMs || run.previousDelayMs === 0) return firstDelayMs;
  return Math.min(run.previousDelayMs * 2, longestDelayMs);
}
