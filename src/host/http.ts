/**
 * One HTTP exchange, as it is: no redirects followed, no cookies, nothing retried.
 * Goes in: method, URL, headers. Comes out: status, headers and the body as it arrives.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlainly } from 'node:http';
import { request as requestOverTls } from 'node:https';
import { HostError } from '../errors.ts';
import type { Connections } from './connections.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Gives up when nothing has come for this long. Default one minute. */
  readonly idleMs?: number;
  /** What to send it over when the URL is `https:`; without, whom Node trusts is trusted, and no proxy is asked. */
  readonly connections?: Connections;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** To be read or discarded. @throws HostError `HOST_<errno>` when the connection is lost on the way */
  readonly body: AsyncIterable<Buffer>;
  /** Closes the connection without reading on. */
  discard(): void;
}

/**
 * @throws HostError `HOST_<code>` when the server cannot be reached; the signal's reason when aborted
 */
export function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method = 'GET', headers = {}, body, signal, idleMs = 60_000, connections } = request;
  const isEncrypted = url.protocol === 'https:';
  const open = isEncrypted ? requestOverTls : requestPlainly;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const sent = open(url, {
      method,
      headers,
      ...(signal === undefined ? {} : { signal }),
      ...(isEncrypted && connections !== undefined ? { agent: connections } : {}),
    });
    sent.setTimeout(idleMs, () =>
      sent.destroy(new HostError('HOST_ETIMEDOUT', `${url.host} does not answer`)),
    );
    sent.on('error', (error) => reject(networkError(url, error, signal)));
    sent.on('response', (answer) => {
      resolve({
        status: answer.statusCode ?? 0,
        headers: singleHeaders(answer.headers),
        body: read(answer, url, signal),
        discard: () => void answer.destroy(),
      });
    });
    sent.end(body);
  });
}

/**
 * The whole body of an answer that must be small.
 * @throws HostError `HOST_ANSWER_TOO_LARGE`
 */
export async function readAnswer(answer: HttpAnswer, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > mostBytes)
      throw new HostError('HOST_ANSWER_TOO_LARGE', `an answer is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* read(
  answer: IncomingMessage,
  url: URL,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  try {
    yield* answer as AsyncIterable<Buffer>;
  } catch (error) {
    throw networkError(url, error as Error, signal);
  }
}

function networkError(url: URL, error: Error, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof HostError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'NETWORK';
  return new HostError(`HOST_${code}`, `cannot talk to ${url.host}: ${error.message}`, { cause: error });
}

function singleHeaders(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
