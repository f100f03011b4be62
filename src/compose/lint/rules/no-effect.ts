import { withoutEffect } from '../../load/without-effect.ts';
import type { LintRule } from '../rule.ts';

export const noEffect: LintRule = {
  code: 'COMPOSE_NO_EFFECT',
  about:
    'An attribute is understood, checked and printed, and changes nothing in this version of tscompose: the service runs as if it were not there. `up` names all of them in one warning; here each has its place.',
  checkModel: ({ tree, services }, warn) => {
    for (const { path, at } of withoutEffect(tree, new Set(services.map(({ name }) => name))))
      warn({ message: `${path} has no effect in this version`, at });
  },
};
