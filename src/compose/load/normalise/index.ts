/**
 * Short syntax to long syntax, attribute by attribute.
 * In: a merged tree that the schema accepted. Out: the same project with one form for each attribute.
 * Never: reads a file, applies a default, or looks at another attribute.
 */
import type { MapNode } from '../node.ts';
import type { Problems } from '../problems.ts';
import { type Rewrite, rewriteTree } from '../rewrite.ts';
import { lazy, type Rules, rules } from '../rules.ts';
import { longBuild, longContexts, longSsh } from './build.ts';
import { longDependencies } from './depends-on.ts';
import { longDevice } from './devices.ts';
import { longEnvFiles } from './env-file.ts';
import { longExternal } from './external.ts';
import { longFileMount } from './file-mounts.ts';
import { longExtends, longGpus, namesToMap, stringToList, withoutEmpty } from './forms.ts';
import { longPorts } from './ports.ts';
import { wellNamed } from './variables.ts';
import { longVolume } from './volumes.ts';

export interface NormaliseContext {
  readonly problems: Problems;
  /** Values may still hold variables: leave alone what cannot be parsed. */
  readonly lenient: boolean;
}

export function normalise(tree: MapNode, context: NormaliseContext): MapNode {
  return rewriteTree(tree, table(), context);
}

const table: () => Rules<Rewrite<NormaliseContext>> = lazy(() =>
  rules<Rewrite<NormaliseContext>>({
    'services.*.build': longBuild,
    'services.*.build.additional_contexts': longContexts,
    'services.*.build.args': wellNamed,
    'services.*.build.secrets.[]': longFileMount,
    'services.*.build.ssh': longSsh,
    'services.*.configs.[]': longFileMount,
    'services.*.depends_on': longDependencies,
    'services.*.develop.watch.[].exec.environment': wellNamed,
    'services.*.devices.[]': longDevice,
    'services.*.dns': withoutEmpty,
    'services.*.env_file': longEnvFiles,
    'services.*.environment': wellNamed,
    'services.*.extends': longExtends,
    'services.*.gpus': longGpus,
    'services.*.label_file': stringToList,
    'services.*.models': namesToMap,
    'services.*.networks': namesToMap,
    'services.*.ports': longPorts,
    'services.*.post_start.[].environment': wellNamed,
    'services.*.pre_start.[].environment': wellNamed,
    'services.*.pre_stop.[].environment': wellNamed,
    'services.*.secrets.[]': longFileMount,
    'services.*.volumes.[]': longVolume,
    'configs.*': longExternal,
    'networks.*': longExternal,
    'secrets.*': longExternal,
    'volumes.*': longExternal,
  }),
);
