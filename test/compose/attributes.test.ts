/** No attribute of the official schema is without its test file, and no key of it is absent from that file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

const directory = import.meta.dirname;
const official: Schema & { readonly definitions: Readonly<Record<string, Schema>> } = JSON.parse(
  readFileSync(join(directory, 'official/compose-spec.json'), 'utf8'),
);

/** Younger than the schema: the specification's text has them. */
const younger: Readonly<Record<string, readonly string[]>> = {
  services: ['pre_start'],
  'services/build': ['no_cache_filter'],
};

/** Folders whose files are named after the keys of a part of the schema, and how a key is called in a title. */
const folders: Readonly<Record<string, { readonly keysOf: Schema; readonly prefix: string }>> = {
  project: { keysOf: official, prefix: '' },
  services: { keysOf: definition('service'), prefix: '' },
  'services/build': { keysOf: definition('service').properties!.build!, prefix: 'build.' },
  'services/deploy': { keysOf: definition('deployment'), prefix: 'deploy.' },
  'services/develop': { keysOf: definition('development'), prefix: 'develop.' },
  'services/healthcheck': { keysOf: definition('healthcheck'), prefix: 'healthcheck.' },
  networks: { keysOf: definition('network'), prefix: 'networks.' },
  volumes: { keysOf: definition('volume'), prefix: 'volumes.' },
  secrets: { keysOf: definition('secret'), prefix: 'secrets.' },
  configs: { keysOf: definition('config'), prefix: 'configs.' },
  models: { keysOf: definition('model'), prefix: 'models.' },
};

interface Attribute {
  readonly title: string;
  /** Below `test/compose`. */
  readonly file: string;
  /** Keys that stand under it and have no file of their own. */
  readonly keys: readonly string[];
}

const attributes: readonly Attribute[] = Object.entries(folders).flatMap(([folder, { keysOf, prefix }]) => [
  ...[...branches(keysOf)]
    .flatMap((branch) => Object.entries(branch.properties ?? {}))
    .map(([key, schema]) => ({
      title: `${prefix}${key}`,
      file: `${folder}/${key}.test.ts`,
      keys: hasFolder(folder, key) ? [] : [...keysBelow(schema)],
    })),
  ...(younger[folder] ?? []).map((key) => ({
    title: `${prefix}${key}`,
    file: `${folder}/${key}.test.ts`,
    keys: [],
  })),
]);
/** `x-*` cannot be the name of a file. */
const extensions: Attribute = { title: 'x-*', file: 'project/extensions.test.ts', keys: [] };

describe('attributes', () => {
  it.each([...attributes, extensions])('$title has a test file, $file', ({ title, file, keys }) => {
    expect(existsSync(join(directory, file)), file).toBe(true);
    const text = readFileSync(join(directory, file), 'utf8');
    expect(text).toContain(`describe('${title}`);
    expect(keys.filter((key) => !new RegExp(`(?<![\\w-])${key}:`).test(text))).toEqual([]);
  });

  it('every test file in their folders is that of an attribute', () => {
    const present = Object.keys(folders).flatMap((folder) =>
      readdirSync(join(directory, folder))
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `${folder}/${name}`),
    );
    const known = [...attributes, extensions].map(({ file }) => file);
    expect(present.filter((file) => !known.includes(file))).toEqual([]);
  });

  it('finds the keys of short and long forms, of lists and of what is defined elsewhere', () => {
    const keysOf = (title: string): readonly string[] | undefined =>
      attributes.find((attribute) => attribute.title === title)?.keys;
    expect(keysOf('env_file')).toEqual(['path', 'format', 'required']);
    expect(keysOf('networks.ipam')).toEqual([
      'driver',
      'config',
      'subnet',
      'ip_range',
      'gateway',
      'aux_addresses',
      'options',
    ]);
    expect(attributes.length).toBeGreaterThan(170);
  });
});

function definition(name: string): Schema {
  return official.definitions[name]!;
}

/** Whether the keys of an attribute have files of their own. */
function hasFolder(folder: string, key: string): boolean {
  return folder === 'project' ? key in folders : `${folder}/${key}` in folders;
}

/** A schema and all its alternatives, references followed. */
function* branches(schema: Schema): Iterable<Schema> {
  yield schema;
  if (schema.$ref !== undefined) yield* branches(definition(schema.$ref.replace('#/definitions/', '')));
  for (const branch of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) yield* branches(branch);
}

function keysBelow(schema: Schema, found = new Set<string>()): ReadonlySet<string> {
  for (const { properties, patternProperties, additionalProperties, items } of branches(schema)) {
    for (const [key, value] of Object.entries(properties ?? {})) {
      found.add(key);
      keysBelow(value, found);
    }
    for (const value of Object.values(patternProperties ?? {})) keysBelow(value, found);
    if (typeof additionalProperties === 'object') keysBelow(additionalProperties, found);
    if (items !== undefined) keysBelow(items, found);
  }
  return found;
}
