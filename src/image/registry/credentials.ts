/** Registry logins as Docker's configuration file has them: in the file itself, or with a helper program. */
import { join } from 'node:path';
import { HostError, TscomposeError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { Domain } from '../references.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string };

export type FindCredentials = (domain: Domain) => Promise<Credentials | undefined>;

/** `directory` holds Docker's `config.json`; it is read anew each time, since people log in meanwhile. */
export function dockerCredentials(host: Host, directory: string | undefined): FindCredentials {
  return async (domain) => {
    if (directory === undefined) return undefined;
    const path = join(directory, 'config.json');
    const text = await host.files.readText(path);
    if (text === undefined) return undefined;
    const config = parse(path, text);
    const helper = config.credHelpers?.[domain] ?? config.credsStore;
    const names = namesOf(domain);
    if (helper !== undefined && helper !== '') return fromHelper(host, helper, names[0] as string);
    for (const name of names) {
      const found = fromEntry(config.auths?.[name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

interface AuthEntry {
  /** base64 of `user:password` */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** Names a login may be filed under; the default registry's is a URL for historical reasons. */
function namesOf(domain: Domain): readonly string[] {
  if (domain === 'docker.io')
    return ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'registry-1.docker.io'];
  return [domain, `https://${domain}`, `https://${domain}/v2/`, `https://${domain}/v1/`, `http://${domain}`];
}

function fromEntry(entry: AuthEntry | undefined): Credentials | undefined {
  if (entry?.identitytoken) return { kind: 'identity', token: entry.identitytoken };
  const plain = entry?.auth
    ? Buffer.from(entry.auth, 'base64').toString('utf8').replace(/\0+$/, '')
    : undefined;
  const colon = plain?.indexOf(':') ?? -1;
  if (plain !== undefined && colon > 0)
    return { kind: 'password', user: plain.slice(0, colon), password: plain.slice(colon + 1) };
  if (entry?.username && entry.password !== undefined)
    return { kind: 'password', user: entry.username, password: entry.password };
  return undefined;
}

/** @see docker-credential-helpers, "get": the server on stdin, JSON on stdout */
async function fromHelper(host: Host, helper: string, server: string): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper))
    throw new TscomposeError('REGISTRY_CREDENTIALS_INVALID', `"${helper}" is no name of a credential helper`);
  const answer = await host.run([`docker-credential-${helper}`, 'get'], {
    input: server,
    allowFailure: true,
    timeoutMs: 30_000,
    purpose: `ask the credential helper for ${server}`,
  });
  if (answer.code !== 0) return undefined;
  const { Username: user, Secret: secret } = JSON.parse(answer.stdout) as {
    Username?: string;
    Secret?: string;
  };
  if (user === undefined || secret === undefined) return undefined;
  return user === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', user, password: secret };
}

function parse(path: string, text: string): DockerConfig {
  try {
    return JSON.parse(text) as DockerConfig;
  } catch (error) {
    throw new HostError('REGISTRY_CREDENTIALS_INVALID', `${path} is not valid JSON`, { cause: error });
  }
}
