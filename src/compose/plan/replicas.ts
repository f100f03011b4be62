/** What becomes of each service's containers: kept, replaced, made, or removed as surplus. */
import { ComposeError, TscomposeError } from '../../errors.ts';
import type { NamespaceMode, Project, Service } from '../model/project.ts';
import { placeOf, problemAt } from './blame.ts';
import { containerName, imageName, observedHandles, replicaHandle } from './naming.ts';
import type { Observed, ObservedContainer } from './observed.ts';
import { type JoinedContainer, type Wanted, whyReplace } from './recreate.ts';
import type { Ending } from './stopping.ts';

export type Replica = {
  readonly service: Service;
  readonly number: number;
  /** The container's name when the plan is done. */
  readonly name: string;
  readonly handle: string;
} & (
  | { readonly fate: 'keep'; readonly old: ObservedContainer }
  | { readonly fate: 'replace'; readonly old: ObservedContainer; readonly because: string }
  | { readonly fate: 'create'; readonly old?: never; readonly because: string }
);

export interface Fates {
  /** By service, lowest number first; services in dependency order. */
  readonly replicas: ReadonlyMap<string, readonly Replica[]>;
  readonly surplus: readonly Ending[];
}

export interface FateQuestion {
  readonly project: Project;
  readonly projectName: string;
  readonly observed: Observed;
  /** In dependency order. */
  readonly services: readonly Service[];
  readonly recreate: (service: string) => Wanted['recreate'];
  readonly scale: Readonly<Record<string, number>>;
  readonly news: Wanted['news'];
}

/** @throws ComposeError `COMPOSE_SCALE_NAMED` when one container name would have to serve several replicas */
export function decideFates(question: FateQuestion): Fates {
  const handles = observedHandles(question.observed.containers);
  const replicas = new Map<string, readonly Replica[]>();
  const surplus: Ending[] = [];
  for (const service of question.services) {
    const scale = scaleOf(question, service);
    const wanted: Wanted = {
      ...question,
      service,
      recreate: question.recreate(service.name),
      imageId: question.observed.images[imageName(question.projectName, service)],
      joined: joinedContainers(question, service, replicas),
    };
    const ranked = rank(replicasOf(question.observed, service.name), wanted);
    const kept = ranked.slice(0, scale).map(({ container, because }): Replica => {
      const identity = identify(question.projectName, service, container.number);
      const handle = handles.get(container.id)!;
      return because === undefined
        ? { ...identity, name: container.name, handle, fate: 'keep', old: container }
        : { ...identity, handle, fate: 'replace', old: container, because };
    });
    const highest = Math.max(0, ...ranked.map(({ container }) => container.number));
    const added = Array.from({ length: Math.max(0, scale - ranked.length) }, (_, index): Replica => {
      const identity = identify(question.projectName, service, highest + 1 + index);
      return {
        ...identity,
        fate: 'create',
        because: ranked.length > 0 ? `scaled to ${scale}` : 'does not exist',
      };
    });
    replicas.set(
      service.name,
      [...kept, ...added].sort((a, b) => a.number - b.number),
    );
    for (const { container } of ranked.slice(scale)) {
      surplus.push({ container, handle: handles.get(container.id)!, because: `scaled to ${scale}` });
    }
  }
  return { replicas, surplus };
}

/** The containers of a service, one-offs apart, lowest number first. */
export function replicasOf(observed: Observed, service: string): readonly ObservedContainer[] {
  return observed.containers.filter((container) => container.service === service && !container.oneOff);
}

/**
 * The container that stands for a service whose namespace is joined: its first replica.
 * @throws TscomposeError `NO_CONTAINER` when there is none and none is planned
 */
export function standIn(
  project: Project,
  observed: Observed,
  joiner: string,
  target: string,
  planned: Fates['replicas'],
): { readonly name: string; readonly id: string | undefined } {
  const replica = planned.get(target)?.[0];
  if (replica) return { name: replica.name, id: replica.fate === 'keep' ? replica.old.id : undefined };
  const container = planned.has(target) ? undefined : replicasOf(observed, target)[0];
  if (container) return container;
  const at = placeOf(project, `services.${joiner}.network_mode`);
  throw new TscomposeError(
    'NO_CONTAINER',
    `service "${joiner}" shares a namespace with "${target}", which has no container`,
    { hint: `start "${target}" too`, ...(at ? { at } : {}) },
  );
}

/** The namespaces a service shares with other containers. */
export function joinedModes(
  service: Service,
): readonly (NamespaceMode & { kind: 'service' | 'container' })[] {
  return [service.networkMode, service.pid, service.ipc].filter(
    (mode) => mode?.kind === 'service' || mode?.kind === 'container',
  );
}

function joinedContainers(
  { project, observed }: FateQuestion,
  service: Service,
  planned: Fates['replicas'],
): readonly JoinedContainer[] {
  return joinedModes(service).flatMap((mode): readonly JoinedContainer[] => {
    if (mode.kind === 'service') {
      const { id } = standIn(project, observed, service.name, mode.service, planned);
      return [{ called: mode.service, id }];
    }
    const id =
      observed.foreignContainers[mode.container]?.id ??
      observed.containers.find(({ name }) => name === mode.container)?.id;
    return id === undefined ? [] : [{ called: mode.container, id }];
  });
}

/** Those that may stay first, and the lowest numbers first among each: the rest goes when there are too many. */
function rank(
  containers: readonly ObservedContainer[],
  wanted: Wanted,
): readonly { readonly container: ObservedContainer; readonly because: string | undefined }[] {
  const judged = containers.map((container) => ({ container, because: whyReplace(wanted, container) }));
  const stay = judged.filter(({ because }) => because === undefined);
  return [...stay, ...judged.filter(({ because }) => because !== undefined)];
}

function identify(projectName: string, service: Service, number: number) {
  return {
    service,
    number,
    name: containerName(projectName, service, number),
    handle: replicaHandle(service.name, number),
  };
}

function scaleOf({ project, scale }: FateQuestion, service: Service): number {
  const wanted = scale[service.name] ?? service.scale;
  if (wanted <= 1 || service.containerName === undefined) return wanted;
  throw new ComposeError([
    problemAt(project, `services.${service.name}.container_name`, {
      code: 'COMPOSE_SCALE_NAMED',
      message: `service "${service.name}" cannot have ${wanted} containers, because all would be named "${service.containerName}"`,
      hint: 'remove container_name to scale the service',
    }),
  ]);
}
