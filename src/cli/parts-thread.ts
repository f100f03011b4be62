/** The thread that makes half of the parts of a big file; built as a script of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeParts, type PartsJob } from '../compose/load/parts/index.ts';
import { commandReader } from './command-files.ts';

void makeParts(workerData as PartsJob, commandReader()).then((made) => {
  parentPort?.postMessage(made);
  // At once: nothing that could be kept is waited for.
  process.exit();
});
