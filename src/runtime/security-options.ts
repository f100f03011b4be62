/** `security_opt`: what the words mean. @see moby, daemon/daemon_unix.go, parseSecurityOpt */
import { TscomposeError } from '../errors.ts';

export interface SecurityOptions {
  /** A path or the profile itself. */
  readonly seccomp: 'default' | 'unconfined' | { readonly profile: string };
  readonly noNewPrivileges: boolean;
  readonly apparmor?: string;
  /** Neither masked nor read-only paths below /proc and /sys. */
  readonly openSystemPaths: boolean;
  /** SELinux labels mean nothing on a host without SELinux, as with Docker. */
  readonly labels: readonly string[];
}

/** @throws TscomposeError `SECURITY_OPT` */
export function parseSecurityOptions(options: readonly string[]): SecurityOptions {
  let parsed: SecurityOptions = {
    seccomp: 'default',
    noNewPrivileges: false,
    openSystemPaths: false,
    labels: [],
  };
  for (const option of options) {
    // The colon is the older separator; a path may hold either sign.
    const at = option.search(/[=:]/);
    const key = at < 0 ? option : option.slice(0, at);
    const value = at < 0 ? undefined : option.slice(at + 1);
    parsed = { ...parsed, ...meaning(option, key, value, parsed) };
  }
  return parsed;
}

function meaning(
  option: string,
  key: string,
  value: string | undefined,
  before: SecurityOptions,
): Partial<SecurityOptions> {
  if (key === 'no-new-privileges') return { noNewPrivileges: claim(option, value ?? 'true') };
  if (value === undefined || value === '') throw unknown(option);
  switch (key) {
    case 'seccomp':
      if (value === 'unconfined') return { seccomp: 'unconfined' };
      return { seccomp: value === 'builtin' ? 'default' : { profile: value } };
    case 'apparmor':
      return { apparmor: value };
    case 'label':
      return { labels: [...before.labels, value] };
    case 'systempaths':
      if (value !== 'unconfined') throw unknown(option);
      return { openSystemPaths: true };
    default:
      throw unknown(option);
  }
}

function claim(option: string, value: string): boolean {
  if (['true', '1', 't', 'T', 'TRUE', 'True'].includes(value)) return true;
  if (['false', '0', 'f', 'F', 'FALSE', 'False'].includes(value)) return false;
  throw unknown(option);
}

function unknown(option: string): TscomposeError {
  return new TscomposeError('SECURITY_OPT', `invalid security option "${option}"`, {
    hint: 'known are seccomp=, apparmor=, label=, no-new-privileges and systempaths=unconfined',
  });
}
