/** Programs that the engine uses: all that are missing are named before anything is opened. */
import type { Host } from '../host/host.ts';
import { missingPrograms } from '../host/processes.ts';
import { findProgram } from '../runtime/index.ts';

/** Any one of a line will do; the first is the one to install. */
const used: readonly (readonly [string, ...string[]])[] = [['crun', 'runc'], ['conmon'], ['nft']];

/** Only containers with networks need it, and who makes one finds out. */
const dispensable = 'nft';

/** @throws HostError `HOST_TOOL_MISSING` naming every program and the packages that bring them */
export async function requireTools(host: Host): Promise<void> {
  const found = await Promise.all(
    used.map((programs) => Promise.all(programs.map((program) => findProgram(host, program)))),
  );
  const missing = used.flatMap(([program], at) =>
    found[at]?.every((path) => path === undefined) ? [program] : [],
  );
  if (missing.some((program) => program !== dispensable)) throw missingPrograms(missing);
}
