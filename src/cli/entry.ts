/** A command's entry in the registry: its name, the words of `--help`, and where its code is. */
import type { CommandSpec } from './spec.ts';

export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly group: Group;
  /** Other names, accepted and not shown. */
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  readonly load?: () => Promise<CommandSpec>;
  /** A noun with verbs of its own: `image ls`. */
  readonly children?: readonly Omit<Entry, 'group' | 'children'>[];
}

export type Group = keyof typeof groups;

export const groups = {
  run: 'Run the project:',
  look: 'Look at it:',
  inside: 'Work inside it:',
  file: 'Read the files:',
  engine: 'Images and other objects:',
  other: 'More:',
} as const;

export function entry(group: Group, name: string, summary: string, load: () => Promise<CommandSpec>): Entry {
  return { group, name, summary, load };
}

export function noun(name: string, summary: string, children: NonNullable<Entry['children']>): Entry {
  return { group: 'engine', name, summary, children };
}

export function verb(
  name: string,
  summary: string,
  load: () => Promise<CommandSpec>,
  aliases: readonly string[] = [],
): Omit<Entry, 'group' | 'children'> {
  return { name, summary, load, aliases };
}
