/**
 * Starts `conmon`, which has the OCI runtime create the container and then holds its stdio, log and exit status.
 * It goes into a session of its own and outlives us.
 *
 * The handshake: conmon waits for a byte on `_OCI_STARTPIPE`, forks twice, and answers with one JSON line on
 * `_OCI_SYNCPIPE`: `{"data": <pid>}`, or `{"data": -1, "message": …}`.
 * @see conmon, src/conmon.c, src/parent_pipe_fd.c; podman, libpod/oci_conmon_common.go
 */

import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { HostError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { plainEnvironment } from '../host/processes.ts';
import { jsonObject } from './failures.ts';
import { globalOptions, type OciRuntime } from './oci-command.ts';
import type { RuntimePaths } from './paths.ts';

export interface MonitorRequest {
  readonly id: string;
  readonly name: string;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  readonly stdinOnce?: boolean;
  readonly keepsLog: boolean;
}

export interface MonitorTools {
  readonly conmon: string;
  readonly runtime: OciRuntime;
}

/** `pid` of the waiting container process, or what the OCI runtime said. */
export type MonitorAnswer = { readonly pid: number } | { readonly failure: string };

/** As long as the slowest disk may take; nothing ever came after this. */
const answerTimeoutMs = 240_000;

export async function startMonitor(
  host: Host,
  tools: MonitorTools,
  paths: RuntimePaths,
  request: MonitorRequest,
): Promise<MonitorAnswer> {
  const argv = conmonArgv(tools, paths, request);
  const child = await host.spawn(argv, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'feed'],
    env: { ...plainEnvironment, _OCI_SYNCPIPE: '3', _OCI_STARTPIPE: '4' },
    cwd: paths.bundle(request.id),
    detached: true,
  });
  const [, , stderr = null, sync, start] = child.stdio;
  if (!sync || !start) throw new Error('conmon was started without its pipes');
  const complaint = collectText(stderr);
  // conmon may die before it reads; the missing answer tells.
  start.on('error', () => undefined);
  start.end('\0');
  const timer = setTimeout(() => sync.destroy(), answerTimeoutMs);
  try {
    return interpret(await firstLine(sync), complaint());
  } finally {
    clearTimeout(timer);
    sync.destroy();
    stderr?.destroy();
  }
}

function conmonArgv(
  { conmon, runtime }: MonitorTools,
  paths: RuntimePaths,
  { id, name, tty, stdinOpen, stdinOnce = false, keepsLog }: MonitorRequest,
): [string, ...string[]] {
  const runtimeArgs = [
    ...globalOptions(runtime.name, paths),
    '--log-format=json',
    `--log=${paths.file(id, 'oci.log')}`,
  ];
  return [
    conmon,
    ...['--api-version', '1', '-c', id, '-u', id, '-n', name, '-r', runtime.program],
    ...['-b', paths.bundle(id), '-p', paths.file(id, 'pidfile'), '-P', paths.file(id, 'conmon.pid')],
    ...['--exit-dir', paths.exits, '--full-attach', '--log-level', 'error'],
    ...['-l', keepsLog ? `k8s-file:${paths.log(id)}` : 'none'],
    // The log is in the page cache, which no crash of ours can take; waiting for the disk would delay every exit.
    '--no-sync-log',
    ...runtimeArgs.flatMap((argument) => ['--runtime-arg', argument]),
    ...(tty ? ['-t'] : []),
    ...(stdinOpen ? ['-i'] : []),
    ...(stdinOpen && !stdinOnce ? ['--leave-stdin-open'] : []),
  ];
}

function interpret(line: string, complaint: string): MonitorAnswer {
  const answer = jsonObject(line);
  if (typeof answer?.data === 'number' && answer.data > 0) return { pid: answer.data };
  if (answer !== undefined) return { failure: String(answer.message ?? complaint) };
  throw new HostError(
    'HOST_COMMAND_FAILED',
    `conmon ended without an answer: ${complaint.trim() || 'it said nothing'}`,
  );
}

/** Everything up to the first newline, or to the end of the stream. */
async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  const complete = new Promise<void>((resolve) => {
    stream.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve();
    });
  });
  await Promise.race([complete, finished(stream, { writable: false }).catch(ignoreClosedEarly)]);
  return text.split('\n', 1)[0] ?? '';
}

/** The time limit destroys the stream, and a killed conmon resets it: both mean that there is no answer. */
function ignoreClosedEarly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET') throw error;
}

function collectText(stream: Readable | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
