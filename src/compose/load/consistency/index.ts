/**
 * What a project says twice and differently, or names and does not define.
 * In: the finished tree and which services are on. Out: every contradiction, at the narrowest place.
 * Never: changes the tree, or looks at services that are off (except for whether they exist).
 */
import { child, entriesOf, type MapNode } from '../node.ts';
import type { Problems } from '../problems.ts';
import type { Selection } from '../select.ts';
import type { Span } from '../source.ts';
import { checkBetweenServices } from './between-services.ts';
import { checkCycles } from './cycles.ts';
import { checkReferences } from './references.ts';
import { checkResources } from './resources.ts';
import { checkService } from './service.ts';
import { checkTwins } from './twins.ts';

export interface ServicePlace {
  readonly name: string;
  readonly service: MapNode;
  /** The service's key. */
  readonly at: Span;
}

export interface Whole {
  readonly tree: MapNode;
  readonly enabled: readonly ServicePlace[];
  /** Every service that is defined, on or off. */
  readonly selection: Selection;
  readonly problems: Problems;
}

export function checkConsistency(tree: MapNode, selection: Selection, problems: Problems): void {
  const enabled: ServicePlace[] = [];
  for (const [name, { key, value }] of entriesOf(child(tree, 'services'))) {
    if (value.kind === 'map' && selection.enabled.has(name)) enabled.push({ name, service: value, at: key });
  }
  const whole: Whole = { tree, enabled, selection, problems };
  for (const place of enabled) {
    checkService(place, problems);
    checkReferences(place, whole);
    checkTwins(place, problems);
  }
  checkResources(tree, problems);
  checkBetweenServices(whole);
  checkCycles(whole);
}
