/** Every value of every project of the corpus has an explanation, at a place that there is. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/compose/explain/explanation.ts';
import type { Json } from '../../src/compose/model/project.ts';
import { projectReader } from '../../src/host/project-reader.ts';
import { run } from '../cli/world.ts';
import { type Check, checksIn, unpackCorpus } from './cases.ts';

const corpus = unpackCorpus();
afterAll(corpus.remove);

describe('an explained project of the corpus', () => {
  const printed = checksIn(corpus.directory).filter(
    ({ name, accepted, isJson, words }) =>
      accepted && isJson && !name.includes('[') && words.includes('config'),
  );
  it.each(printed.map((check) => [check.name, check] as const))('%s', async (_, check) => {
    const project = await jsonOf<Json>(check, []);
    const explanations = await jsonOf<readonly Explanation[]>(check, ['--explain']);
    expect(withoutExplanation(project, new Set(explanations.map(({ path }) => path)))).toEqual([]);
    expect(explanations.filter((explanation) => !isPlaced(explanation))).toEqual([]);
  });
});

async function jsonOf<T>({ words, environment, cwd }: Check, more: readonly string[]): Promise<T> {
  const answer = await run([...words, ...more], { environment, io: { cwd, reader: projectReader() } });
  expect(answer.code).toBe(0);
  return JSON.parse(answer.out) as T;
}

/** Paths of single values that are neither explained themselves nor as a part of something. */
function withoutExplanation(value: Json, explained: ReadonlySet<string>, path = ''): readonly string[] {
  if (explained.has(path) || value === null) return [];
  if (typeof value !== 'object') return [path];
  const parts = Array.isArray(value)
    ? value.map((item, index) => [`[${index}]`, item as Json] as const)
    : Object.entries(value).map(
        ([key, item]) => [path === '' ? literal(key) : `.${literal(key)}`, item] as const,
      );
  return parts.flatMap(([part, item]) => withoutExplanation(item, explained, `${path}${part}`));
}

/** `config` doubles dollars, so that what it prints loads to the same. */
function literal(key: string): string {
  return key.replaceAll('$$', '$');
}

/** What says where it is, is there: the place begins inside a line of the file. */
function isPlaced({ at, implied }: Explanation): boolean {
  if (at === undefined) return implied !== undefined;
  if (at.file === '-') return true;
  const line = readFileSync(at.file, 'utf8')
    .replace(/^\uFEFF/, ' ')
    .split('\n')[at.line - 1];
  return line !== undefined && at.column <= line.length + 1;
}
