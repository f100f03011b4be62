/** A thread for one job: it is started for it, and ends with its answer. */
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** `undefined` when there can be no thread, or it ends without an answer. */
export function inThread<Job, Answer>(script: string, job: Job): Promise<Answer | undefined> {
  return new Promise<Answer | undefined>((resolve) => {
    let answer: Answer | undefined;
    new Worker(script, { workerData: job, execArgv: [] })
      .on('message', (message: Answer) => {
        answer = message;
      })
      .on('error', () => resolve(undefined))
      .on('exit', () => resolve(answer));
  }).catch(() => undefined);
}

/** The other end. */
export async function answerJob<Job, Answer>(work: (job: Job) => Promise<Answer>): Promise<never> {
  parentPort?.postMessage(await work(workerData as Job));
  // At once: nothing that could be kept is waited for.
  process.exit();
}
