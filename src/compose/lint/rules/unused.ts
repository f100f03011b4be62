import { entriesOf, type MapNode } from '../../load/node.ts';
import { usedResources } from '../../load/prune.ts';
import type { LintRule } from '../rule.ts';

const kinds: Readonly<Record<string, string>> = {
  networks: 'network',
  volumes: 'volume',
  secrets: 'secret',
  configs: 'config',
  models: 'model',
};

export const unused: LintRule = {
  code: 'COMPOSE_UNUSED',
  about:
    'A network, volume, secret, config or model is declared at the top level and no service uses it, whatever its profile. It is not made, so either it is left over, or a service lacks a line that was meant to name it.',
  checkModel: ({ tree, services }, warn) => {
    const used = usedResources(tree, new Set(services.map(({ name }) => name)));
    for (const [section, names] of Object.entries(used)) {
      for (const [name, entry] of entriesOf(sectionOf(tree, section))) {
        if (names?.has(name) !== false) continue;
        const kind = kinds[section] ?? section;
        warn({
          message: `${section}.${name}: no service uses this ${kind}`,
          at: entry,
          hint: `take it out, or name it in the \`${section}:\` of a service`,
        });
      }
    }
  },
};

function sectionOf(tree: MapNode, section: string) {
  return tree.entries.get(section)?.value;
}
