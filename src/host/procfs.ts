/**
 * What /proc says of processes. A process is named by its pid and its start time, because pids come round again.
 * `/proc/<pid>/stat` is read synchronously: it never waits for a disk and costs some 10 µs, a tenth of a trip through the thread pool.
 */
import { readFileSync } from 'node:fs';

export interface ProcessStat {
  /** `Z` has ended and waits to be reaped. */
  readonly state: string;
  readonly parent: number;
  /** Process group. */
  readonly group: number;
  readonly terminal: number;
  /** Clock ticks (1/100 s) spent in user and kernel mode. */
  readonly cpuTicks: number;
  /** Field 22: clock ticks after boot. A string, because it is only compared and stored. */
  readonly startTime: string;
}

/** `undefined` when there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether the process that had this start time still runs; a zombie does not. */
export function isProcessAlive(pid: number, startTime: string): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

/**
 * Sends a signal by number. False when there is no such process any more.
 * A negative pid means its process group.
 */
export function sendSignal(pid: number, signal: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** The command's name stands in parentheses and may hold spaces and parentheses itself. @see proc(5) */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  return {
    state: field(3),
    parent: Number(field(4)),
    group: Number(field(5)),
    terminal: Number(field(7)),
    cpuTicks: Number(field(14)) + Number(field(15)),
    startTime: field(22),
  };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
