/** Which keys may stand at a path, and where a key may stand: what a misspelt or misplaced key is compared with. */
import { project } from './resources.ts';
import type { Shape } from './types.ts';

/** `keys` are map keys and list indices. */
export function shapeAt(keys: readonly string[]): Shape | undefined {
  let shape: Shape | undefined = project();
  for (const key of keys) {
    if (shape?.kind === 'struct') shape = shape.fields.find((field) => field.key === key)?.shape;
    else if (shape?.kind === 'map') shape = shape.value;
    else if (shape?.kind === 'list') shape = shape.item;
    else return undefined;
  }
  return shape;
}

/** Empty when any key may stand there. */
export function knownKeys(keys: readonly string[]): readonly string[] {
  const shape = shapeAt(keys);
  if (shape?.kind === 'ulimit') return ['soft', 'hard'];
  return shape?.kind === 'struct' ? shape.fields.map((field) => field.key) : [];
}

/** Where below `keys` this key would be known: `deploy.resources.limits`; the nearest first. */
export function placesOf(key: string, keys: readonly string[]): readonly string[] {
  const found: string[] = [];
  let level = [{ path: '', shape: shapeAt(keys) }];
  while (level.length > 0) {
    level = level.flatMap(({ path, shape }) =>
      (shape?.kind === 'struct' ? shape.fields : []).map((field) => ({
        path: path === '' ? field.key : `${path}.${field.key}`,
        shape: field.shape,
      })),
    );
    for (const { path, shape } of level)
      if (shape?.kind === 'struct' && shape.fields.some((field) => field.key === key)) found.push(path);
  }
  return found;
}
