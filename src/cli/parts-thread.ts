/** The thread that makes some of the parts of a big file; built as a script of its own. */
import { makeParts, type PartsJob } from '../compose/load/parts/index.ts';
import { answerJob } from '../host/one-job.ts';
import { commandReader } from './command-files.ts';

answerJob((job: PartsJob) => makeParts(job, commandReader()));
