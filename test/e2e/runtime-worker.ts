/** Runs inside the engine's mount namespace and answers calls on a `Runtime` over the IPC channel. */
import { directoriesFor } from '../../src/host/directories.ts';
import { systemHost } from '../../src/host/system-host.ts';
import {
  createRuntime,
  type Exit,
  type LogLine,
  type LogQuery,
  type Runtime,
} from '../../src/runtime/index.ts';
import { bindSubpath, createVolumeManager } from '../../src/volume/index.ts';
import type { Answer, Question } from './runtime-harness.ts';

const environment = { TSCOMPOSE_ROOT: process.env.TSCOMPOSE_ROOT };
const dirs = directoriesFor(environment, 0);
const wanted = process.env.TSCOMPOSE_RUNTIME;
const runtime = createRuntime(systemHost, dirs, wanted === undefined ? {} : { runtime: wanted });
const volumes = createVolumeManager(systemHost, dirs);

const calls: Record<string, (...args: never[]) => unknown> = {
  name: () => runtime.name,
  /** Binds in this mount namespace. */
  bindSubpath: (request: Parameters<typeof bindSubpath>[1]) => bindSubpath(systemHost, request),
  /** The contract's calls that take a signal, without it. */
  exit: (id: string, created: Parameters<Runtime['exit']>[1]): Promise<Exit> =>
    runtime.exit(id, created, AbortSignal.timeout(30_000)),
  logs: (id: string, query: LogQuery): Promise<LogLine[]> =>
    collect(runtime.logs(id, query, AbortSignal.timeout(30_000))),
};

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function answer({ target, method, args }: Question): Promise<unknown> {
  const own = target === 'runtime' ? calls[method] : undefined;
  if (own !== undefined) return own(...(args as never[]));
  const subject = (target === 'runtime' ? runtime : volumes) as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  return subject[method]?.(...args);
}

process.on('message', (question: Question) => {
  const reply = (message: Omit<Answer, 'number'>): void => {
    process.send?.({ number: question.number, ...message });
  };
  answer(question).then(
    (value) => reply({ ok: true, value }),
    (error) =>
      reply({
        ok: false,
        error: { message: error.message, code: error.code, exitCode: error.exitCode, hint: error.hint },
      }),
  );
});
process.on('disconnect', () => process.exit(0));
