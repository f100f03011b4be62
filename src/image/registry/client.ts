/** Reads from a v2 registry: manifests and blobs. @see OCI distribution-spec, "Pull" */
import { HostError, TscomposeError } from '../../errors.ts';
import type { Clock } from '../../host/clock.ts';
import { type HttpAnswer, type HttpRequest, readAnswer } from '../../host/http.ts';
import { digestOf } from '../digests.ts';
import type { Digest } from '../images.ts';
import { indexTypes, manifestTypes } from '../media.ts';
import { familiarName, familiarRepository, type Reference } from '../references.ts';
import { corrupt } from '../tar/entry.ts';
import { type Authorizer, unauthorized } from './authorizer.ts';
import { endpointOf, hostOf } from './endpoint.ts';
import type { Send } from './transport.ts';

export interface FetchedManifest {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly mediaType: string;
}

export interface RegistryClient {
  /** The manifest or index of that tag or digest. `digest` overrides what the reference says. */
  manifest(reference: Reference, digest: Digest | undefined, signal?: AbortSignal): Promise<FetchedManifest>;
  /**
   * Content of a blob, not yet verified.
   * @param from bytes to leave out at the beginning
   * @throws PassingFailure, also while it is read
   */
  blob(
    reference: Reference,
    digest: Digest,
    options: { readonly from: number; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Buffer>>;
}

/** What may be well in a moment: a connection that was lost, a server with too much to do. */
export class PassingFailure extends TscomposeError {
  /** Before that the server will not hear of it again. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    { retryAfterMs, ...options }: { hint?: string; cause?: unknown; retryAfterMs?: number | undefined },
  ) {
    super(code, message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** @see distribution-spec: registries should take manifests of at least 4 MB */
const mostManifestBytes = 4 * 1024 * 1024;
const mostRedirects = 10;

export function createRegistryClient(clock: Clock, authorizer: Authorizer, send: Send): RegistryClient {
  /** One request to the registry itself, logged in where it asks for it. */
  const ask = async (
    reference: Reference,
    path: string,
    request: Partial<HttpRequest>,
  ): Promise<HttpAnswer> => {
    const { domain, path: repository } = reference;
    const scope = `repository:${repository}:pull`;
    const url = new URL(`${repository}/${path}`, endpointOf(domain));
    const attempt = (authorization: string | undefined): Promise<HttpAnswer> =>
      follow((step) => send(domain, step), url, {
        ...request,
        headers: { ...request.headers, ...(authorization ? { authorization } : {}) },
      });
    const first = await attempt(authorizer.known(domain, scope));
    const challenge = first.headers['www-authenticate'];
    if (first.status !== 401 || challenge === undefined) return first;
    first.discard();
    return attempt(await authorizer.answer(domain, scope, challenge, request.signal));
  };

  return {
    manifest: async (reference, digest, signal) => {
      const wanted = digest ?? reference.digest;
      const accept = [...manifestTypes, ...indexTypes].join(', ');
      const bytes = await reached(reference, async () => {
        const answer = await ask(reference, `manifests/${wanted ?? reference.tag}`, {
          headers: { accept },
          ...(signal === undefined ? {} : { signal }),
        });
        refuse(answer, reference, clock.now());
        return { content: await readAnswer(answer, mostManifestBytes), type: answer.headers['content-type'] };
      });
      const found = digestOf(bytes.content);
      if (wanted !== undefined && found !== wanted)
        throw corrupt(`the registry ${reference.domain} answers ${wanted} with the content of ${found}`);
      return { bytes: bytes.content, digest: found, mediaType: bytes.type?.split(';', 1)[0]?.trim() ?? '' };
    },
    blob: (reference, digest, { from, signal }) =>
      reached(reference, async () => {
        const headers = from === 0 ? {} : { range: `bytes=${from}-` };
        const answer = await ask(reference, `blobs/${digest}`, { headers, signal });
        const isRest = answer.status === 206 && startOf(answer) === from;
        if (!isRest) refuse(answer, reference, clock.now());
        return lost(reference, isRest ? answer.body : without(from, answer.body));
      }),
  };
}

/** @see RFC 9110, section 14.4, Content-Range */
function startOf({ headers }: HttpAnswer): number {
  return Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]);
}

/** For servers that know no ranges and send it all again. */
async function* without(from: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = from;
  for await (const chunk of body) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Follows redirects; what is meant for the registry's eyes is not shown to another host. */
async function follow(
  ask: (request: HttpRequest) => Promise<HttpAnswer>,
  start: URL,
  request: Partial<HttpRequest>,
): Promise<HttpAnswer> {
  let url = start;
  for (let step = 0; step <= mostRedirects; step++) {
    const { authorization, ...others } = (request.headers ?? {}) as Record<string, string>;
    const isHome = url.origin === start.origin;
    const headers = isHome && authorization !== undefined ? { ...others, authorization } : others;
    const answer = await ask({ ...request, url, headers });
    const location = answer.headers.location;
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    answer.discard();
    const next = new URL(location, url);
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw new TscomposeError(
        'REGISTRY_FAILED',
        `${start.host} redirects to ${next.host} without encryption`,
      );
    url = next;
  }
  throw new TscomposeError('REGISTRY_FAILED', `${start.host} redirects without end`);
}

/** What the registry's refusals mean to a person. */
function refuse(answer: HttpAnswer, reference: Reference, now: number): void {
  if (answer.status === 200) return;
  answer.discard();
  const { domain } = reference;
  if (answer.status === 401 || answer.status === 403)
    throw unauthorized(domain, familiarRepository(reference));
  if (answer.status === 404)
    throw new TscomposeError(
      'IMAGE_NOT_FOUND',
      `the registry ${domain} has no image ${familiarName(reference)}`,
      {
        hint: 'check name and tag, or load it from a file with: tscompose image load',
      },
    );
  if (answer.status === 429)
    throw new PassingFailure(
      'REGISTRY_LIMITED',
      `the registry ${domain} refuses further requests: its limit is reached (429)`,
      {
        hint: 'try again later, or log in: most registries allow more requests to those they know',
        retryAfterMs: retryAfterMs(answer, now),
      },
    );
  const hint = 'try again; if it stays so, the trouble is on the side of the registry';
  const message = `the registry ${domain} answered with ${answer.status}`;
  if (answer.status < 500) throw new TscomposeError('REGISTRY_FAILED', message, { hint });
  throw new PassingFailure('REGISTRY_FAILED', message, { hint, retryAfterMs: retryAfterMs(answer, now) });
}

/** Seconds or a date. @see RFC 9110, section 10.2.3, Retry-After */
function retryAfterMs({ headers }: HttpAnswer, now: number): number | undefined {
  const text = headers['retry-after'] ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

async function reached<T>(reference: Reference, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof HostError && error.code.startsWith('HOST_')
      ? unreachable(reference, error)
      : error;
  }
}

/** The connection may still be lost while the content is read. */
async function* lost(reference: Reference, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof HostError ? unreachable(reference, error) : error;
  }
}

function unreachable({ domain }: Reference, cause: HostError): TscomposeError {
  if (distrust.test(cause.code))
    return new TscomposeError(
      'REGISTRY_UNTRUSTED',
      `the registry ${domain} is not trusted: ${cause.message}`,
      {
        cause,
        hint: `put the certificate of the authority that signed its own into /etc/docker/certs.d/${hostOf(domain)}/ca.crt`,
      },
    );
  return new PassingFailure(
    'REGISTRY_UNREACHABLE',
    `no registry could be reached at ${domain}: ${cause.message}`,
    {
      cause,
      hint: cause.hint ?? 'check the network, or load the image from a file with: tscompose image load',
    },
  );
}

/** What OpenSSL and Node say of a certificate they do not accept. */
const distrust = /^HOST_(UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_|CERT_|ERR_TLS_CERT_)/;
