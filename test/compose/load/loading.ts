/** Loads projects out of texts: `files` maps absolute paths to their contents, `/p` is the current directory. */
import { expect } from 'vitest';
import {
  type LoadOptions,
  type LoadResult,
  load,
  loadPrinted,
  printConfig,
} from '../../../src/compose/index.ts';
import type { Json, Project, Service } from '../../../src/compose/model/project.ts';
import type { Problem } from '../../../src/errors.ts';

export interface Given extends Partial<LoadOptions> {
  readonly env?: Readonly<Record<string, string>>;
}

export function loadFiles(files: Readonly<Record<string, string>>, given: Given = {}): Promise<LoadResult> {
  return load(optionsFor(files, given));
}

/** Files alone, of which every option may be given. */
export function optionsFor(files: Readonly<Record<string, string>>, given: Given = {}): LoadOptions {
  const { env = {}, ...options } = given;
  return {
    reader: {
      readText: async (path) => files[path],
      kind: async (path) => {
        if (files[path] !== undefined) return 'file';
        return Object.keys(files).some((file) => file.startsWith(`${path}/`)) ? 'directory' : 'none';
      },
    },
    environment: env,
    cwd: '/p',
    home: '/home/u',
    files: [],
    envFiles: [],
    profiles: [],
    services: [],
    ...options,
  };
}

/** A project of service `web`, which has these attributes, each on lines of its own: the first stands at 4:5. */
export function web(...attributes: readonly string[]): string {
  return `services:\n  web:\n${attributeLines(['image: x', ...attributes])}`;
}

/** A project whose service `web` extends `base` and has nothing of its own but the second one's attribute. */
export function extending(base: string, own: string): string {
  return `services:\n  base:\n${attributeLines(['image: x', base])}  web:\n${attributeLines(['extends: base', own])}`;
}

function attributeLines(attributes: readonly string[]): string {
  return attributes.map((attribute) => `${attribute}\n`.replaceAll(/^(?=.)/gm, '    ')).join('');
}

const uses = {
  networks: 'networks: [one]',
  volumes: 'volumes: ["one:/v"]',
  secrets: 'secrets: [one]',
  configs: 'configs: [one]',
  models: 'models: [one]',
};

/** A project whose service uses `one` of a section; what defines `one` stands at 2:8. */
export function using(section: keyof typeof uses, definition: string): string {
  return `${section}:\n  one: ${definition}\nservices: {web: {image: x, ${uses[section]}}}\n`;
}

/** The first file with the second one laid over it. */
export function overridden(base: string, over: string): Readonly<Record<string, string>> {
  return { '/p/compose.yaml': base, '/p/compose.override.yaml': over };
}

/** The project of one file; fails the test with the mistakes when it has some. */
export async function projectOf(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Project> {
  const result = await loadFiles(filesOf(yaml), given);
  expect(result.problems).toEqual([]);
  return result.project!;
}

function filesOf(yaml: string | Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return typeof yaml === 'string' ? { '/p/compose.yaml': yaml } : yaml;
}

/** The whole canonical form, as `config --format json` reads and prints it. Checks the round trip on the way. */
export async function configOf(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Project['canonical']> {
  const all: Given = { purpose: 'read', ...given };
  const project = await projectOf(yaml, all);
  await expectRoundTrip(project);
  // Printed without a canonical form, too.
  if (all.interpolate !== false)
    expect((await loadPrinted(optionsFor(filesOf(yaml), all))).text).toBe(await printConfig(project, 'yaml'));
  return project.canonical;
}

/** The canonical form of service `web`, without what every service has. Checks the round trip on the way. */
export async function canonicalOf(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Json> {
  // What is printed of a service can also be started.
  const { services } = await configOf(yaml, { purpose: 'run', ...given });
  const { command, entrypoint, networks, image, ...rest } = services!['web' as never] as Record<string, Json>;
  return {
    ...(command === null ? {} : { command: command! }),
    ...(entrypoint === null ? {} : { entrypoint: entrypoint! }),
    ...(JSON.stringify(networks) === '{"default":null}' || networks === undefined ? {} : { networks }),
    ...rest,
  };
}

/**
 * The canonical form of `web` where one attribute is laid over another: by an override file, and by a service
 * that extends another, which must come to the same. `declared`: top-level sections that they need.
 */
export async function mergedOf(
  base: string,
  over: string,
  { declared = '', ...given }: Given & { readonly declared?: string } = {},
): Promise<Json> {
  const merged = await canonicalOf(overridden(web(base), web(over) + declared), given);
  expect(await canonicalOf(extending(base, over) + declared, given)).toEqual(merged);
  return merged;
}

/** The typed service `web`. */
export async function serviceOf(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Service> {
  return (await projectOf(yaml, given)).services.web!;
}

/** What loads prints, and what is printed loads to the same. */
export async function expectRoundTrip(project: Project): Promise<void> {
  // The reference's JSON leaves models out.
  const formats = project.canonical.models === undefined ? (['yaml', 'json'] as const) : (['yaml'] as const);
  for (const format of formats) {
    const text = await printConfig(project, format);
    const again = await projectOf({ '/p/compose.yaml': text }, { profiles: ['*'], purpose: 'read' });
    expect(again.canonical).toEqual(project.canonical);
    expect(await printConfig(again, format)).toBe(text);
  }
}

/** Each mistake as `line:column code: message`, and `-> hint` where there is one. */
export async function mistakesIn(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<readonly string[]> {
  const { problems } = await loadFiles(filesOf(yaml), given);
  return problems.map(described);
}

/** The same of each warning. */
export async function warningsIn(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<readonly string[]> {
  const { warnings } = await loadFiles(filesOf(yaml), given);
  return warnings.map(described);
}

/** The attributes of which a warning says that they are without effect. */
export async function withoutEffectIn(yaml: string, given: Given = {}): Promise<readonly string[]> {
  const { warnings } = await loadFiles({ '/p/compose.yaml': yaml }, given);
  const told = warnings.filter(({ code }) => code === 'COMPOSE_NO_EFFECT');
  return told.flatMap(({ message }) => message.slice(message.indexOf(': ') + 2).split(', '));
}

function described({ code, message, at, hint }: Problem): string {
  const place = at === undefined ? '' : `${at.line}:${at.column} `;
  return `${place}${code}: ${message}${hint === undefined ? '' : ` -> ${hint}`}`;
}

/** Each mistake as `line:column code` alone, where its wording is not the attribute's own. */
export async function placesIn(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<readonly string[]> {
  return (await mistakesIn(yaml, given)).map((mistake) => mistake.slice(0, mistake.indexOf(': ')));
}
