/**
 * The Compose language: files and variables to a checked project.
 * Goes in: a reader of files, the caller's environment and options. Comes out: a `Project`, or every mistake with its place.
 * Loading runs in phases (`load/load.ts`), each a small file; what differs by attribute stands in tables.
 * `plan/` turns the project and what is on the machine into a plan.
 * It never touches the machine: no file but through the reader, no process, no clock.
 */

export type { Explanation } from './explain/explanation.ts';
export { explain } from './explain/index.ts';
export { printExplanations } from './explain/print.ts';
export { type LoadResult, load } from './load/load.ts';
export { parsePort } from './load/ports.ts';
export { printConfig } from './load/print.ts';
export { loadPrinted } from './load/printed.ts';
export type { LoadOptions, Reader } from './load/reader.ts';
export { renderProblem } from './load/render.ts';

export { parseVolume } from './load/volumes.ts';
