/**
 * Threads for long synchronous work. A pool starts threads as jobs come, at most `size`, keeps them while there
 * is work and lets them go soon after. A job that is aborted takes its thread with it.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';
import { HostError, TscomposeError } from '../errors.ts';

export interface WorkerPool<Input, Output> {
  /** @throws what the job threw, as the same kind of error; the signal's reason when aborted */
  run(input: Input, signal?: AbortSignal): Promise<Output>;
}

/** The script of that name beside the running bundle; `undefined` when running from sources, where there is none. */
export function builtWorker(name: string): string | undefined {
  const path = join(import.meta.dirname, `${name}.cjs`);
  return existsSync(path) ? path : undefined;
}

export function createWorkerPool<Input, Output>(
  script: string,
  size = availableParallelism(),
): WorkerPool<Input, Output> {
  const waiting: Job<Input, Output>[] = [];
  const idle: Worker[] = [];
  let threads = 0;

  const next = (): void => {
    while (waiting.length > 0 && (idle.length > 0 || threads < size)) {
      const job = waiting.shift() as Job<Input, Output>;
      if (job.signal?.aborted) job.reject(job.signal.reason);
      else carryOut(job, idle.pop() ?? start());
    }
  };

  const start = (): Worker => {
    threads++;
    const worker = new Worker(script, { execArgv: [] });
    worker.once('exit', () => {
      threads--;
      const place = idle.indexOf(worker);
      if (place !== -1) idle.splice(place, 1);
      next();
    });
    return worker;
  };

  const carryOut = (job: Job<Input, Output>, worker: Worker): void => {
    worker.ref();
    const settle = (): void => {
      worker.removeAllListeners('message').removeAllListeners('error');
      worker.off('exit', onExit);
      job.signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      settle();
      // Its open files are closed by then, so that the caller can clean up after it.
      void worker.terminate().then(() => job.reject(job.signal?.reason));
    };
    const onExit = (code: number): void => {
      settle();
      job.reject(new Error(`the thread of ${script} ended with ${code}`));
    };
    worker.once('message', (answer: Answer<Output>) => {
      settle();
      rest(worker);
      if ('output' in answer) job.resolve(answer.output);
      else job.reject(revive(answer.error));
    });
    worker.once('error', (error) => {
      settle();
      job.reject(error);
    });
    worker.once('exit', onExit);
    job.signal?.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(job.input);
  };

  const rest = (worker: Worker): void => {
    idle.push(worker);
    worker.unref();
    next();
    setTimeout(() => {
      if (idle.includes(worker)) void worker.terminate();
    }, restMs).unref();
  };

  return {
    run: (input, signal) =>
      new Promise((resolve, reject) => {
        waiting.push({ input, signal, resolve, reject });
        next();
      }),
  };
}

/** How long a thread waits for another job. */
const restMs = 1000;

/** The other end: answers every job the pool sends to this thread. */
export function serveJobs<Input, Output>(work: (input: Input) => Promise<Output>): void {
  parentPort?.on('message', (input: Input) => {
    work(input).then(
      (output) => parentPort?.postMessage({ output } satisfies Answer<Output>),
      (error: unknown) => parentPort?.postMessage({ error: flatten(error) } satisfies Answer<Output>),
    );
  });
}

interface Job<Input, Output> {
  readonly input: Input;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (output: Output) => void;
  readonly reject: (reason: unknown) => void;
}

type Answer<Output> = { readonly output: Output } | { readonly error: FlatError };

/** An error as it crosses threads: structured cloning would lose code and hint. */
interface FlatError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code?: string;
  readonly hint?: string | undefined;
}

function flatten(error: unknown): FlatError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  if (!(error instanceof TscomposeError)) return { name, message, stack };
  return { name, message, stack, code: error.code, hint: error.hint };
}

function revive({ name, message, stack, code, hint }: FlatError): Error {
  if (code === undefined) return Object.assign(new Error(message), { name, stack });
  const Kind = name === 'HostError' ? HostError : TscomposeError;
  return new Kind(code, message, hint === undefined ? {} : { hint });
}
