/** The client's end of the socket: one request at a time on a kept connection, the agent started when it is not there. */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemClock } from '../host/clock.ts';
import { agentForbidden, agentLost, agentSilent, isForbidden, isGone } from './absence.ts';
import { type Answer, Connections } from './connections.ts';
import { interrupted } from './interrupted.ts';
import { readLines } from './ndjson.ts';
import {
  buildHeader,
  type Calls,
  type Downloads,
  leavePath,
  type Outcome,
  pathPrefix,
  requestHeader,
  type Streams,
  type Uploads,
  type WireError,
} from './protocol.ts';
import { sendArchive } from './send-archive.ts';
import { fromWire } from './wire-error.ts';

export interface TransportOptions {
  readonly socketPath: string;
  readonly build: string;
  /** Starts an agent: it answers, or another one holds the state root. */
  readonly launch: () => Promise<'ready' | 'busy'>;
}

interface Message {
  readonly path: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A leaving agent may have a change to finish before its successor can begin. */
const longestWaitMs = 60_000;

export class Transport {
  readonly socketPath: string;
  private readonly options: TransportOptions;
  /** Only a client that comes new may send an agent of another build away; one that lost its agent may not. */
  private mayReplace = true;
  private launching: Promise<'ready' | 'busy'> | undefined;
  private readonly connections: Connections;

  constructor(options: TransportOptions) {
    this.options = options;
    this.socketPath = options.socketPath;
    this.connections = new Connections(options.socketPath);
  }

  async call<Name extends keyof Calls>(
    name: Name,
    takes: Calls[Name]['takes'],
    signal?: AbortSignal,
  ): Promise<Calls[Name]['gives']> {
    const response = await this.send({ path: `${pathPrefix}/${name}`, body: JSON.stringify(takes), signal });
    return (await readJson(response)) as Calls[Name]['gives'];
  }

  /** As `call`, but of nobody else than an agent of this build that is there now; without one `undefined`. */
  async ask<Name extends keyof Calls>(
    name: Name,
    takes: Calls[Name]['takes'],
  ): Promise<Calls[Name]['gives'] | undefined> {
    try {
      const response = await this.attempt({ path: `${pathPrefix}/${name}`, body: JSON.stringify(takes) });
      return (await readJson(response)) as Calls[Name]['gives'];
    } catch {
      // Whatever is wrong with the agent is told by the first call that cannot do without it.
      return undefined;
    }
  }

  /** Starts an agent for the request that will come: what goes wrong is told to that one. */
  prepare(): void {
    this.launching ??= this.options.launch();
    this.launching.catch(() => undefined);
  }

  /**
   * Hands on every line, the outcome last.
   * With `cancel`, a raised signal asks the agent to end the work and the outcome is awaited; an agent that leaves
   * listens no more, and is hung up on. Without, it hangs up.
   * @throws what the outcome says; TscomposeError `AGENT_LOST` when there is none
   */
  async stream<Name extends keyof Streams>(
    name: Name,
    takes: Streams[Name]['takes'],
    options: {
      readonly onLine: (line: Streams[Name]['line'] | Outcome) => void;
      readonly signal?: AbortSignal | undefined;
      readonly cancel?: boolean;
    },
  ): Promise<Streams[Name]['gives']> {
    const id = nextRequest();
    const { signal, cancel = false } = options;
    const path = `${pathPrefix}/${name}`;
    const message = { path, body: JSON.stringify(takes), headers: { [requestHeader]: id } };
    const response = await (cancel
      ? this.sendUntilBegun(message, signal)
      : this.send({ ...message, signal }));
    if (response.status !== 200) await readJson(response);
    const askToEnd = (): void =>
      void this.cancel(id).catch(() => {
        response.destroy(interrupted());
      });
    if (cancel && signal?.aborted) askToEnd();
    if (cancel) signal?.addEventListener('abort', askToEnd, { once: true });
    try {
      const onLine = options.onLine as (line: unknown) => void;
      const outcome = await readToOutcome(response, onLine, cancel ? undefined : signal);
      if (!outcome.ok) throw fromWire(outcome.error);
      return outcome.gives as Streams[Name]['gives'];
    } finally {
      signal?.removeEventListener('abort', askToEnd);
    }
  }

  /** Of the agent that does the work, if it can be reached: no other knows the request, so none is started. */
  private async cancel(id: string): Promise<void> {
    const body = JSON.stringify({ request: id } satisfies Calls['cancel']['takes']);
    await readJson(await this.attempt({ path: `${pathPrefix}/cancel`, body }));
  }

  /** The signal ends the wait for an agent, and nothing any more once one has begun to answer. */
  private async sendUntilBegun(message: Message, signal: AbortSignal | undefined): Promise<Answer> {
    const waiting = new AbortController();
    const giveUp = (): void => waiting.abort(interrupted());
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await this.send({ ...message, signal: waiting.signal });
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  async upload<Name extends keyof Uploads>(
    name: Name,
    options: Uploads[Name]['takes'],
    archive: Readable,
  ): Promise<Uploads[Name]['gives']> {
    // The archive can be read only once, so the agent is found first.
    await this.call('info', {});
    const path = `${pathPrefix}/${name}?options=${encodeURIComponent(JSON.stringify(options))}`;
    const { socketPath, build } = this.options;
    const answer = await sendArchive({ socketPath, path, headers: { [buildHeader]: build } }, archive);
    return (await readJson(answer)) as Uploads[Name]['gives'];
  }

  async download<Name extends keyof Downloads>(
    name: Name,
    takes: Downloads[Name]['takes'],
    to: NodeJS.WritableStream,
  ): Promise<void> {
    const response = await this.send({ path: `${pathPrefix}/${name}`, body: JSON.stringify(takes) });
    if (response.status !== 200) await readJson(response);
    await pipeline(response.body, to, { end: false }).catch((error) => {
      throw isGone(error) ? agentLost(error) : error;
    });
  }

  close(): void {
    this.connections.close();
  }

  /** Sends until somebody answers. Only what no agent has begun to answer is sent again. */
  private async send(message: Message): Promise<Answer> {
    const deadline = systemClock.monotonic() + longestWaitMs;
    for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 200)) {
      try {
        return await this.answered(message);
      } catch (error) {
        message.signal?.throwIfAborted();
        if (!isGone(error)) throw isForbidden(error) ? agentForbidden(this.options.socketPath, error) : error;
        if (systemClock.monotonic() > deadline) throw agentSilent(this.options.socketPath, error);
      }
      const launched = this.launching ?? this.options.launch();
      this.launching = undefined;
      if ((await launched) === 'busy') await systemClock.sleep(pauseMs, message.signal);
    }
  }

  private async answered(message: Message): Promise<Answer> {
    const response = await this.attempt(message);
    if (response.status === 409 && this.mayReplace) {
      this.mayReplace = false;
      response.destroy(interrupted());
      await readJson(await this.attempt({ path: leavePath, body: '{}' }));
      throw Object.assign(new Error('the agent hands over'), { code: 'ECONNREFUSED' });
    }
    this.mayReplace = false;
    return response;
  }

  private attempt({ path, body, headers, signal }: Message): Promise<Answer> {
    const known = { [buildHeader]: this.options.build, 'content-type': 'application/json' };
    return this.connections.exchange({ path, body, headers: { ...known, ...headers }, signal });
  }
}

const loadedAt = Date.now();
let requests = 0;

/** Unique at the agent without loading the library for random numbers. */
function nextRequest(): string {
  requests += 1;
  return `${process.pid}-${loadedAt}-${requests}`;
}

async function readToOutcome(
  { body }: Answer,
  onLine: (line: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  try {
    await readLines(body, (line) => {
      if (isOutcome(line)) outcome = line;
      onLine(line);
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!isGone(error)) throw error;
  }
  if (outcome === undefined) throw agentLost();
  return outcome;
}

function isOutcome(line: unknown): line is Outcome {
  return typeof line === 'object' && line !== null && 'kind' in line && line.kind === 'outcome';
}

async function readJson(response: Answer): Promise<unknown> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of response.body) pieces.push(piece);
  } catch (error) {
    throw isGone(error) ? agentLost(error) : error;
  }
  const value: unknown = JSON.parse(Buffer.concat(pieces).toString());
  if (response.status !== 200) throw fromWire(value as WireError);
  return value;
}
