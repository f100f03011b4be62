import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../load/loading.ts';

describe('post_start', () => {
  it('is a list of commands with where, as whom and with what they run', async () => {
    const yaml = web(`post_start:
  - command: [chown, -R, "1000", /data]
    user: root
    privileged: "true"
    working_dir: /data
    environment: {MODE: 7, EMPTY: "", UNSET: }
  - command: sh -c "echo started; date"`);
    expect(await canonicalOf(yaml)).toEqual({
      post_start: [
        {
          command: ['chown', '-R', '1000', '/data'],
          user: 'root',
          privileged: true,
          working_dir: '/data',
          environment: { EMPTY: '', MODE: '7', UNSET: null },
        },
        { command: ['sh', '-c', 'echo started; date'] },
      ],
    });
  });

  it('takes its environment as a list too, and privileged in every spelling', async () => {
    expect(
      await canonicalOf(web('post_start: [{command: a, privileged: "true", environment: [B=1, A]}]')),
    ).toEqual({
      post_start: [{ command: ['a'], privileged: true, environment: { A: null, B: '1' } }],
    });
    expect(await canonicalOf(web('post_start: [{command: a, privileged: off}]'))).toEqual({
      post_start: [{ command: ['a'] }],
    });
  });

  it('may hold variables, which are cast', async () => {
    const yaml = web('post_start: [{command: "echo $WORD", privileged: $TRUST}]');
    expect(await canonicalOf(yaml, { env: { WORD: 'hi', TRUST: 'yes' } })).toEqual({
      post_start: [{ command: ['echo', 'hi'], privileged: true }],
    });
    expect(await placesIn(yaml, { env: { WORD: 'hi', TRUST: 'much' } })).toEqual(['4:54 COMPOSE_TYPE']);
  });

  it('is added to by what is laid over it', async () => {
    expect(await mergedOf('post_start: [{command: a}]', 'post_start: [{command: b}, {command: a}]')).toEqual({
      post_start: [{ command: ['a'] }, { command: ['b'] }, { command: ['a'] }],
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('post_start: [{command: a}]'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.post_start',
    ]);
  });

  it.each([
    ['{command: a}', '4:5 COMPOSE_TYPE'],
    ['[a]', '4:18 COMPOSE_TYPE'],
    ['[{user: root}]', '4:18 COMPOSE_MISSING_KEY'],
    ['[{command: 5}]', '4:28 COMPOSE_TYPE'],
    ['[{command: [a, 5]}]', '4:32 COMPOSE_TYPE'],
    ['[{command: a, image: b}]', '4:31 COMPOSE_UNKNOWN_KEY'],
    ['[{command: "it\'s"}]', '4:28 COMPOSE_COMMAND'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`post_start: ${written}`))).toEqual([place]);
  });
});
