import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../load/loading.ts';

describe('pre_start', () => {
  it('is a list of containers that run to their end before the service starts', async () => {
    const yaml = web(`pre_start:
  - image: migrate:2
    command: ./migrate up
    per_replica: "true"
    user: root
    privileged: "true"
    working_dir: /srv
    environment: [STEP=1, TOKEN]
  - image: seed:1`);
    expect(await canonicalOf(yaml)).toEqual({
      pre_start: [
        {
          command: ['./migrate', 'up'],
          image: 'migrate:2',
          per_replica: true,
          user: 'root',
          privileged: true,
          working_dir: '/srv',
          environment: { STEP: '1', TOKEN: null },
        },
        { image: 'seed:1' },
      ],
    });
  });

  it('runs the image of the service where it names none, once for all replicas', async () => {
    expect(await canonicalOf(web('pre_start: [{command: a, per_replica: no}]'))).toEqual({
      pre_start: [{ command: ['a'], image: 'x' }],
    });
  });

  it('may hold variables, which are cast', async () => {
    const yaml = web('pre_start: [{image: "seed:$TAG", per_replica: $EACH}]');
    expect(await canonicalOf(yaml, { env: { TAG: '3', EACH: 'yes' } })).toEqual({
      pre_start: [{ image: 'seed:3', per_replica: true }],
    });
    expect(await placesIn(yaml, { env: { TAG: '3', EACH: 'some' } })).toEqual(['4:51 COMPOSE_TYPE']);
  });

  it('is added to by what is laid over it', async () => {
    expect(await mergedOf('pre_start: [{image: a}]', 'pre_start: [{image: b, command: c}]')).toEqual({
      pre_start: [{ image: 'a' }, { image: 'b', command: ['c'] }],
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('pre_start: [{command: a}]'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.pre_start',
    ]);
  });

  it.each([
    ['{image: a}', '4:5 COMPOSE_TYPE'],
    ['[migrate]', '4:17 COMPOSE_TYPE'],
    ['[{image: 5}]', '4:25 COMPOSE_TYPE'],
    ['[{image: a, per_replica: 2}]', '4:41 COMPOSE_TYPE'],
    ['[{image: a, volumes: [b]}]', '4:28 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`pre_start: ${written}`))).toEqual([place]);
  });
});
