/** Some of the corpus through the command as it is installed: a process of its own, the bundle, real files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Check, checksIn, differenceIn, unpackCorpus } from './cases.ts';

const root = join(import.meta.dirname, '../..');
const corpus = unpackCorpus();
afterAll(corpus.remove);

// Does nothing when no source has changed.
beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts/build.mjs')]));

describe('the command', () => {
  const checks = spread(checksIn(corpus.directory), 6);
  it.each(checks.map((check) => [check.name, check] as const))('answers %s', (_, check) => {
    expect(differenceIn(check, answerTo(check))).toBe(undefined);
  });
});

/** So many of each kind, evenly out of all of them. */
function spread(checks: readonly Check[], count: number): Check[] {
  const kinds = new Set(checks.map(({ kind }) => kind));
  return [...kinds].flatMap((kind) => {
    const all = checks.filter((check) => check.kind === kind);
    return all.filter((_, index) => index % Math.ceil(all.length / count) === 0);
  });
}

function answerTo({ words, environment, cwd }: Check): Answer {
  const argv = [join(root, 'bin/tscompose.cjs'), ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd,
    env: { ...environment },
    encoding: 'utf8',
  });
  return { code: status ?? -1, out: stdout, err: stderr };
}
