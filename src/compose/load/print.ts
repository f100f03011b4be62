/** A project as `config` prints it, and the lists that `config --services` and its like print. */
import type { Json, Project } from '../model/project.ts';

export interface PrintOptions {
  /** False for a project loaded without interpolation: its dollars are its own. */
  readonly escapeDollars?: boolean;
}

/** Ends with a line break. Literal dollars are doubled, so that what is printed loads to the same project. */
export async function printConfig(
  project: Project,
  format: 'yaml' | 'json',
  options: PrintOptions = {},
): Promise<string> {
  const tree =
    options.escapeDollars === false ? project.canonical : (escapeDollars(project.canonical) as JsonMap);
  if (format === 'json') {
    // The reference's JSON leaves models out, except when it prints a tree without types.
    const { models: _, ...printed } = tree;
    return `${JSON.stringify(options.escapeDollars === false ? tree : printed, null, 2)}\n`;
  }
  const { stringify } = await import('yaml');
  return stringify(readable(tree), {
    lineWidth: 0,
    version: '1.1',
    compat: null,
    aliasDuplicateObjects: false,
  });
}

type JsonMap = { readonly [key: string]: Json };

function escapeDollars(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(escapeDollars);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replaceAll('$', '$$$$'), escapeDollars(item)]),
  );
}

const order = ['name', 'services', 'networks', 'volumes', 'secrets', 'configs', 'models'];

/** YAML output leaves out what says nothing: absent commands, empty sections that JSON always has. */
function readable(tree: JsonMap): JsonMap {
  const keys = Object.keys(tree).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(
    keys.map((key) => [key, key === 'services' || key === 'networks' ? tidy(tree[key]!) : tree[key]!]),
  );
}

function rank(key: string): number {
  const place = order.indexOf(key);
  return place === -1 ? order.length : place;
}

function tidy(section: Json): Json {
  return mapEntries(section, (resource) =>
    mapEntries(resource, (value, key) => {
      if ((key === 'command' || key === 'entrypoint') && value === null) return undefined;
      if (key === 'ipam' && isEmpty(value)) return undefined;
      if (key !== 'deploy') return value;
      return mapEntries(value, (part, name) =>
        (name === 'resources' || name === 'placement') && isEmpty(part) ? undefined : part,
      );
    }),
  );
}

function mapEntries(value: Json, change: (value: Json, key: string) => Json | undefined): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const next = change(item, key);
    return next === undefined ? [] : [[key, next] as const];
  });
  return Object.fromEntries(entries);
}

function isEmpty(value: Json): boolean {
  return value !== null && typeof value === 'object' && Object.keys(value).length === 0;
}
