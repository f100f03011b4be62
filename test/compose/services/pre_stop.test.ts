import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../load/loading.ts';

describe('pre_stop', () => {
  it('is a list of commands with where, as whom and with what they run', async () => {
    const yaml = web(`pre_stop:
  - command: ./drain.sh --wait 5
    user: "1000"
    privileged: no
    working_dir: /srv
    environment: [GRACE=5s, TOKEN]
  - command: [sync]`);
    expect(await canonicalOf(yaml)).toEqual({
      pre_stop: [
        {
          command: ['./drain.sh', '--wait', '5'],
          user: '1000',
          working_dir: '/srv',
          environment: { GRACE: '5s', TOKEN: null },
        },
        { command: ['sync'] },
      ],
    });
  });

  it('may hold variables', async () => {
    const env = { GRACE: '9' };
    expect(await canonicalOf(web('pre_stop: [{command: ["drain", "$GRACE"]}]'), { env })).toEqual({
      pre_stop: [{ command: ['drain', '9'] }],
    });
  });

  it('is added to by what is laid over it', async () => {
    expect(await mergedOf('pre_stop: [{command: a}]', 'pre_stop: [{command: b}]')).toEqual({
      pre_stop: [{ command: ['a'] }, { command: ['b'] }],
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('pre_stop: [{command: a}]'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.pre_stop',
    ]);
  });

  it.each([
    ['sync', '4:15 COMPOSE_TYPE'],
    ['[{working_dir: /}]', '4:16 COMPOSE_MISSING_KEY'],
    ['[{command: a, privileged: 1}]', '4:41 COMPOSE_TYPE'],
    ['[{command: a, usr: root}]', '4:29 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`pre_stop: ${written}`))).toEqual([place]);
  });
});
