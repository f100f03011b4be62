/** The thread that unpacks layers; built as a script of its own beside the agent's. */
import { serveJobs } from '../host/workers.ts';
import { type UnpackJob, unpackLayer } from './layers/unpack.ts';

serveJobs((job: UnpackJob) => unpackLayer(job));
