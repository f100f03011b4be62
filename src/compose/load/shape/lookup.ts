/** Which keys may stand at a path: what a misspelt key is compared with. */
import { project } from './resources.ts';
import type { Shape } from './types.ts';

/** `keys` are map keys and list indices; empty when any key may stand there. */
export function knownKeys(keys: readonly string[]): readonly string[] {
  let shape: Shape | undefined = project();
  for (const key of keys) {
    if (shape?.kind === 'struct') shape = shape.fields.find((field) => field.key === key)?.shape;
    else if (shape?.kind === 'map') shape = shape.value;
    else if (shape?.kind === 'list') shape = shape.item;
    else return [];
  }
  return shape?.kind === 'struct' ? shape.fields.map((field) => field.key) : [];
}
