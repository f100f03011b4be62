/** An archive on its way to the agent: an exchange whose body comes from a stream, so Node's own client does it. */
import { type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './connections.ts';

export interface ArchiveRequest {
  readonly socketPath: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Resolves with the agent's answer, which may come before it has read everything. @throws Error of the socket */
export async function sendArchive(
  { socketPath, path, headers }: ArchiveRequest,
  archive: Readable,
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ socketPath, path, headers, method: 'POST', agent: false }, resolve);
    outgoing.on('error', reject);
    pipeline(archive, outgoing).catch(reject);
  });
  return {
    status: response.statusCode ?? 0,
    body: response,
    destroy: (reason) => void response.destroy(reason),
  };
}
