/**
 * Directories a layer uses without describing them look as they do in the layers below:
 * in the mounted stack it is the topmost directory's owner and mode that count.
 */
import { copyDirectoryAttributes } from '../../host/tree-attributes.ts';
import { nodeType, pathBytes } from '../../host/tree-nodes.ts';

/** `implicit`: byte strings, parents first. `lower`: unpacked layers below, top first. */
export function inheritDirectories(
  target: string,
  implicit: readonly string[],
  lower: readonly string[],
): void {
  const tree = pathBytes(target);
  const below = lower.map(pathBytes);
  for (const path of implicit) {
    const model = find(below, path);
    if (model !== undefined) copyDirectoryAttributes(model, path === '' ? tree : `${tree}/${path}`);
  }
}

/** The topmost directory of that name; nothing when a whiteout, file or link comes before it. */
function find(lower: readonly string[], path: string): string | undefined {
  for (const root of lower) {
    let here = root;
    let type = nodeType(here);
    for (const name of path === '' ? [] : path.split('/')) {
      if (type !== 'directory') break;
      here = `${here}/${name}`;
      type = nodeType(here);
    }
    if (type === 'directory') return here;
    if (type !== undefined) return undefined;
  }
  return undefined;
}
