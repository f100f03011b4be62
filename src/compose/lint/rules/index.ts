/** Every rule. Each has a file of its own. */
import type { LintRule } from '../rule.ts';
import { base60 } from './base-60.ts';
import { bindSources } from './bind-sources.ts';
import { blanks } from './blanks.ts';
import { changedValues } from './changed-values.ts';
import { imageTags } from './image-tags.ts';
import { fileModes } from './modes.ts';
import { noEffect } from './no-effect.ts';
import { plainSecrets } from './plain-secrets.ts';
import { sharedPorts } from './shared-ports.ts';
import { unused } from './unused.ts';

export const lintRules: readonly LintRule[] = [
  base60,
  bindSources,
  blanks,
  changedValues,
  fileModes,
  imageTags,
  noEffect,
  plainSecrets,
  sharedPorts,
  unused,
];
