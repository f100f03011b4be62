/** Files of secrets and configs that services are to be given, and that are not there. */
import { child, entriesOf, itemsOf, type MapNode, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';
import type { Reader } from '../reader.ts';
import type { ServicePlace } from './index.ts';

/** Paths are absolute by now. Those of services that are not started may be missing. */
export async function checkGivenFiles(
  tree: MapNode,
  services: readonly ServicePlace[],
  reader: Reader,
  problems: Problems,
): Promise<void> {
  for (const section of ['secrets', 'configs']) {
    const used = new Set(
      services.flatMap(({ service }) =>
        itemsOf(child(service, section)).map((mount) => stringOf(child(mount, 'source'))),
      ),
    );
    for (const [name, { value }] of entriesOf(child(tree, section))) {
      const file = child(value, 'file');
      const path = stringOf(file);
      if (!used.has(name) || file === undefined || !path?.startsWith('/')) continue;
      if ((await reader.kind(path)) !== 'none') continue;
      problems.add({
        code: 'COMPOSE_FILE_MISSING',
        message: `${section}.${name}: the file ${path} does not exist`,
        at: file.at,
        hint: 'make the file, or name another one',
      });
    }
  }
}
