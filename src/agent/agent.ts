/**
 * The agent's life: it listens, serves while anything needs it, and leaves without a trace.
 * Containers never depend on it: it may leave, or be killed, while they run.
 */
import type { Server } from 'node:http';
import { join } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { Directories } from '../host/directories.ts';
import { removeEmptyDirectories } from '../host/empty-directories.ts';
import { asHostError } from '../host/files.ts';
import type { Host } from '../host/host.ts';
import { ProjectLocks } from './project-locks.ts';
import type { About, ServedEngine } from './routes.ts';
import { agentServer } from './server.ts';

export interface AgentOptions {
  readonly host: Host;
  readonly directories: Directories;
  readonly createEngine: () => Promise<ServedEngine>;
  readonly version: string;
  readonly build: string;
  /** How long it stays with no container running, no client and no request. */
  readonly idleMs: number;
  /** How long one that hands over may go on with changes that are being made. Clients wait longer than that. */
  readonly handOverMs?: number;
}

/** Why the agent leaves. Only an idle one clears up: the others leave containers, or a successor, behind. */
type Reason = 'idle' | 'terminated' | 'handed over';

/** In the run directory: the runtime's compiled seccomp filters, and last the lock: then a successor may begin. */
const ownLeftovers = ['filters', 'agent.log', 'agent.lock'];

const usualHandOverMs = 20_000;

const longestLogBytes = 1024 * 1024;
const lookAtLogMs = 60_000;

export class Agent {
  /** Resolves when the agent has left and the process may end. @throws what kept it from leaving in order */
  readonly left: Promise<void>;

  private readonly locks = new ProjectLocks();
  private readonly leaving = new AbortController();
  private readonly terminated = new AbortController();
  private readonly server: Server;
  private readonly engine: Promise<ServedEngine>;
  private readonly options: AgentOptions;
  private connections = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  private logTimer: NodeJS.Timeout | undefined;
  private reason: Reason | undefined;
  private leavesWith: (departure: Promise<void>) => void = () => undefined;

  /**
   * Listens first, so that whoever comes meanwhile waits for the engine instead of starting a second agent.
   * @throws what creating the engine threw, after telling it to those who waited
   */
  static async start(options: AgentOptions): Promise<Agent> {
    const agent = new Agent(options, await describe(options));
    // It is awaited below; until then a failure must not count as unhandled.
    agent.engine.catch(() => undefined);
    await agent.listen();
    try {
      await agent.engine;
    } catch (error) {
      await agent.closeServer();
      throw error;
    }
    agent.watchIdleness();
    agent.logTimer = setInterval(() => void agent.boundLog(), lookAtLogMs).unref();
    return agent;
  }

  private constructor(options: AgentOptions, about: About) {
    this.options = options;
    this.left = new Promise((resolve) => {
      this.leavesWith = resolve;
    });
    this.engine = options.createEngine();
    this.server = agentServer({
      engine: this.engine,
      locks: this.locks,
      build: options.build,
      about,
      leaving: this.leaving.signal,
      terminated: this.terminated.signal,
      handOver: () => this.leave('handed over'),
    });
    this.server.on('connection', (socket) => {
      this.connections += 1;
      clearTimeout(this.idleTimer);
      socket.once('close', () => {
        this.connections -= 1;
        this.watchIdleness();
      });
    });
  }

  /**
   * Ends what only looks on, lets changes that are being made end (cut short when terminated, or when they take too
   * long), and goes.
   * Asking twice is fine.
   */
  leave(reason: Reason): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.leavesWith(this.depart(reason));
  }

  private async depart(reason: Reason): Promise<void> {
    clearTimeout(this.idleTimer);
    clearInterval(this.logTimer);
    this.leaving.abort(agentLeft());
    const cutShort = (): void => this.terminated.abort(agentLeft());
    if (reason === 'terminated') cutShort();
    const patience = setTimeout(cutShort, this.options.handOverMs ?? usualHandOverMs);
    await this.closeServer();
    await this.locks.whenFree();
    clearTimeout(patience);
    const engine = await this.engine;
    await engine.close();
    if (reason === 'idle') await this.clearUp();
  }

  private async listen(): Promise<void> {
    const path = join(this.options.directories.run, 'agent.sock');
    // Left by an agent that was killed: nobody listens there, because we hold the lock.
    await this.options.host.files.remove(path);
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(asHostError(`listen on ${path}`, error)));
      const mask = process.umask(0o177);
      this.server.listen(path, resolve);
      process.umask(mask);
    });
  }

  /** The socket's file goes first; requests that are being answered are answered to their end. */
  private async closeServer(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    const sweep = setInterval(() => this.server.closeIdleConnections(), 20);
    await closed;
    clearInterval(sweep);
  }

  private watchIdleness(): void {
    clearTimeout(this.idleTimer);
    if (this.reason !== undefined || this.connections > 0) return;
    this.idleTimer = setTimeout(async () => {
      const isIdle = !this.locks.isBusy && (await this.engine).idle();
      if (isIdle && this.connections === 0) this.leave('idle');
      else this.watchIdleness();
    }, this.options.idleMs);
  }

  /** Everybody appends to the log, so that it can be emptied under them. */
  private async boundLog(): Promise<void> {
    const { files } = this.options.host;
    const log = join(this.options.directories.run, 'agent.log');
    const size = (await files.stat(log))?.size ?? 0;
    if (size > longestLogBytes) await files.write(log, '');
  }

  private async clearUp(): Promise<void> {
    const { host, directories } = this.options;
    for (const name of ownLeftovers) await host.files.remove(join(directories.run, name));
    await removeEmptyDirectories(directories.run);
  }
}

async function describe({ host, directories: { data, run }, version }: AgentOptions): Promise<About> {
  const unified = await host.files.stat('/sys/fs/cgroup/cgroup.controllers');
  return { version, root: data, run, cgroupVersion: unified === undefined ? 1 : 2 };
}

function agentLeft(): TscomposeError {
  return new TscomposeError('AGENT_LEFT', 'the agent left before the work was done', {
    hint: 'run the same command again',
  });
}
