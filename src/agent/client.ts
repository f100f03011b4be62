/** The agent's face in this process. Nothing is started, and no connection made, before the first question. */
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { LoadOptions, LoadResult } from '../compose/index.ts';
import type { Plan } from '../compose/plan/plan.ts';
import { TscomposeError } from '../errors.ts';
import { type Directories, directoriesFor } from '../host/directories.ts';
import { type Files, systemFiles } from '../host/files.ts';
import { agentForbidden, isForbidden, isLost } from './absence.ts';
import { type Installation, readBuild, thisInstallation } from './installation.ts';
import { launchAgent } from './launcher.ts';
import { loadRequest } from './load.ts';
import { LogPosition } from './log-resume.ts';
import type { AgentClient } from './protocol.ts';
import { Transport } from './transport.ts';

export interface ConnectOptions {
  /** Chosen for the agent, should one have to be started, and for finding its directories. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directories?: Directories;
  /** False: fail with `AGENT_ABSENT` instead of starting one. */
  readonly start?: boolean;
  readonly installation?: Installation;
}

export async function connect(options: ConnectOptions = {}): Promise<AgentClient> {
  const { environment = process.env, start = true, installation = thisInstallation() } = options;
  const directories = options.directories ?? directoriesFor(environment, process.getuid?.() ?? 0);
  const socketPath = join(directories.run, 'agent.sock');
  refuseLongPath(socketPath);
  const transport = new Transport({
    socketPath,
    build: await readBuild(systemFiles),
    launch: start
      ? () => launchAgent({ files: systemFiles, directories, environment, installation })
      : () => Promise.reject(agentAbsent(directories.run)),
  });
  return clientOver(systemFiles, transport, (kind) => isEmpty(systemFiles, directories, kind));
}

/** @param isEmpty whether it is plain to see, without an agent, that there is no object of that kind */
export function clientOver(
  files: Files,
  transport: Transport,
  isEmpty: (kind: 'containers' | 'images' | 'networks' | 'volumes') => Promise<boolean>,
): AgentClient {
  return {
    load: async (options) => {
      const result = await loadedByAgent(files, transport, options);
      if (result === undefined && options.purpose === 'run') transport.prepare();
      return result ?? undefined;
    },
    apply: async (request, { onLine, signal }) => {
      let plan: Plan | undefined;
      await transport.stream('apply', request, {
        onLine: (line) => {
          if (line.kind === 'plan') plan = line.plan;
          onLine(line);
        },
        signal,
        cancel: true,
      });
      if (plan === undefined) throw new Error('the agent applied a plan that it did not tell');
      return plan;
    },
    containers: async (filter) => ((await isEmpty('containers')) ? [] : transport.call('containers', filter)),
    images: async () => ((await isEmpty('images')) ? [] : transport.call('images', {})),
    networks: async () => ((await isEmpty('networks')) ? [] : transport.call('networks', {})),
    volumes: async () => ((await isEmpty('volumes')) ? [] : transport.call('volumes', {})),
    logs: async (filter, query, onEntry, signal, onEnd) => {
      if (query.untilAborted !== true && (await isEmpty('containers'))) return;
      const position = new LogPosition();
      for (;;) {
        try {
          await transport.stream(
            'logs',
            { filter, query: position.resume(query) },
            {
              onLine: (line) => {
                if (!('kind' in line)) {
                  if (position.isNew(line)) onEntry(line);
                } else if (line.kind === 'end') onEnd?.(line);
              },
              signal,
            },
          );
          return;
        } catch (error) {
          if (signal?.aborted) return;
          if (!query.follow || !isLost(error)) throw error;
        }
      }
    },
    exec: (container, question) => transport.call('exec', { container, question }),
    attach: (container) => transport.call('attach', { container }),
    start: async (container, options) => void (await transport.call('start', { container, ...options })),
    stop: async (container, options) => void (await transport.call('stop', { container, ...options })),
    kill: async (container, signal) => void (await transport.call('kill', { container, signal })),
    removeContainer: async (container, options) =>
      void (await transport.call('removeContainer', { container, ...options })),
    wait: async (container, signal, run) => {
      const takes = run === undefined ? { container } : { container, run };
      return (await insist(() => transport.call('wait', takes, signal))).exitCode;
    },
    settled: async (project) => void (await insist(() => transport.call('settled', { project }))),
    top: (container) => transport.call('top', { container }),
    imagePull: (reference, { platform, onProgress, signal }) =>
      transport.stream('imagePull', platform === undefined ? { reference } : { reference, platform }, {
        onLine: (line) => {
          if ('text' in line) onProgress?.(line.text);
        },
        signal,
        cancel: true,
      }),
    imageResolve: (references, signal) => transport.call('imageResolve', { references }, signal),
    imageLoad: (archive) => transport.upload('imageLoad', {}, archive as Readable),
    imageImport: (archive, options) => transport.upload('imageImport', options, archive as Readable),
    imageSave: (references, to) => transport.download('imageSave', { references }, to),
    imageInspect: (reference) => transport.call('imageInspect', { reference }),
    imageHistory: (reference) => transport.call('imageHistory', { reference }),
    imageTag: async (source, target) => void (await transport.call('imageTag', { source, target })),
    imageRemove: (reference, options) => transport.call('imageRemove', { reference, ...options }),
    info: () => transport.call('info', {}),
    close: () => transport.close(),
  };
}

/** `undefined`: there is no agent of this build. `null`: it cannot do it. */
async function loadedByAgent(
  files: Files,
  transport: Transport,
  options: LoadOptions,
): Promise<LoadResult | null | undefined> {
  // Where there is no socket the code that would ask need not be loaded. What is wrong with it is told later.
  const isThere = await files.stat(transport.socketPath).catch(() => true);
  const request = isThere ? await loadRequest(files, options) : undefined;
  return request && transport.ask('load', request);
}

/** Asks the next agent what the lost one can no longer answer: containers outlive it, with their exit codes. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
}

/** A root without state need not wake an agent to say so. */
async function isEmpty(files: Files, { data, run }: Directories, kind: string): Promise<boolean> {
  try {
    if ((await files.stat(join(run, 'agent.sock'))) !== undefined) return false;
    return (await files.list(join(data, kind))).length === 0;
  } catch (error) {
    throw isForbidden(error) ? agentForbidden(run, error) : error;
  }
}

/** `sun_path` of `<linux/un.h>`, less its closing zero. */
const longestSocketPath = 107;

function refuseLongPath(path: string): void {
  if (Buffer.byteLength(path) <= longestSocketPath) return;
  throw new TscomposeError(
    'AGENT_SOCKET_PATH',
    `the path of the agent's socket is longer than ${longestSocketPath} bytes: ${path}`,
    { hint: 'set TSCOMPOSE_ROOT to a shorter directory' },
  );
}

function agentAbsent(run: string): TscomposeError {
  return new TscomposeError('AGENT_ABSENT', `no agent runs for ${run}`);
}
