/** Every case of the corpus means here what it means to Docker Compose, or stands in the list of deviations. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectReader } from '../../src/host/project-reader.ts';
import { run } from '../cli/world.ts';
import { type Answer, type Check, checksIn, differenceIn, unpackCorpus } from './cases.ts';

const corpus = unpackCorpus();
afterAll(corpus.remove);

const checks = checksIn(corpus.directory);
const deviations = deviationsIn(readFileSync(join(import.meta.dirname, '../compose/deviations.md'), 'utf8'));

describe('the corpus', () => {
  const conforming = checks.filter(({ name }) => !deviations.has(name));
  it.each(conforming.map((check) => [check.name, check] as const))('%s', async (_, check) => {
    expect(differenceIn(check, await answerTo(check))).toBe(undefined);
  });
});

describe('the list of deviations', () => {
  it('names checks that there are', () => {
    const names = new Set(checks.map(({ name }) => name));
    expect([...deviations].filter((name) => !names.has(name))).toEqual([]);
  });

  it('names checks that really differ', async () => {
    const stale: string[] = [];
    for (const check of checks.filter(({ name }) => deviations.has(name)))
      if (differenceIn(check, await answerTo(check)) === undefined) stale.push(check.name);
    expect(stale).toEqual([]);
  });
});

/** The whole command line in this process, on the files of the case and in its environment. */
function answerTo({ words, environment, cwd }: Check): Promise<Answer> {
  return run(words, { environment, io: { cwd, reader: projectReader() } });
}

/** Each stands under a heading of its own: `## name of the check`. */
function deviationsIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^## (.+)$/gm)].map(([, name = '']) => name));
}
