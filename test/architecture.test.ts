/** Reads the import lines of `src/` and holds them against the design's table of folders. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../src');

/** Folder → folders of ours it may import, beside itself. The files of `everybodys` are not named again. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  compose: [],
  host: [],
  network: ['host'],
  volume: ['host'],
  image: ['host'],
  runtime: ['host'],
  build: ['host', 'image', 'runtime'],
  engine: ['host', 'network', 'volume', 'image', 'runtime', 'build', 'compose'],
  agent: ['host', 'engine', 'compose', 'image'],
  cli: ['compose', 'agent', 'host'],
  // The library: one file that re-exports, one that loads with this machine's files.
  'index.ts': ['agent', 'compose', 'load-project.ts'],
  'load-project.ts': ['compose', 'host'],
  'errors.ts': [],
  'linux.ts': [],
  'version.ts': [],
};

const everybodys: readonly string[] = ['errors.ts', 'linux.ts', 'version.ts'];

/** Of the agent the CLI knows the client; of the host it may ask for what a terminal program needs. */
const cliMayImport = ['agent/index.ts', 'agent/client.ts', 'agent/protocol.ts'];

/** Modules that touch the machine, and who may import them beside `host`. */
const effects: Readonly<Record<string, readonly string[]>> = {
  fs: ['cli'],
  'fs/promises': ['cli'],
  child_process: ['cli'],
  net: ['agent'],
  http: ['agent'],
  https: [],
  dgram: [],
  worker_threads: [],
  tty: ['cli'],
  koffi: [],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.includes(`${sep}generated${sep}`),
);
const imports = files.flatMap(importsOf);

describe('the imports of src', () => {
  it('go down the table of folders only', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map((line) => ({
        ...line,
        target: relative(source, join(source, dirname(line.file), line.specifier)),
      }))
      .filter(({ file, target }) => !isAllowed(folderOf(file), folderOf(target)));
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('keep the CLI away from all of the agent but its client', () => {
    const wrong = imports
      .filter(({ file, specifier }) => folderOf(file) === 'cli' && specifier.startsWith('.'))
      .map(({ file, specifier }) => ({ file, target: join(dirname(file), specifier) }))
      .filter(({ target }) => folderOf(target) === 'agent' && !cliMayImport.includes(target));
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('leave the machine to the host', () => {
    const wrong = imports.filter(({ file, specifier, typeOnly }) => {
      const users = effects[specifier.replace(/^node:/, '')];
      const folder = folderOf(file);
      return !typeOnly && users !== undefined && folder !== 'host' && !users.includes(folder);
    });
    expect(wrong.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });

  it('give the language no clock, no process and no file', () => {
    const pure = imports.filter(({ file }) => folderOf(file) === 'compose');
    const wrong = pure.filter(({ specifier }) => /^node:(?!path|crypto)/.test(specifier));
    const reaching = files
      .filter((file) => folderOf(file) === 'compose')
      .filter((file) => /\bprocess\.|\bDate\.now\(|\bnew Date\(\)/.test(code(file)));
    expect([...wrong.map(({ file, specifier }) => `${file} → ${specifier}`), ...reaching]).toEqual([]);
  });

  it('name every folder that there is', () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => mayImport[folder] === undefined)).toEqual([]);
  });
});

function isAllowed(from: string, to: string): boolean {
  if (from === to || everybodys.includes(to)) return true;
  // The schemas and the package's own description are data.
  if (to === '..') return true;
  return mayImport[from]?.includes(to) ?? false;
}

/** `compose` of `compose/load/yaml.ts`; a file directly in `src` is a folder of its own. */
function folderOf(path: string): string {
  return path.split(sep)[0] ?? path;
}

function importsOf(file: string): Import[] {
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...code(file).matchAll(pattern)].map(([, type, statically, lazily]) => ({
    file,
    specifier: statically ?? lazily ?? '',
    typeOnly: type !== undefined,
  }));
}

/** The file without its comments. */
function code(file: string): string {
  return readFileSync(join(source, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}
