import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as httpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, Connections } from '../../src/agent/connections.ts';

let directory: string;
let path: string;
let servers: Server[];
let connections: Connections;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tsc-'));
  path = join(directory, 'sock');
  servers = [];
  connections = new Connections(path);
});
afterEach(async () => {
  connections.close();
  for (const server of servers) server.close();
  await rm(directory, { recursive: true });
});

async function listening<Kind extends Server>(server: Kind): Promise<Kind> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

/** Answers every request with these pieces, each by itself; a `null` hangs up. */
async function answering(...pieces: readonly (string | null)[]): Promise<{ connected: number }> {
  const seen = { connected: 0 };
  await listening(
    createServer((socket) => {
      seen.connected += 1;
      socket.on('error', () => undefined).on('data', () => void speak(socket, pieces));
    }),
  );
  return seen;
}

async function speak(socket: Socket, pieces: readonly (string | null)[]): Promise<void> {
  for (const piece of pieces) {
    if (piece === null) socket.end();
    else socket.write(piece);
    await sleep(2);
  }
}

const ask = (signal?: AbortSignal): Promise<Answer> =>
  connections.exchange({ path: '/x', headers: {}, body: '{}', signal });

async function textOf({ body }: Answer): Promise<string> {
  let text = '';
  for await (const piece of body) text += piece.toString();
  return text;
}

describe('an exchange with the agent', () => {
  it('is what a server of Node understands, and understands what that answers', async () => {
    const server = httpServer((request, response) => {
      const pieces: Buffer[] = [];
      request
        .on('data', (piece) => pieces.push(piece))
        .on('end', () => {
          const said = [request.method, request.url, request.headers['x-build'], Buffer.concat(pieces)];
          response.statusCode = 409;
          if (request.url === '/whole') response.end(said.join(' '));
          else for (const word of said) response.write(`${word} `);
          response.end();
        });
    });
    await listening(server);
    const about = { headers: { 'x-build': 'b1' }, body: 'größer' };
    const whole = await connections.exchange({ path: '/whole', ...about });
    expect([whole.status, await textOf(whole)]).toEqual([409, 'POST /whole b1 größer']);
    const chunked = await connections.exchange({ path: '/parts', ...about });
    expect([chunked.status, await textOf(chunked)]).toEqual([409, 'POST /parts b1 größer ']);
  });

  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world'],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\n\r\n',
    ],
  ])('reads a body %s however the bytes are cut', async (_, answer) => {
    await answering(...answer);
    const found = await ask();
    expect([found.status, await textOf(found)]).toEqual([200, 'hello world']);
  });

  it('keeps a connection that was read to its end, and no other', async () => {
    const seen = await answering('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nwell');
    await textOf(await ask());
    await textOf(await ask());
    expect(seen.connected).toBe(1);
    for await (const _piece of (await ask()).body) break;
    await textOf(await ask());
    expect(seen.connected).toBe(2);
  });

  it('keeps no connection that the server closes', async () => {
    const seen = await answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
    await textOf(await ask());
    await textOf(await ask());
    expect(seen.connected).toBe(2);
  });

  it.each([
    ['before the answer', [null]],
    ['within the head', ['HTTP/1.1 200 OK\r\ncont', null]],
    ['within the body', ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', null]],
    ['between two chunks', ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n', null]],
  ])('whose server hangs up %s fails', async (_, pieces) => {
    await answering(...pieces);
    await expect(ask().then(textOf)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('with nobody fails as the socket does', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that is given up before or within the answer fails with the reason', async () => {
    await answering('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
    const enough = new AbortController();
    const answer = await ask(enough.signal);
    const reading = textOf(answer);
    await sleep(10);
    enough.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(ask(enough.signal)).rejects.toThrow('enough');
  });

  it('that is under way when the client closes fails', async () => {
    await answering('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
    const reading = ask().then(textOf);
    await sleep(10);
    connections.close();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
