/** What the agent sees of the environment of the client that happens to start it. */
import { resolve } from 'node:path';

const kept: readonly string[] = [
  'PATH',
  'HOME',
  'DOCKER_CONFIG',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'XDG_CACHE_HOME',
  ...['HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  // Where credential helpers keep their keys.
  'XDG_CONFIG_HOME',
  'GNUPGHOME',
  'PASSWORD_STORE_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
];

/** Ours, and what tells the helpers of cloud registries which account to use. */
const keptPrefixes: readonly string[] = ['TSCOMPOSE_', 'AWS_', 'GOOGLE_', 'CLOUDSDK_', 'AZURE_'];

/**
 * glibc gives each thread a heap of its own and hands little of it back: after a stack of 25 came up, that and V8's
 * young generation were a third of the agent's memory. @see mallopt(3)
 */
const thriftyMemory = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/**
 * Chosen, never copied. `NODE_EXTRA_CA_CERTS` costs Node 20 some 40 ms at every start, used or not: it goes on as
 * `TSCOMPOSE_EXTRA_CA_CERTS`, for the registry client to read when it speaks TLS.
 */
export function agentEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const chosen: Record<string, string> = { LC_ALL: 'C.UTF-8', UV_THREADPOOL_SIZE: '8', ...thriftyMemory };
  for (const [name, value] of Object.entries(environment)) {
    const isKept = kept.includes(name) || keptPrefixes.some((prefix) => name.startsWith(prefix));
    if (value !== undefined && isKept) chosen[name] = value;
  }
  const authorities = environment.TSCOMPOSE_EXTRA_CA_CERTS ?? environment.NODE_EXTRA_CA_CERTS;
  if (authorities !== undefined && authorities !== '') chosen.TSCOMPOSE_EXTRA_CA_CERTS = resolve(authorities);
  return chosen;
}
