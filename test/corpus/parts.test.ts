/** A project of the corpus that is loaded one service at a time is printed as it is when it is loaded as a whole. */
import { afterAll, describe, expect, it } from 'vitest';
import * as compose from '../../src/compose/index.ts';
import { printInParts } from '../../src/compose/load/parts/index.ts';
import { projectReader } from '../../src/host/project-reader.ts';
import { run } from '../cli/world.ts';
import { type Check, checksIn, unpackCorpus } from './cases.ts';

const corpus = unpackCorpus();
afterAll(corpus.remove);

describe('in parts', () => {
  const all = checksIn(corpus.directory).filter(
    ({ name, words }) => !name.includes('[') && words.includes('config'),
  );
  let partly = 0;

  it.each(all.map((check) => [check.name, check] as const))('%s', async (_, check) => {
    let text: string | undefined;
    const answer = await printed(check, async (options) => {
      text = await printInParts(options, { from: 0, size: 1 });
      return compose.loadPrinted(options);
    });
    // Where there is anything to tell, the whole tells it.
    if (text === undefined) return;
    partly += 1;
    expect(answer).toMatchObject({ code: 0, out: text, err: '' });
  });

  it('are many of them', () => {
    expect(partly).toBeGreaterThan(all.length / 4);
  });
});

function printed({ words, environment, cwd }: Check, loadPrinted: typeof compose.loadPrinted) {
  const io = { cwd, reader: projectReader(), compose: async () => ({ ...compose, loadPrinted }) };
  return run(words.slice(0, words.indexOf('config') + 1), { environment, io });
}
