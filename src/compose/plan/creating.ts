/** The middle of an `up`: new containers in place of old ones or beside them. */
import type { Service } from '../model/project.ts';
import type { PlanBuilder } from './builder.ts';
import { changesOf } from './changes.ts';
import { containerSpec } from './container-spec.ts';
import { imageName } from './naming.ts';
import type { NodeId } from './plan.ts';
import { type Fates, joinedModes, standIn } from './replicas.ts';
import type { Resources } from './resources.ts';
import { earlierFillings } from './sharing.ts';
import type { BringUp } from './up.ts';

export function createContainers(
  builder: PlanBuilder,
  { project, projectName, observed, command }: BringUp,
  stage: {
    readonly resources: Resources;
    readonly fates: Fates;
    readonly stops: ReadonlyMap<string, NodeId>;
    /** What gives host ports and addresses back. */
    readonly freed: readonly NodeId[];
  },
): void {
  const { replicas } = stage.fates;
  const all = [...replicas.values()].flat();
  const replaced = all.flatMap(({ fate, old }) => (fate === 'replace' ? [old.id] : []));
  for (const replica of all) {
    if (replica.fate === 'keep') continue;
    const { service, number, handle, old } = replica;
    const container = containerSpec(project, service, number, {
      projectName,
      imageId: stage.resources.images.has(service.name)
        ? undefined
        : observed.images[imageName(projectName, service)],
      joined: (target) => standIn(project, observed, service.name, target, replicas).name,
      fileDigests: observed.fileDigests,
      replaces: old?.name,
    });
    const evicts = hasFixedAddress(service) ? replaced.filter((id) => id !== old?.id) : [];
    const action = { kind: 'CreateContainer', container, ...(evicts.length > 0 ? { evicts } : {}) } as const;
    const keepAnonymousVolumes = !command.renewAnonymousVolumes;
    const id = builder.add(
      `create:${handle}`,
      old ? { ...action, replaces: { id: old.id, name: old.name, keepAnonymousVolumes } } : action,
      replica.because,
      [
        ...stage.resources.of(service),
        ...joinedCreations(builder, service, replicas),
        ...earlierFillings(builder, service, replicas),
        old && stage.stops.get(old.id),
        ...(claimsHostResources(service) ? stage.freed : []),
      ],
    );
    if (old?.asked !== undefined) builder.explain(id, changesOf(project, service, old.asked));
  }
}

function joinedCreations(
  builder: PlanBuilder,
  service: Service,
  replicas: Fates['replicas'],
): readonly (NodeId | undefined)[] {
  return joinedModes(service).map((mode) => {
    const target = mode.kind === 'service' ? replicas.get(mode.service)?.[0] : undefined;
    return target && builder.find(`create:${target.handle}`);
  });
}

/** Host ports and fixed addresses may have to be given up by another container first. */
function claimsHostResources(service: Service): boolean {
  return hasFixedAddress(service) || service.ports.some(({ published }) => published !== undefined);
}

function hasFixedAddress({ networks }: Service): boolean {
  return Object.values(networks).some(
    ({ ipv4Address, ipv6Address }) => ipv4Address !== undefined || ipv6Address !== undefined,
  );
}
