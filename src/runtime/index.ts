/**
 * Runs containers: OCI bundles that `crun` (or `runc`) starts and `conmon` watches, so that they outlive us.
 * Goes in: a request with everything resolved, host paths included. Comes out: processes, exits, logs, health.
 * What is needed to know a container again lies in its bundle: any later process can take over.
 * It never chooses whether something runs, and knows no project, image, network or volume.
 * @see OCI runtime-spec; moby, daemon/pkg/oci; conmon
 */
export type * from './container.ts';
export * from './health.ts';
export { findProgram } from './oci-command.ts';
export * from './restart.ts';
export { createRuntime, type RuntimeOptions } from './runtime.ts';
export { signalNumber } from './signals.ts';
