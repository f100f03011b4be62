/** What networks and volumes are called on the machine. @see moby, volume/local; names become directories */
import { child, entriesOf, type MapNode, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';
import { usedResources } from '../prune.ts';
import type { ServicePlace } from './index.ts';

const forms = {
  networks: { form: /\S/, hint: 'write a name, or leave `name:` out' },
  volumes: {
    form: /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/,
    hint: 'use letters, digits, dots, dashes and underscores, and begin with a letter or digit',
  },
} as const;

export function checkRealNames(tree: MapNode, services: readonly ServicePlace[], problems: Problems): void {
  const used = usedResources(tree, new Set(services.map(({ name }) => name)));
  for (const [section, { form, hint }] of Object.entries(forms)) {
    for (const [key, { value }] of entriesOf(child(tree, section))) {
      const name = child(value, 'name');
      const text = stringOf(name);
      if (name === undefined || text === undefined || form.test(text)) continue;
      if (used[section]?.has(key) !== true || problems.blames(name)) continue;
      problems.add({
        code: 'COMPOSE_NAME',
        message: `${section}.${key}.name: "${text}" cannot be the name of a ${section.slice(0, -1)}`,
        at: name,
        hint,
      });
    }
  }
}
