/** Loads projects out of texts: `files` maps absolute paths to their contents, `/p` is the current directory. */
import { expect } from 'vitest';
import { type LoadOptions, type LoadResult, load, printConfig } from '../../../src/compose/index.ts';
import type { Json, Project, Service } from '../../../src/compose/model/project.ts';

export interface Given extends Partial<LoadOptions> {
  readonly env?: Readonly<Record<string, string>>;
}

export function loadFiles(files: Readonly<Record<string, string>>, given: Given = {}): Promise<LoadResult> {
  const { env = {}, ...options } = given;
  return load({
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
  });
}

/** The project of one file; fails the test with the mistakes when it has some. */
export async function projectOf(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Project> {
  const result = await loadFiles(typeof yaml === 'string' ? { '/p/compose.yaml': yaml } : yaml, given);
  expect(result.problems).toEqual([]);
  return result.project!;
}

/** The canonical form of service `web`, without what every service has. Checks the round trip on the way. */
export async function canonicalOf(
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Json> {
  const project = await projectOf(yaml, given);
  await expectRoundTrip(project);
  const { command, entrypoint, networks, image, ...rest } = project.canonical.services![
    'web' as never
  ] as Record<string, Json>;
  return {
    ...(command === null ? {} : { command: command! }),
    ...(entrypoint === null ? {} : { entrypoint: entrypoint! }),
    ...(JSON.stringify(networks) === '{"default":null}' || networks === undefined ? {} : { networks }),
    ...rest,
  };
}

/** The typed service `web`. */
export async function serviceOf(yaml: string, given: Given = {}): Promise<Service> {
  return (await projectOf(yaml, given)).services.web!;
}

/** What loads prints, and what is printed loads to the same. */
export async function expectRoundTrip(project: Project): Promise<void> {
  for (const format of ['yaml', 'json'] as const) {
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
  const { problems } = await loadFiles(typeof yaml === 'string' ? { '/p/compose.yaml': yaml } : yaml, given);
  return problems.map(({ code, message, at, hint }) => {
    const place = at === undefined ? '' : `${at.line}:${at.column} `;
    return `${place}${code}: ${message}${hint === undefined ? '' : ` -> ${hint}`}`;
  });
}
