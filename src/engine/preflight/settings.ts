/** Capabilities, limits, devices and the like that this host cannot give. */
import type { Problem } from '../../errors.ts';
import { placeOf, problemOf, type Question } from './question.ts';

export async function settingProblems({ parts, specs, places }: Question): Promise<Problem[]> {
  const problems: Problem[] = [];
  // Replicas ask for the same.
  for (const spec of new Map(specs.map((one) => [one.service, one])).values()) {
    for (const { attribute, error } of await parts.runtime.refusals(spec)) {
      const base = `services.${spec.service}`;
      const spellings = [attribute, ...(deployed[attribute] ?? [])].map((path) => `${base}.${path}`);
      const written = spellings.find((path) => places[path] !== undefined) ?? `${base}.${attribute}`;
      const message = `service "${spec.service}": ${error.message}`;
      problems.push({ ...problemOf(error, placeOf(places, written)), message });
    }
  }
  return problems;
}

/** Where the same may be written, too. */
const deployed: Readonly<Record<string, readonly string[]>> = {
  cpus: ['deploy.resources.limits.cpus'],
  mem_limit: ['deploy.resources.limits.memory'],
  mem_reservation: ['deploy.resources.reservations.memory'],
  pids_limit: ['deploy.resources.limits.pids'],
};
