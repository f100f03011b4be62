/** The canonical form as YAML. What it prints loads to the same. */
import { stringify } from 'yaml';
import type { Json } from '../../compose/model/project.ts';

export function printYaml(tree: Json): string {
  return stringify(tree, {
    lineWidth: 0,
    // Readers of YAML 1.1 would take some plain words for booleans and some for base-60 numbers.
    version: '1.1',
    aliasDuplicateObjects: false,
    nullStr: 'null',
  });
}
