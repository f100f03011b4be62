/** Whether a container still is what the file asks for. */
import type { Project, Service } from '../model/project.ts';
import { attachedNetworks } from './endpoints.ts';
import { attributeDigests, changedAttributes, configHash, type FileDigests, parseDigests } from './hash.ts';
import { label } from './labels.ts';
import type { Observed, ObservedContainer } from './observed.ts';
import { mountedVolumes } from './volumes.ts';

/** What a service's containers are measured against. */
export interface Wanted {
  readonly project: Project;
  readonly service: Service;
  readonly observed: Pick<Observed, 'fileDigests'>;
  readonly recreate: 'diverged' | 'force' | 'never';
  /** Id that the service's image reference has now; absent: not stored. */
  readonly imageId: string | undefined;
  /** What this plan does to networks and volumes, by key: `is new`, `changed`. */
  readonly news: {
    readonly networks: ReadonlyMap<string, string>;
    readonly volumes: ReadonlyMap<string, string>;
  };
  /** The containers whose namespaces it shares. */
  readonly joined: readonly JoinedContainer[];
}

export interface JoinedContainer {
  /** What the file calls it. */
  readonly called: string;
  /** Absent: it is new in this plan. */
  readonly id: string | undefined;
}

type Check = (wanted: Wanted, container: ObservedContainer) => string | undefined;

/** The reason to replace the container, as people are shown it; nothing when it may stay. */
export function whyReplace(wanted: Wanted, container: ObservedContainer): string | undefined {
  if (wanted.recreate === 'never') return undefined;
  for (const check of checks) {
    const reason = check(wanted, container);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Names the attributes that differ from what the container was made with: `environment, image changed`. */
export function whyDiverged(
  project: Project,
  service: Service,
  container: Pick<ObservedContainer, 'configHash' | 'labels'>,
  files: FileDigests = {},
): string | undefined {
  const made = container.labels[label.attributes];
  const now = attributeDigests(project, service, files);
  const changed = made === undefined ? [] : changedAttributes(parseDigests(made), now);
  if (changed.length > 0) return `${enumerate(changed)} changed`;
  return container.configHash === configHash(service.canonical) ? undefined : 'configuration changed';
}

const checks: readonly Check[] = [
  (wanted) => (wanted.recreate === 'force' ? 'forced' : undefined),
  ({ project, service, observed }, container) =>
    whyDiverged(project, service, container, observed.fileDigests),
  (wanted, container) =>
    wanted.imageId !== undefined && wanted.imageId !== container.imageId
      ? 'the image is another one'
      : undefined,
  ({ project, service, news }, { networks }) => {
    const keys = attachedNetworks(project, service);
    const touched = keys.find((key) => news.networks.has(key));
    if (touched !== undefined) return `network ${touched} ${news.networks.get(touched)}`;
    const absent = keys.find((key) => !networks.includes(project.networks[key]!.name));
    return absent === undefined ? undefined : `not attached to network ${absent}`;
  },
  ({ project, service, news }, { volumes }) => {
    const keys = mountedVolumes(service);
    const touched = keys.find((key) => news.volumes.has(key));
    if (touched !== undefined) return `volume ${touched} ${news.volumes.get(touched)}`;
    const absent = keys.find((key) => !volumes.includes(project.volumes[key]!.name));
    return absent === undefined ? undefined : `volume ${absent} is not mounted`;
  },
  ({ joined }, { joins }) => {
    const gone = joined.find(({ id }) => id === undefined || !joins.includes(id));
    return gone && `it shares a namespace with ${gone.called}, which is new`;
  },
];

/** At most three names; a longer list says how many more there are. */
function enumerate(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
