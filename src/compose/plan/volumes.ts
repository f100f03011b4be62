/** Named volumes a plan needs. They are made, and made again only by a person's word: what is in them is the user's. */
import type { Problem } from '../../errors.ts';
import type { Project, Service, Volume } from '../model/project.ts';
import { problemAt } from './blame.ts';
import type { PlanBuilder } from './builder.ts';
import type { DivergedVolumes } from './command.ts';
import { digestOf } from './hash.ts';
import { label, volumeLabels } from './labels.ts';
import type { Observed, ObservedVolume } from './observed.ts';
import type { NodeId, VolumeSpec } from './plan.ts';

export interface VolumeWish {
  readonly project: Project;
  readonly projectName: string;
  readonly observed: Observed;
  /** Whether the plan may replace this container, should a volume under it have to be made again. */
  readonly mayReplace: (containerName: string) => boolean;
  readonly divergedVolumes?: DivergedVolumes | undefined;
}

/** What has to happen to the volumes of a set of services, by key. */
export interface VolumeChanges {
  /** Not there: to be made. */
  readonly missing: readonly string[];
  /** Made with other options than the file has now, and agreed to be emptied: to be removed and made again. */
  readonly remade: readonly string[];
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

/** Decides about each volume; asks about those whose data would be lost, and warns of those that stay as they are. */
export function volumeChanges(
  builder: PlanBuilder,
  keys: readonly string[],
  wish: VolumeWish,
): VolumeChanges {
  const sorted = keys.toSorted();
  return {
    missing: sorted.filter((key) => !wish.project.volumes[key]?.external && !observedVolume(wish, key)),
    remade: sorted.filter((key) => isToBeRemade(builder, key, wish)),
  };
}

/** Adds the node that makes a volume, after the one that removed its predecessor. */
export function createVolume(builder: PlanBuilder, key: string, wish: VolumeWish, removal?: NodeId): NodeId {
  const volume = volumeSpec(wish, key);
  const because = removal === undefined ? 'does not exist' : 'its options changed';
  return builder.add(`volume:${key}`, { kind: 'CreateVolume', volume }, because, [removal]);
}

/** The volume of that key as it is there. */
export function observedVolume({ project, observed }: VolumeWish, key: string): ObservedVolume | undefined {
  const wanted = project.volumes[key]?.name ?? key;
  return observed.volumes.find(({ name }) => name === wanted);
}

/** A name the project does not declare (`run -v name:/path`) makes a volume that belongs to no project. */
function volumeSpec({ project, projectName }: VolumeWish, key: string): VolumeSpec {
  const volume = project.volumes[key];
  if (!volume) return { name: key, driver: 'local', driverOptions: {}, labels: {} };
  const { name, driver, driverOptions } = volume;
  return { name, driver, driverOptions, labels: volumeLabels(projectName, key, volume) };
}

function isToBeRemade(builder: PlanBuilder, key: string, wish: VolumeWish): boolean {
  const volume = wish.project.volumes[key];
  const there = observedVolume(wish, key);
  if (!volume || volume.external || !there) return false;
  const { labels } = there;
  if (labels[label.project] !== wish.projectName || labels[label.volume] !== key) {
    builder.warn(
      `volume "${volume.name}" already exists but was not created for project "${wish.projectName}"; write \`external: true\` to use an existing volume`,
    );
    return false;
  }
  if ((labels[label.configHash] ?? digestOf(volume)) === digestOf(volume)) return false;
  const others = there.containers.filter((name) => !wish.mayReplace(name)).sort();
  return others.length > 0
    ? warnOfDifference(builder, volume, `it is mounted by ${others.join(', ')}`)
    : isAgreed(builder, volume, wish.divergedVolumes ?? 'keep');
}

function isAgreed(builder: PlanBuilder, volume: Volume, decision: DivergedVolumes): boolean {
  const answer = typeof decision === 'string' ? decision === 'remake' : decision[volume.name];
  if (answer === undefined) {
    const text = `Volume "${volume.name}" exists but doesn't match configuration in compose file. Recreate (data will be lost)?`;
    builder.ask({ volume: volume.name, text });
  }
  if (answer === false) warnOfDifference(builder, volume, 'making it anew would lose its data');
  return answer === true;
}

function warnOfDifference(builder: PlanBuilder, { name }: Volume, because: string): false {
  builder.warn(
    `volume "${name}" was created with other options than the file now has; it is used as it is, because ${because}`,
  );
  return false;
}
