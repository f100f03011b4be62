/** The process's variables: Docker's defaults first, then what was asked for. */

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A later entry takes the place of an earlier one of the same name. */
export function processEnvironment(
  asked: readonly string[],
  facts: { readonly hostname: string; readonly home: string; readonly tty: boolean },
): string[] {
  return mergeEnvironment(
    [
      `PATH=${defaultPath}`,
      `HOSTNAME=${facts.hostname}`,
      ...(facts.tty ? ['TERM=xterm'] : []),
      `HOME=${facts.home}`,
    ],
    asked,
  );
}

export function mergeEnvironment(base: readonly string[], changes: readonly string[]): string[] {
  const merged = new Map<string, string>();
  for (const entry of [...base, ...changes]) merged.set(nameOf(entry), entry);
  return [...merged.values()].filter((entry) => entry.includes('='));
}

export function variable(environment: readonly string[], name: string): string | undefined {
  const entry = environment.findLast((one) => nameOf(one) === name);
  return entry?.slice(name.length + 1);
}

function nameOf(entry: string): string {
  const at = entry.indexOf('=');
  return at < 0 ? entry : entry.slice(0, at);
}
