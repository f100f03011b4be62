/** Registry logins as Docker's configuration file has them: in the file itself, or with a helper program. */
import { join } from 'node:path';
import { HostError, TscomposeError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { type Output, plainEnvironment } from '../../host/processes.ts';
import type { Domain } from '../references.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string };

export type FindCredentials = (domain: Domain) => Promise<Credentials | undefined>;

export interface CredentialSettings {
  /** Holds Docker's `config.json`; it is read anew each time, since people log in meanwhile. */
  readonly directory: string | undefined;
  /** What helper programs see: they look for keys, sockets and accounts in the home they were set up in. */
  readonly environment: Readonly<Record<string, string>> | undefined;
}

/** @throws TscomposeError `REGISTRY_CREDENTIALS_INVALID` when the file cannot be read or the helper fails */
export function dockerCredentials(
  host: Host,
  { directory, environment = plainEnvironment }: CredentialSettings,
): FindCredentials {
  return async (domain) => {
    if (directory === undefined) return undefined;
    const path = join(directory, 'config.json');
    const text = await host.files.readText(path);
    if (text === undefined) return undefined;
    const config = parse(path, text);
    const names = namesOf(domain);
    const helper = names.map((name) => config.credHelpers?.[name]).find(Boolean) ?? config.credsStore;
    if (helper) return fromHelper(host, { path, helper, server: names[0] as string, environment });
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

interface HelperQuestion {
  /** Where the helper is named. */
  readonly path: string;
  readonly helper: string;
  readonly server: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How every helper says that it knows of no login. */
const nothingFound = 'credentials not found in native keychain';

/** @see docker-credential-helpers, "get": the server on stdin, on stdout JSON or what is wrong */
async function fromHelper(host: Host, question: HelperQuestion): Promise<Credentials | undefined> {
  const { helper, server } = question;
  if (!/^[A-Za-z0-9._-]+$/.test(helper)) throw helperFailed(question, 'that is no name of a helper');
  const answer = await ask(host, question);
  const said = answer.stdout.trim();
  if (answer.code !== 0 && said === nothingFound) return undefined;
  if (answer.timedOut) throw helperFailed(question, `it does not answer when asked for ${server}`);
  if (answer.code !== 0)
    throw helperFailed(question, said || answer.stderr.trim() || `it ends with ${answer.code}`);
  const { Username: user, Secret: secret } = parseAnswer(question, said);
  if (!user && !secret) return undefined;
  return user === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', user, password: secret };
}

async function ask(host: Host, question: HelperQuestion): Promise<Output> {
  try {
    return await host.run([`docker-credential-${question.helper}`, 'get'], {
      input: question.server,
      env: question.environment,
      allowFailure: true,
      timeoutMs: 30_000,
    });
  } catch (error) {
    if (error instanceof HostError && error.code === 'HOST_TOOL_MISSING')
      throw helperFailed(question, error.message, error);
    throw error;
  }
}

/** What it said is not shown: it may hold the secret. */
function parseAnswer(question: HelperQuestion, text: string): { Username: string; Secret: string } {
  try {
    const { Username = '', Secret = '' } = JSON.parse(text);
    return { Username, Secret };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw helperFailed(question, 'it does not answer with JSON');
  }
}

function helperFailed(
  { path, helper, server }: HelperQuestion,
  what: string,
  cause?: unknown,
): TscomposeError {
  return new TscomposeError(
    'REGISTRY_CREDENTIALS_INVALID',
    `the credential helper "${helper}" has no answer for ${server}: ${what}`,
    {
      ...(cause === undefined ? {} : { cause }),
      hint: `set the helper up, or take it out of ${path} (credsStore, credHelpers)`,
    },
  );
}

function parse(path: string, text: string): DockerConfig {
  try {
    return JSON.parse(text) as DockerConfig;
  } catch (error) {
    throw new HostError('REGISTRY_CREDENTIALS_INVALID', `${path} is not valid JSON`, { cause: error });
  }
}
