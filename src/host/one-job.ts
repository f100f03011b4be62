/** A thread for one job: it is started ahead, gets its job when there is one, and ends with its answer. */
import { parentPort, Worker } from 'node:worker_threads';

/** Answers `undefined` when there can be no thread, or it ends without an answer. */
export type Thread<Job, Answer> = (job: Job) => Promise<Answer | undefined>;

export function startThread<Job, Answer>(script: string): Thread<Job, Answer> {
  let worker: Worker | undefined;
  const ended = new Promise<Answer | undefined>((resolve) => {
    let answer: Answer | undefined;
    worker = new Worker(script, { execArgv: [] })
      .on('message', (message: Answer) => {
        answer = message;
      })
      .on('error', () => resolve(undefined))
      .on('exit', () => resolve(answer));
  }).catch(() => undefined);
  // Without a job it keeps nobody waiting.
  worker?.unref();
  return (job) => {
    worker?.ref();
    worker?.postMessage(job);
    return ended;
  };
}

/** The other end. */
export function answerJob<Job, Answer>(work: (job: Job) => Promise<Answer>): void {
  parentPort?.once('message', (job: Job) => {
    void work(job).then((answer) => {
      parentPort?.postMessage(answer);
      // At once: nothing that could be kept is waited for.
      process.exit();
    });
  });
}
