/** HTTP over the unix socket: finds the handler, reads what it takes, writes what it gives or the error. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TscomposeError } from '../errors.ts';
import { interrupted } from './interrupted.ts';
import { LineWriter } from './ndjson.ts';
import type { ProjectLocks } from './project-locks.ts';
import { buildHeader, leavePath, pathPrefix, requestHeader, type WireError } from './protocol.ts';
import { type About, type Context, calls, downloads, type ServedEngine, streams, uploads } from './routes.ts';
import { toWire } from './wire-error.ts';

export interface Service {
  /** Requests may come before the engine has adopted what it found; they wait. */
  readonly engine: Promise<ServedEngine>;
  readonly locks: ProjectLocks;
  readonly build: string;
  readonly about: About;
  /** Raised when the agent leaves: ends what only looks on. Its reason is what those are told. */
  readonly leaving: AbortSignal;
  /** Raised when it must leave now: changes are cut short. */
  readonly terminated: AbortSignal;
  /** A client of another build wants the agent's place. */
  readonly handOver: () => void;
}

/** What an agent that hands over need not finish: the client asks the successor again. */
const onlyLooking: ReadonlySet<string> = new Set(['logs', 'wait']);

/** The server, not listening yet. Connections stay open as long as the client wants: it closes idle ones itself. */
export function agentServer(service: Service): Server {
  const cancels = new Map<string, AbortController>();
  const server = createServer((request, response) => {
    void answer(service, cancels, request, response);
  });
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

async function answer(
  service: Service,
  cancels: Map<string, AbortController>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(interrupted());
  });
  const key = header(request, requestHeader);
  if (key !== undefined) cancels.set(key, gone);
  // Whoever asks again must find the successor, not us on the same connection.
  if (service.leaving.aborted) response.shouldKeepAlive = false;
  try {
    await dispatch(service, request, response, gone, (other) => cancels.get(other)?.abort(interrupted()));
  } catch (error) {
    refuse(response, error);
    // While something unread waits, that the client has gone is not noticed.
    request.on('data', () => undefined);
  } finally {
    if (key !== undefined) cancels.delete(key);
  }
}

async function dispatch(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortController,
  cancel: Context['cancel'],
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://agent');
  if (url.pathname === leavePath) {
    response.shouldKeepAlive = false;
    service.handOver();
    return json(response, {});
  }
  const name = url.pathname.startsWith(`${pathPrefix}/`) ? url.pathname.slice(pathPrefix.length + 1) : '';
  requireSameBuild(service, request);
  const ends = onlyLooking.has(name) ? service.leaving : service.terminated;
  linkUntilClosed(ends, gone, response);
  const context: Context = {
    engine: await service.engine,
    locks: service.locks,
    about: service.about,
    signal: gone.signal,
    cancel,
  };
  gone.signal.throwIfAborted();

  if (isKey(calls, name)) {
    const handler = calls[name] as Handler<[Context]>;
    return json(response, await unlessEnded(ends, handler(await readJson(request), context)));
  }
  if (isKey(streams, name)) {
    const handler = streams[name] as Handler<[LineWriter, Context]>;
    const takes = await readJson(request);
    return stream(response, (lines) => unlessEnded(ends, handler(takes, lines, context)));
  }
  if (isKey(uploads, name)) {
    const options = JSON.parse(url.searchParams.get('options') ?? '{}');
    const archive = Readable.from(bodyOf(request), { objectMode: false });
    return json(response, await uploads[name](options, archive, context));
  }
  if (isKey(downloads, name)) {
    const handler = downloads[name] as Handler<[Context], NodeJS.ReadableStream>;
    const archive = await handler(await readJson(request), context);
    response.writeHead(200, { 'content-type': 'application/x-tar' });
    return pipeline(archive, response);
  }
  throw new TscomposeError('AGENT_UNKNOWN_CALL', `the agent knows no ${request.method} ${url.pathname}`);
}

/** Of one name the tables know what it takes; of a name that came over the wire we only know that it is one. */
type Handler<Rest extends unknown[], Gives = unknown> = (takes: unknown, ...rest: Rest) => Promise<Gives>;

/** The head goes out before the work begins: a client that never saw it may safely ask again. */
async function stream(
  response: ServerResponse,
  work: (lines: LineWriter) => Promise<unknown>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const lines = new LineWriter(response);
  try {
    void lines.write({ kind: 'outcome', ok: true, gives: await work(lines) });
  } catch (error) {
    void lines.write({ kind: 'outcome', ok: false, error: toWire(error) });
  }
  lines.end();
}

/** Whatever work makes of being ended: that the agent leaves is the reason to tell. */
async function unlessEnded<T>(ends: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    ends.throwIfAborted();
  }
}

function linkUntilClosed(signal: AbortSignal, controller: AbortController, response: ServerResponse): void {
  const raise = (): void => controller.abort(signal.reason);
  if (signal.aborted) raise();
  signal.addEventListener('abort', raise);
  response.once('close', () => signal.removeEventListener('abort', raise));
}

function requireSameBuild({ build, about }: Service, request: IncomingMessage): void {
  const theirs = header(request, buildHeader);
  if (theirs === undefined || theirs === build) return;
  throw new TscomposeError('AGENT_OTHER_BUILD', `the agent is of another build (${about.version})`, {
    hint: 'it took the place of the one you began with; run the command again to replace it',
  });
}

/** Who stops half-way does not end the request: Node would forget its connection and leave it open for ever. */
async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk;
}

const largestBody = 64 * 1024 * 1024;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(request)) {
    size += chunk.length;
    if (size > largestBody)
      throw new TscomposeError('AGENT_REQUEST_TOO_LARGE', 'the request is larger than 64 MiB');
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new TscomposeError('AGENT_BAD_REQUEST', 'the request is not valid JSON', { cause: error });
  }
}

function json(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value) ?? 'null';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** An archive that breaks half-way can only be cut off; everything else is told. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const wire = toWire(error);
  const body = JSON.stringify(wire);
  response.writeHead(statusOf(wire), {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function statusOf({ name, code }: WireError): number {
  if (code === 'AGENT_OTHER_BUILD') return 409;
  return name === 'Error' ? 500 : 400;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function isKey<T extends object>(table: T, name: string): name is Extract<keyof T, string> {
  return Object.hasOwn(table, name);
}
