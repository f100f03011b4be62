/**
 * What a project says twice and differently, or names and does not define.
 * In: the finished tree and which services are on. Out: every contradiction, at the narrowest place.
 * Never: changes the tree, or looks at services that are off (except for whether they exist).
 */
import { child, entriesOf, type MapNode } from '../node.ts';
import type { Problems } from '../problems.ts';
import type { LoadOptions } from '../reader.ts';
import type { Selection } from '../select.ts';
import type { Span } from '../source.ts';
import { checkBetweenServices, checkClashes } from './between-services.ts';
import { checkCycles } from './cycles.ts';
import { checkDeviceRequests } from './device-requests.ts';
import { checkGivenFiles, type Sources } from './files.ts';
import { checkMounts, checkPorts } from './mounts.ts';
import { checkDiscardedPorts } from './network-use.ts';
import { checkRealNames } from './real-names.ts';
import { checkReferences } from './references.ts';
import { checkResources, checkSecretSources } from './resources.ts';
import { checkRunnable } from './runnable.ts';
import { checkService } from './service.ts';
import { checkTwins } from './twins.ts';
import { checkValues } from './values.ts';
import { checkWatchPaths, checkWatchTargets } from './watch.ts';

export interface ServicePlace {
  readonly name: string;
  readonly service: MapNode;
  /** The service's key. */
  readonly at: Span;
}

export interface Whole {
  readonly tree: MapNode;
  readonly enabled: readonly ServicePlace[];
  readonly selection: Selection;
  readonly problems: Problems;
}

/** What no model may say, checked even when consistency is not asked for. */
export function checkParts(tree: MapNode, problems: Problems): void {
  checkResources(tree, problems);
  checkMounts(tree, problems);
  checkPorts(tree, problems);
  checkDeviceRequests(tree, problems);
  checkWatchPaths(tree, problems);
}

/** What the language refuses. */
export function checkConsistency(tree: MapNode, selection: Selection, problems: Problems): void {
  const whole = { tree, enabled: enabledServices(tree, selection), selection, problems };
  for (const place of whole.enabled) {
    checkService(place, problems);
    checkReferences(place, whole);
    checkDiscardedPorts(place, whole);
    checkTwins(place, problems);
    checkWatchTargets(place, problems);
  }
  checkSecretSources(tree, problems);
  checkBetweenServices(whole);
  checkCycles(whole);
}

/** What the machine would refuse when these services, or all, are started with what they depend on. */
export async function checkStartable(
  tree: MapNode,
  selection: Selection,
  { services, ...sources }: Pick<LoadOptions, 'services'> & Sources,
  problems: Problems,
): Promise<void> {
  const all = enabledServices(tree, selection);
  const enabled = services.length === 0 ? all : withDependencies(all, services);
  const whole = { tree, enabled, selection, problems };
  for (const place of whole.enabled) {
    checkRunnable(place, problems);
    checkValues(place, problems);
  }
  checkClashes(whole);
  checkRealNames(tree, enabled, problems);
  await checkGivenFiles(tree, enabled, sources, problems);
}

function enabledServices(tree: MapNode, selection: Selection): readonly ServicePlace[] {
  const enabled: ServicePlace[] = [];
  for (const [name, entry] of entriesOf(child(tree, 'services'))) {
    if (entry.value.kind === 'map' && selection.enabled.has(name)) {
      enabled.push({ name, service: entry.value, at: entry });
    }
  }
  return enabled;
}

function withDependencies(all: readonly ServicePlace[], names: readonly string[]): readonly ServicePlace[] {
  const found = new Set(names);
  // A set that grows while it is walked is walked to its new end.
  for (const name of found) {
    const place = all.find((one) => one.name === name);
    for (const [dependency] of entriesOf(child(place?.service, 'depends_on'))) found.add(dependency);
  }
  return all.filter(({ name }) => found.has(name));
}
