import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run, shop } from './world.ts';

/** Options of `up`, as groups: two of one group cannot both be meant. */
const exclusive: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['--build'], ['--no-build']],
  [['--no-recreate'], ['--force-recreate', '-V', '--always-recreate-deps']],
  [['--abort-on-container-failure'], ['--abort-on-container-exit']],
  [
    ['-d', '--wait'],
    [
      '--abort-on-container-exit',
      '--abort-on-container-failure',
      '--exit-code-from=web',
      '--attach=web',
      '--attach-dependencies',
    ],
  ],
  [['--wait'], ['--no-start']],
  [['--attach=web'], ['--attach-dependencies']],
];

const others = [
  '--no-deps',
  '--remove-orphans',
  '--scale=db=2',
  '-y',
  '--no-attach=db',
  '-t=3',
  '--timestamps',
];
const all = [...new Set([...exclusive.flat(2), ...others])].sort();

function isConflict(flags: readonly string[]): boolean {
  const has = (group: readonly string[]) => group.some((flag) => flags.includes(flag));
  return exclusive.some(([one, other]) => has(one) && has(other));
}

async function isRefused(flags: readonly string[]): Promise<boolean> {
  const { code, err, requests } = await run(['up', ...flags], { files: shop });
  if (code === 0) return false;
  expect(err).toMatch(/^tscompose: .*(are incompatible|cannot be combined with|cannot combine) ?/);
  expect(requests).toEqual([]);
  return true;
}

describe('options of up', () => {
  test('are refused in each pair that contradicts itself, and taken in every other', async () => {
    const pairs = all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other]));
    const refused: string[] = [];
    for (const pair of pairs) if (await isRefused(pair)) refused.push(pair.join(' '));
    expect(refused).toEqual(pairs.filter(isConflict).map((pair) => pair.join(' ')));
  });

  test('are refused before anything is asked of the agent, whatever else is written beside them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all), async (flags) => {
        expect(await isRefused(flags)).toBe(isConflict(flags));
      }),
      { numRuns: 100 },
    );
  });

  test('contradict what the environment says about orphans', async () => {
    const ignoring = { files: shop, environment: { COMPOSE_IGNORE_ORPHANS: '1' } };
    expect((await run('up -d', ignoring)).code).toBe(0);
    expect(await run('up -d --remove-orphans', ignoring)).toMatchObject({
      code: 1,
      requests: [],
      err: 'tscompose: cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans\n',
    });
  });
});
