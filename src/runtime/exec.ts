/** Running a command in a container that runs: the process description, and the OCI runtime's `exec` as a direct child. */
import { randomBytes } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { HostError, TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { plainEnvironment } from '../host/processes.ts';
import { processStat, sendSignal } from '../host/procfs.ts';
import { readUserFiles } from './bundle.ts';
import { capabilitySets } from './capabilities.ts';
import type { ExecRequest } from './container.ts';
import { mergeEnvironment, variable } from './environment.ts';
import { type OciProcess, toJson } from './oci.ts';
import { exactLimits } from './rlimits.ts';
import { resolveUser, type UserFiles } from './users.ts';

/**
 * The container's own process with the request laid over it. Another user gets that user's groups and home,
 * unless the container's HOME was not its user's own but set on purpose.
 */
export function execProcess(
  base: OciProcess,
  request: ExecRequest,
  users: UserFiles,
  hostCapabilities: readonly string[],
): OciProcess {
  const own = resolveUser(String(base.user.uid), [], users);
  const { home, ...user } =
    request.user === undefined || request.user === ''
      ? { ...base.user, home: own.home }
      : resolveUser(request.user, request.groupAdd, users);
  const keepsHome = variable(base.env, 'HOME') !== own.home;
  const { apparmorProfile, ...rest } = base;
  return {
    ...rest,
    ...(apparmorProfile === undefined || request.privileged ? {} : { apparmorProfile }),
    terminal: request.tty,
    user,
    args: request.args,
    env: mergeEnvironment(base.env, [
      ...(request.tty && variable(base.env, 'TERM') === undefined ? ['TERM=xterm'] : []),
      ...(keepsHome ? [] : [`HOME=${home}`]),
      ...request.env,
    ]),
    cwd: request.cwd ?? base.cwd,
    capabilities: capabilitySets(
      request.privileged ? hostCapabilities : (base.capabilities.bounding ?? []),
      user.uid,
    ),
    noNewPrivileges: base.noNewPrivileges && !request.privileged,
  };
}

export interface ExecFiles {
  readonly process: OciProcess;
  /** Path of its description. */
  readonly processFile: string;
}

export async function writeProcessFile(
  host: Host,
  bundle: string,
  base: OciProcess,
  request: ExecRequest,
  hostCapabilities: readonly string[],
): Promise<ExecFiles> {
  const root = await rootOf(host, bundle);
  const process = execProcess(base, request, await readUserFiles(root), hostCapabilities);
  const processFile = `${bundle}/exec-${randomBytes(6).toString('hex')}.json`;
  await host.files.write(processFile, toJson(process), 0o600);
  return { process, processFile };
}

async function rootOf(host: Host, bundle: string): Promise<string> {
  return (await readConfig(host, bundle)).root.path;
}

/** The bundle's configuration, as far as a command needs it. @throws TscomposeError `CONTAINER_NOT_RUNNING` */
export async function readConfig(
  host: Host,
  bundle: string,
): Promise<{ readonly process: OciProcess; readonly root: { readonly path: string } }> {
  const text = await host.files.readText(`${bundle}/config.json`);
  if (text === undefined)
    throw new TscomposeError('CONTAINER_NOT_RUNNING', `there is no running container in ${bundle}`);
  const { process, root } = JSON.parse(text);
  const limits = process.rlimits === undefined ? {} : { rlimits: exactLimits(process.rlimits) };
  return { process: { ...process, ...limits }, root };
}

export interface ExecOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly maxOutputBytes?: number;
}

export interface ExecResult {
  readonly code: number;
  /** Both streams as they came, from the start. */
  readonly output: string;
  readonly timedOut: boolean;
  /** False when the OCI runtime refused, and the output is its own. */
  readonly started: boolean;
}

const SIGKILL = 9;
/** How long output is still awaited after the end, when a left-behind child holds the pipes open. */
const lingerMs = 100;

/**
 * Runs `exec` to its end. On time-out or signal the command is killed with its process group:
 * killing the OCI runtime would leave it running inside.
 * @param pidFile written by the OCI runtime once the command exists
 */
export async function runExec(
  host: Host,
  argv: readonly [string, ...string[]],
  pidFile: string,
  options: ExecOptions,
): Promise<ExecResult> {
  const child = await host.spawn(argv, { stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment });
  const outputs = child.stdio.filter((stream) => stream !== null);
  const output = boundedOutput(options.maxOutputBytes ?? 1 << 20);
  for (const stream of outputs) stream.on('data', output.take);

  let timedOut = false;
  const end = (): void => void killCommand(host, pidFile, () => child.kill('SIGKILL'));
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  try {
    const { code } = await child.exit;
    const closed = Promise.all(outputs.map((stream) => finished(stream).catch(() => undefined)));
    await Promise.race([closed, host.clock.sleep(lingerMs)]);
    const started = (await host.files.readText(pidFile)) !== undefined;
    return { code, output: output.text(), timedOut, started };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    for (const stream of outputs) stream.destroy();
    await host.files.remove(pidFile);
  }
}

/** Before the pid is known the command has not begun: then the OCI runtime is the one to end. */
async function killCommand(host: Host, pidFile: string, otherwise: () => void): Promise<void> {
  const pid = Number((await host.files.readText(pidFile)) ?? '');
  const command = pid > 1 ? processStat(pid) : undefined;
  if (command === undefined) return otherwise();
  if (command.group > 1 && command.group !== processStat(process.pid)?.group)
    sendSignal(-command.group, SIGKILL);
  sendSignal(pid, SIGKILL);
}

function boundedOutput(limit: number): { take: (chunk: Buffer) => void; text: () => string } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    take: (chunk) => {
      if (size < limit) chunks.push(chunk.subarray(0, limit - size));
      size += chunk.length;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** @throws TscomposeError `CONTAINER_PAUSED`, or the OCI runtime's words as a `HostError` */
export function execRefusal(id: string, said: string): Error {
  if (/paused|frozen/i.test(said))
    return new TscomposeError('CONTAINER_PAUSED', `container ${id.slice(0, 12)} is paused`, {
      hint: 'unpause it first',
    });
  return new HostError('HOST_COMMAND_FAILED', `cannot run the command: ${said}`);
}
