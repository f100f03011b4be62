/** The processes of a container, as `ps -ef` on the host shows them. */
import type { Host } from '../host/host.ts';
import { type ProcessStat, processStat } from '../host/procfs.ts';

export const topTitles = ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'] as const;

export interface ProcessRow {
  readonly pid: number;
  readonly stat: ProcessStat;
  readonly uid: number;
  /** Arguments, or the kernel's short name in brackets. */
  readonly command: string;
}

export interface TopContext {
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly bootedAt: number;
  readonly userName: (uid: number) => string;
}

const ticksPerSecond = 100;
const dayMs = 24 * 3600 * 1000;

export function topRow(row: ProcessRow, context: TopContext): string[] {
  const startedAt = context.bootedAt + (Number(row.stat.startTime) / ticksPerSecond) * 1000;
  const aliveSeconds = Math.max((context.now - startedAt) / 1000, 1);
  const cpuSeconds = row.stat.cpuTicks / ticksPerSecond;
  return [
    context.userName(row.uid),
    String(row.pid),
    String(row.stat.parent),
    String(Math.min(99, Math.floor((100 * cpuSeconds) / aliveSeconds))),
    startLabel(startedAt, context.now),
    terminalName(row.stat.terminal),
    clock(cpuSeconds),
    row.command,
  ];
}

/** Time of day within the last 24 hours, else the date. */
function startLabel(startedAt: number, now: number): string {
  const date = new Date(startedAt);
  if (now - startedAt < dayMs) return `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `${date.toLocaleString('en-US', { month: 'short' })}${two(date.getDate())}`;
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return [whole / 3600, (whole / 60) % 60, whole % 60].map((part) => two(Math.floor(part))).join(':');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Majors 136 to 143 are pseudo-terminals. @see `<linux/major.h>` */
function terminalName(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`;
  return '?';
}

/** Reads what the kernel says of these processes; those that ended meanwhile are left out. */
export async function readProcesses(host: Host, pids: readonly number[]): Promise<ProcessRow[]> {
  const rows = await Promise.all(
    [...new Set(pids)]
      .sort((one, other) => one - other)
      .map(async (pid) => {
        const [status, command] = await Promise.all([
          host.files.readText(`/proc/${pid}/status`),
          host.files.readText(`/proc/${pid}/cmdline`),
        ]);
        const stat = processStat(pid);
        if (status === undefined || stat === undefined) return [];
        const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? 0);
        const name = /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '?';
        const words = (command ?? '').replace(/\0+$/, '').replaceAll('\0', ' ');
        return [{ pid, stat, uid, command: words === '' ? `[${name}]` : words }];
      }),
  );
  return rows.flat();
}

export async function topContext(host: Host): Promise<TopContext> {
  const [stat, passwd] = await Promise.all([
    host.files.readText('/proc/stat'),
    host.files.readText('/etc/passwd'),
  ]);
  const names = new Map(
    (passwd ?? '').split('\n').map((line): [string, string] => {
      const [name = '', , uid = ''] = line.split(':');
      return [uid, name];
    }),
  );
  return {
    now: host.clock.now(),
    bootedAt: Number(/^btime (\d+)$/m.exec(stat ?? '')?.[1] ?? 0) * 1000,
    userName: (uid) => names.get(String(uid)) ?? String(uid),
  };
}
