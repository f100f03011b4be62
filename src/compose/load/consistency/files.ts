/** Files and variables of secrets and configs that services are to be given, and that are not there. */
import { child, entriesOf, itemsOf, type MapNode, type Node, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';
import type { Reader } from '../reader.ts';
import type { ServicePlace } from './index.ts';
import { isExternal } from './resources.ts';

/** Where the content of secrets and configs comes from. */
export interface Sources {
  readonly reader: Reader;
  readonly isSet: (variable: string) => boolean;
}

/** Paths are absolute by now. What services that are not started would be given may be missing. */
export async function checkGivenFiles(
  tree: MapNode,
  services: readonly ServicePlace[],
  { reader, isSet }: Sources,
  problems: Problems,
): Promise<void> {
  for (const { path, value } of givenObjects(tree, services)) {
    const file = child(value, 'file');
    const name = stringOf(file);
    if (file !== undefined && name?.startsWith('/') && (await reader.kind(name)) === 'none') {
      problems.add({
        code: 'COMPOSE_FILE_MISSING',
        message: `${path}: the file ${name} does not exist`,
        at: file,
        hint: 'make the file, or name another one',
      });
    }
    const environment = child(value, 'environment');
    const variable = stringOf(environment);
    if (environment !== undefined && variable && !isSet(variable) && !problems.blames(value)) {
      problems.add({
        code: 'COMPOSE_REQUIRED_VARIABLE',
        message: `${path}: the variable ${variable} is not set`,
        at: environment,
        hint: `set ${variable} in the environment or in .env, to nothing if nothing is meant`,
      });
    }
  }
}

/** Secrets and configs that one of these services has. */
function givenObjects(
  tree: MapNode,
  services: readonly ServicePlace[],
): readonly { readonly path: string; readonly value: Node }[] {
  return ['secrets', 'configs'].flatMap((section) => {
    const used = new Set(
      services.flatMap(({ service }) =>
        itemsOf(child(service, section)).map((mount) => stringOf(child(mount, 'source'))),
      ),
    );
    return [...entriesOf(child(tree, section))]
      .filter(([name, { value }]) => used.has(name) && !isExternal(value))
      .map(([name, { value }]) => ({ path: `${section}.${name}`, value }));
  });
}
