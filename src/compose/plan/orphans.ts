/** Containers of the project that its files no longer explain. */
import type { Project } from '../model/project.ts';
import type { Observed, ObservedContainer } from './observed.ts';

/** Those whose service is gone from the file, and one-offs that have ended. */
export function orphansOf(project: Project, observed: Observed): readonly ObservedContainer[] {
  const isKnown = (service: string) => service in project.services || service in project.disabledServices;
  return observed.containers.filter(({ oneOff, state, service }) =>
    oneOff ? state.status === 'exited' : !isKnown(service),
  );
}

/** Docker Compose's words. */
export function orphanWarning(orphans: readonly ObservedContainer[]): string {
  const names = orphans.map(({ name }) => name).join(' ');
  return `Found orphan containers ([${names}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`;
}
