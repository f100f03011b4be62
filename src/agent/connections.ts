/**
 * HTTP/1.1 over the agent's socket, one exchange at a time on a connection that is kept for the next.
 * Goes in: path, headers and body. Comes out: the status and the body as it arrives.
 *
 * Node's own client does this too; loading it and its first request cost a command a third of what Node's start costs.
 * So it speaks what the agent's server speaks and no more: bodies with a length or in chunks, no trailers, no interim
 * answers. @see RFC 9112, sections 4, 6 and 7.1
 */
import { connect, type Socket } from 'node:net';

export interface ExchangeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Raised: hangs up, before or within the answer. */
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  /** Read no faster than it is asked for. @throws Error as the socket does; `ECONNRESET` when it ends too soon */
  readonly body: AsyncIterable<Buffer>;
  /** Hangs up: whoever reads the body is told why. */
  destroy(reason: Error): void;
}

/** Shorter than an idle agent's patience, longer than a person's between two commands of one process. */
const keepMs = 5_000;

export class Connections {
  private readonly socketPath: string;
  private readonly open = new Set<Connection>();
  private kept: Connection | undefined;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** @throws Error of the socket: `ENOENT` or `ECONNREFUSED` when nobody listens */
  async exchange(request: ExchangeRequest): Promise<Answer> {
    request.signal?.throwIfAborted();
    const connection = this.take();
    const { socket } = connection;
    const hangUp = (): void => void socket.destroy(request.signal?.reason);
    request.signal?.addEventListener('abort', hangUp, { once: true });
    const over = (isWhole: boolean): void => {
      request.signal?.removeEventListener('abort', hangUp);
      if (isWhole) this.keep(connection);
      else socket.destroy();
    };
    try {
      socket.write(`${headOf(request)}${request.body}`);
      const head = await connection.head();
      return {
        status: head.status,
        body: wholeOrNot(connection.body(head), (isWhole) => over(isWhole && head.keepsAlive)),
        destroy: (reason) => {
          socket.destroy(reason);
          over(false);
        },
      };
    } catch (error) {
      over(false);
      throw error;
    }
  }

  /** Hangs up, also where an answer is still to come. */
  close(): void {
    for (const { socket } of this.open) socket.destroy(endedTooSoon());
  }

  private take(): Connection {
    const { kept } = this;
    this.kept = undefined;
    return kept?.reused() ?? this.connect();
  }

  private connect(): Connection {
    const connection = new Connection(connect(this.socketPath));
    this.open.add(connection);
    connection.socket.once('close', () => this.open.delete(connection));
    return connection;
  }

  /** Keeping it is no reason for this process to live. */
  private keep(connection: Connection): void {
    this.kept?.socket.destroy();
    this.kept = connection;
    connection.rest(keepMs);
  }
}

interface Head {
  readonly status: number;
  /** Bytes of the body. */
  readonly length: number;
  readonly isChunked: boolean;
  readonly keepsAlive: boolean;
}

class Connection {
  readonly socket: Socket;
  private readonly pieces: AsyncIterator<Buffer>;
  /** Arrived and not yet read. */
  private arrived: Buffer = Buffer.alloc(0);
  private resting: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.pieces = socket[Symbol.asyncIterator]();
    // Whoever reads is told; nobody may be reading.
    socket.on('error', () => undefined);
  }

  rest(forMs: number): void {
    this.socket.unref();
    this.resting = setTimeout(() => this.socket.destroy(), forMs).unref();
  }

  reused(): this | undefined {
    clearTimeout(this.resting);
    if (this.socket.destroyed) return undefined;
    this.socket.ref();
    return this;
  }

  async head(): Promise<Head> {
    const status = Number((await this.line()).split(' ')[1]);
    const headers = new Map<string, string>();
    for (let line = await this.line(); line !== ''; line = await this.line()) {
      const colon = line.indexOf(':');
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    return {
      status,
      length: Number(headers.get('content-length') ?? 0),
      isChunked: headers.get('transfer-encoding') === 'chunked',
      keepsAlive: headers.get('connection') !== 'close',
    };
  }

  async *body({ length, isChunked }: Head): AsyncGenerator<Buffer> {
    if (!isChunked) return yield* this.bytes(length);
    while (true) {
      const size = Number.parseInt(await this.line(), 16);
      yield* this.bytes(size);
      // After the last chunk this is the empty list of trailers.
      await this.line();
      if (size === 0) return;
    }
  }

  private async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.arrived.length === 0) await this.more();
      const piece = this.arrived.subarray(0, left);
      this.arrived = this.arrived.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  private async line(): Promise<string> {
    let end = this.arrived.indexOf('\r\n');
    for (; end === -1; end = this.arrived.indexOf('\r\n')) await this.more();
    const line = this.arrived.toString('latin1', 0, end);
    this.arrived = this.arrived.subarray(end + 2);
    return line;
  }

  private async more(): Promise<void> {
    const { done, value } = await this.pieces.next();
    if (done) throw endedTooSoon();
    this.arrived = this.arrived.length === 0 ? value : Buffer.concat([this.arrived, value]);
  }
}

function endedTooSoon(): Error {
  return Object.assign(new Error('the connection ended too soon'), { code: 'ECONNRESET' });
}

function headOf({ path, headers, body }: ExchangeRequest): string {
  const lines = Object.entries({ host: 'agent', ...headers, 'content-length': Buffer.byteLength(body) });
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** Tells once whether it was read to its end. */
async function* wholeOrNot(
  body: AsyncGenerator<Buffer>,
  over: (isWhole: boolean) => void,
): AsyncGenerator<Buffer> {
  let isWhole = false;
  try {
    yield* body;
    isWhole = true;
  } finally {
    over(isWhole);
  }
}
