/** `ulimits`: resource limits of the container's first process, inherited by all others. */
import { TscomposeError } from '../errors.ts';
import { limitRows } from '../linux.ts';
import type { OciRlimit } from './oci.ts';

export const unlimited = 2n ** 64n - 1n;

/**
 * @param hardLimits our own hard limits, by Compose's names; `undefined` when we may raise them (CAP_SYS_RESOURCE)
 * @throws TscomposeError `ULIMIT_UNKNOWN`, `ULIMIT_ORDER`, `ULIMIT_TOO_HIGH`
 */
export function rlimits(
  ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>,
  hardLimits: Readonly<Record<string, bigint>> | undefined,
): OciRlimit[] {
  return Object.entries(ulimits).map(([name, limit]) => {
    const soft = amount(limit.soft);
    const hard = amount(limit.hard);
    check(name, soft, hard, hardLimits?.[name]);
    return { type: `RLIMIT_${name.toUpperCase()}`, soft, hard };
  });
}

/** -1 is "unlimited". */
function amount(value: number): bigint {
  return value === -1 ? unlimited : BigInt(value);
}

function check(name: string, soft: bigint, hard: bigint, ours: bigint | undefined): void {
  if (limitRows[name] === undefined)
    throw new TscomposeError('ULIMIT_UNKNOWN', `unknown ulimit "${name}"`, {
      hint: `known are ${Object.keys(limitRows).join(', ')}`,
    });
  if (soft > hard)
    throw new TscomposeError(
      'ULIMIT_ORDER',
      `ulimit ${name}: soft ${show(soft)} is above hard ${show(hard)}`,
    );
  if (ours !== undefined && hard > ours)
    throw new TscomposeError(
      'ULIMIT_TOO_HIGH',
      `ulimit ${name}: ${show(hard)} is above this host's hard limit of ${show(ours)}, and we may not raise it`,
      { hint: `ask for ${show(ours)} at most, or run with CAP_SYS_RESOURCE or a higher "ulimit -H"` },
    );
}

/** Limits as JSON was read to have them: rounded to a float, in which "unlimited" has become 2^64. */
export function exactLimits(
  read: readonly { readonly type: string; readonly soft: number; readonly hard: number }[],
): OciRlimit[] {
  return read.map(({ type, soft, hard }) => ({ type, soft: exact(soft), hard: exact(hard) }));
}

function exact(value: number): bigint {
  return value >= 2 ** 64 ? unlimited : BigInt(value);
}

function show(value: bigint): string {
  return value === unlimited ? 'unlimited' : String(value);
}

/** @param text of `/proc/self/limits` */
export function parseHardLimits(text: string): Record<string, bigint> {
  const rows = text.split('\n');
  return Object.fromEntries(
    Object.entries(limitRows).flatMap(([name, title]) => {
      const row = rows.find((line) => line.startsWith(title));
      const hard = row?.slice(title.length).trim().split(/\s+/)[1];
      return hard === undefined ? [] : [[name, hard === 'unlimited' ? unlimited : BigInt(hard)]];
    }),
  );
}
