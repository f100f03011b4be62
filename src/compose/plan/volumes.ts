/** Named volumes a plan needs. They are made and never changed: what is in them is the user's. */
import type { Problem } from '../../errors.ts';
import type { Project, Service, Volume } from '../model/project.ts';
import { problemAt } from './blame.ts';
import type { PlanBuilder } from './builder.ts';
import { digestOf } from './hash.ts';
import { label, volumeLabels } from './labels.ts';
import type { Observed } from './observed.ts';
import type { NodeId, VolumeSpec } from './plan.ts';

export interface VolumeWish {
  readonly project: Project;
  readonly projectName: string;
  readonly observed: Observed;
}

/** Keys of the named volumes a service mounts. */
export function mountedVolumes(service: Pick<Service, 'mounts'>): readonly string[] {
  const keys = service.mounts.flatMap((mount) =>
    mount.type === 'volume' && mount.source !== undefined ? [mount.source] : [],
  );
  return [...new Set(keys)];
}

/** External volumes that do not exist. */
export function missingVolumes(keys: Iterable<string>, wish: VolumeWish): readonly Problem[] {
  return [...keys].flatMap((key) => {
    const volume = wish.project.volumes[key];
    if (!volume?.external || wish.observed.volumes.some(({ name }) => name === volume.name)) return [];
    return problemAt(wish.project, `volumes.${key}`, {
      code: 'COMPOSE_EXTERNAL_MISSING',
      message: `external volume "${volume.name}" not found`,
      hint: `bring up the project that makes it, or write \`name: ${volume.name}\` without \`external\` to have it made`,
    });
  });
}

/** Adds a node for each volume that is not there; answers them by key. */
export function ensureVolumes(
  builder: PlanBuilder,
  keys: Iterable<string>,
  wish: VolumeWish,
): ReadonlyMap<string, NodeId> {
  const nodes = new Map<string, NodeId>();
  for (const key of [...keys].sort()) {
    const spec = volumeSpec(wish, key);
    const there = wish.observed.volumes.find(({ name }) => name === spec.name);
    if (there) warnOfDifference(builder, wish, key, there.labels);
    else if (!wish.project.volumes[key]?.external)
      nodes.set(key, builder.add(`volume:${key}`, { kind: 'CreateVolume', volume: spec }, 'does not exist'));
  }
  return nodes;
}

/** A name the project does not declare (`run -v name:/path`) makes a volume that belongs to no project. */
function volumeSpec({ project, projectName }: VolumeWish, key: string): VolumeSpec {
  const volume = project.volumes[key];
  if (!volume) return { name: key, driver: 'local', driverOptions: {}, labels: {} };
  const { name, driver, driverOptions } = volume;
  return { name, driver, driverOptions, labels: volumeLabels(projectName, key, volume) };
}

function warnOfDifference(
  builder: PlanBuilder,
  { project, projectName }: VolumeWish,
  key: string,
  labels: Readonly<Record<string, string>>,
): void {
  const volume: Volume | undefined = project.volumes[key];
  if (!volume || volume.external) return;
  if (labels[label.project] !== projectName || labels[label.volume] !== key) {
    builder.warn(
      `volume "${volume.name}" already exists but was not created for project "${projectName}"; write \`external: true\` to use an existing volume`,
    );
  } else if ((labels[label.configHash] ?? digestOf(volume)) !== digestOf(volume)) {
    builder.warn(
      `volume "${volume.name}" was created with other options than the file now has; it is used as it is, because making it anew would lose its data`,
    );
  }
}
