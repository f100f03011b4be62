/**
 * Finds the `Authorization` a registry wants: a token for the scope at hand, a password, or nothing.
 * Goes in: the registry's challenge. Comes out: the header, remembered until shortly before it expires.
 */
import { TscomposeError } from '../../errors.ts';
import type { Clock } from '../../host/clock.ts';
import { type HttpAnswer, type HttpRequest, readAnswer } from '../../host/http.ts';
import type { Domain } from '../references.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credentials, FindCredentials } from './credentials.ts';
import type { Send } from './transport.ts';

export interface Authorizer {
  /** The header known to work for the scope, if any. */
  known(domain: Domain, scope: string): string | undefined;
  /**
   * Answers a 401.
   * @throws TscomposeError `REGISTRY_UNAUTHORIZED` when there is no way in
   */
  answer(domain: Domain, scope: string, challenge: string, signal?: AbortSignal): Promise<string>;
}

export function createAuthorizer(clock: Clock, findCredentials: FindCredentials, send: Send): Authorizer {
  const remembered = new Map<string, { readonly header: string; readonly until: number }>();
  const key = (domain: Domain, scope: string): string => `${domain} ${scope}`;

  return {
    known: (domain, scope) => {
      const entry = remembered.get(key(domain, scope));
      return entry !== undefined && clock.now() < entry.until ? entry.header : undefined;
    },
    answer: async (domain, scope, header, signal) => {
      const challenges = parseChallenges(header);
      const credentials = await findCredentials(domain);
      const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
      if (bearer !== undefined) {
        const ask: Ask = (request) =>
          send(domain, { ...request, ...(signal === undefined ? {} : { signal }) });
        const token = await fetchToken(ask, bearer, scope, credentials, domain);
        const entry = { header: `Bearer ${token.value}`, until: clock.now() + token.seconds * 1000 };
        remembered.set(key(domain, scope), entry);
        return entry.header;
      }
      if (!challenges.some(({ scheme }) => scheme === 'basic') || credentials?.kind !== 'password')
        throw unauthorized(domain);
      const entry = { header: basic(credentials), until: clock.now() + passwordSeconds * 1000 };
      remembered.set(key(domain, scope), entry);
      return entry.header;
    },
  };
}

/** A password is looked up anew after this, since people log in and out. */
const passwordSeconds = 60;

interface Token {
  readonly value: string;
  /** How long to use it. */
  readonly seconds: number;
}

/** With a login OAuth's POST comes first; servers that do not know it answer with one of these, and GET is tried. */
const noSuchMethod = [400, 401, 404, 405];

type Ask = (request: HttpRequest) => Promise<HttpAnswer>;

async function fetchToken(
  ask: Ask,
  challenge: Challenge,
  scope: string,
  credentials: Credentials | undefined,
  domain: Domain,
): Promise<Token> {
  const { realm, service } = challenge.parameters;
  if (realm === undefined || !URL.canParse(realm)) throw unauthorized(domain);
  const question = { realm: new URL(realm), service, scope: challenge.parameters.scope ?? scope };
  if (credentials !== undefined) {
    const answer = await ask(byPost(question, credentials));
    if (answer.status === 200) return tokenOf(answer, domain);
    answer.discard();
    if (credentials.kind === 'identity' || !noSuchMethod.includes(answer.status)) throw unauthorized(domain);
  }
  const answer = await ask(byGet(question, credentials));
  if (answer.status === 200) return tokenOf(answer, domain);
  answer.discard();
  throw unauthorized(domain);
}

interface TokenQuestion {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scope: string;
}

/** @see distribution, "Docker Registry v2 Bearer token: OAuth2" */
function byPost({ realm, service, scope }: TokenQuestion, credentials: Credentials): HttpRequest {
  const form = new URLSearchParams({
    client_id: 'tscompose',
    scope,
    ...(service === undefined ? {} : { service }),
    ...(credentials.kind === 'identity'
      ? { grant_type: 'refresh_token', refresh_token: credentials.token }
      : { grant_type: 'password', username: credentials.user, password: credentials.password }),
  });
  return {
    url: realm,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
}

function byGet({ realm, service, scope }: TokenQuestion, credentials: Credentials | undefined): HttpRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const part of scope.split(' ')) url.searchParams.append('scope', part);
  return {
    url,
    headers: credentials?.kind === 'password' ? { authorization: basic(credentials) } : {},
  };
}

/** Registries say nothing about the time when it is a minute. */
const defaultSeconds = 60;
const mostTokenBytes = 1024 * 1024;

async function tokenOf(answer: HttpAnswer, domain: Domain): Promise<Token> {
  const text = (await readAnswer(answer, mostTokenBytes)).toString('utf8');
  let body: { token?: unknown; access_token?: unknown; expires_in?: unknown };
  try {
    body = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unauthorized(domain);
  }
  const value = body.token ?? body.access_token;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw unauthorized(domain);
  const seconds = typeof body.expires_in === 'number' ? body.expires_in : defaultSeconds;
  // A token must not expire between our look at the clock and the registry's.
  return { value, seconds: Math.max(1, seconds * 0.9) };
}

function basic({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

export function unauthorized(domain: Domain, repository?: string): TscomposeError {
  const what = repository === undefined ? 'this' : `the repository ${repository}, if there is one`;
  return new TscomposeError('REGISTRY_UNAUTHORIZED', `the registry ${domain} asks for a login for ${what}`, {
    hint: `check the name, or put the login for ${domain} into ~/.docker/config.json, where "docker login" puts it`,
  });
}
