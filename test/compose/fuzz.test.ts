/** Real projects with mistakes made in them: whatever a file holds, it loads or it is told what is wrong with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import schema from '../../schemas/compose.json' with { type: 'json' };
import { type LoadResult, printConfig } from '../../src/compose/index.ts';
import type { Json } from '../../src/compose/model/project.ts';
import { unpackCorpus } from '../corpus/cases.ts';
import { loadFiles } from './load/loading.ts';
import { pick, type Random, seeded } from './mutations.ts';

const corpus = unpackCorpus();
afterAll(corpus.remove);

const texts = readdirSync(corpus.directory, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/.test(name))
  .sort()
  .map((name) => readFileSync(join(corpus.directory, name), 'utf8'))
  .filter((text) => text.length < 20_000);

const strange = [
  '\t',
  '\0',
  '\r',
  '\u2028',
  '"',
  "'",
  '[',
  '{',
  '}',
  ': ',
  '- ',
  '#',
  '&a ',
  '*a',
  '<<: *a',
  '!x ',
  '${',
  '$',
  '|',
  '>',
];

type Mutation = (lines: readonly string[], random: Random) => readonly string[];

const mutations: readonly Mutation[] = [
  // A line goes, comes twice, or changes places with another.
  (lines, random) => lines.toSpliced(random(lines.length), 1),
  (lines, random) => lines.toSpliced(random(lines.length), 0, pick(random, lines)),
  (lines, random) => {
    const [at, other] = [random(lines.length), random(lines.length)];
    return lines.with(at, lines[other]!).with(other, lines[at]!);
  },
  // It is indented more or less.
  (lines, random) => changeOne(lines, random, (line) => `${' '.repeat(1 + random(3))}${line}`),
  (lines, random) => changeOne(lines, random, (line) => line.replace(/^ {1,2}/, '')),
  // A part of it is lost, or something gets in.
  (lines, random) => changeOne(lines, random, (line) => line.slice(0, random(line.length + 1))),
  (lines, random) =>
    changeOne(lines, random, (line) => {
      const at = random(line.length + 1);
      return line.slice(0, at) + pick(random, strange) + line.slice(at);
    }),
  // The value is another line's.
  (lines, random) => {
    const from = /:\s+(.*)$/.exec(pick(random, lines))?.[1] ?? '';
    return changeOne(lines, random, (line) => line.replace(/:\s+.*$/, () => `: ${from}`));
  },
  // The file ends early.
  (lines, random) => lines.slice(0, random(lines.length)),
];

function changeOne(
  lines: readonly string[],
  random: Random,
  change: (line: string) => string,
): readonly string[] {
  const at = random(lines.length);
  return lines.with(at, change(lines[at]!));
}

function damaged(text: string, random: Random): string {
  let lines: readonly string[] = text.split('\n');
  for (let count = 1 + random(2); count > 0 && lines.length > 0; count--)
    lines = pick(random, mutations)(lines, random);
  return lines.join('\n');
}

const file = '/p/compose.yaml';

function loaded(text: string): Promise<LoadResult> {
  return loadFiles({ [file]: text }, { profiles: ['*'], purpose: 'read' });
}

function inside(text: string, { problems }: LoadResult): boolean {
  const lines = text.split('\n');
  return problems.every(
    ({ at }) =>
      at === undefined || (at.file === file && at.line >= 1 && at.line <= lines.length && at.column >= 1),
  );
}

/**
 * What the reference prints so that it does not load to the same: it doubles the dollars of keys, which it reads as they
 * stand, leaves out the capabilities of a device that have to be there, when they are none, and a dockerfile that is empty.
 */
function isPrintedOtherwise(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      key.includes('$') ||
      (key === 'devices' && lacksCapabilities(inner as Json)) ||
      (key === 'build' && lacksDockerfile(inner as Json)) ||
      isPrintedOtherwise(inner as Json),
  );
}

function lacksDockerfile(build: Json): boolean {
  return !['dockerfile', 'dockerfile_inline'].some((key) => key in Object(build));
}

function lacksCapabilities(devices: Json): boolean {
  if (!Array.isArray(devices)) return false;
  return devices.some((device) => !['capabilities', 'source'].some((key) => key in Object(device)));
}

describe('a real file with mistakes in it', () => {
  it.each([1, 2, 3])('loads, or has mistakes with a place in it (seed %i)', async (seed) => {
    const random = seeded(seed);
    for (const text of texts) {
      const bad = damaged(text, random);
      const result = await loaded(bad);
      const isTold = result.project !== undefined || (result.problems.length > 0 && inside(bad, result));
      if (!isTold) expect.fail(`${JSON.stringify(result.problems)}\n${bad}`);
    }
  });

  it('that loads is printed so that it loads to the same', async () => {
    const random = seeded(4);
    let printed = 0;
    for (const text of texts) {
      const { project } = await loaded(damaged(text, random));
      if (project === undefined || isPrintedOtherwise(project.canonical)) continue;
      const again = await loaded(await printConfig(project, 'yaml'));
      expect(again.problems).toEqual([]);
      expect(again.project?.canonical).toEqual(project.canonical);
      printed++;
    }
    expect(printed).toBeGreaterThan(texts.length / 10);
  });

  it('means the same with an override that says nothing', async () => {
    let compared = 0;
    for (const text of texts) {
      const { project } = await loaded(text);
      if (project === undefined) continue;
      const files = { [file]: text, '/p/compose.override.yaml': 'services: {}\n' };
      const both = await loadFiles(files, { profiles: ['*'], purpose: 'read' });
      expect(both.project?.canonical).toEqual(project.canonical);
      compared++;
    }
    expect(compared).toBeGreaterThan(texts.length / 4);
  });
});

describe('any value under the keys of a project', () => {
  const keys = ['services', 'networks', 'volumes', 'secrets', 'configs', 'include', 'name', 'x-own'];
  const attributes = Object.keys(schema.definitions.service.properties);
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('${X', '${X:-a}', '$$', '80:80', '1m'),
  );
  const service = fc.dictionary(fc.constantFrom(...attributes), value, { maxKeys: 4 });
  const document = fc
    .record({
      services: fc.oneof(fc.dictionary(fc.constantFrom('web', 'db', 'a b'), service, { maxKeys: 3 }), value),
      rest: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2 }),
    })
    .map(({ services, rest }) => ({ ...rest, services }));

  it('loads, or has mistakes with a place in the file', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (tree) => {
        const text = JSON.stringify(tree, null, 1);
        const result = await loaded(text);
        expect(result.project !== undefined || result.problems.length > 0).toBe(true);
        expect(inside(text, result)).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
