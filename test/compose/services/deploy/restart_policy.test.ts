import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';

const policy = (written: string): string => web(`deploy: {restart_policy: ${written}}`);

describe('deploy.restart_policy', () => {
  it('is printed with durations in their printed form', async () => {
    const yaml = policy('{condition: on-failure, delay: 5s, max_attempts: "3", window: $WINDOW}');
    expect(await canonicalOf(yaml, { env: { WINDOW: '120s' } })).toEqual({
      deploy: {
        resources: {},
        restart_policy: { condition: 'on-failure', delay: '5s', max_attempts: 3, window: '2m0s' },
        placement: {},
      },
    });
  });

  it.each([
    ['{}', { kind: 'always' }],
    ['{condition: any}', { kind: 'always' }],
    ['{condition: always}', { kind: 'always' }],
    ['{condition: none}', { kind: 'no' }],
    ['{condition: "no"}', { kind: 'no' }],
    ['{condition: unless-stopped}', { kind: 'unless-stopped' }],
    ['{condition: on-failure}', { kind: 'on-failure' }],
    ['{condition: on-failure, max_attempts: 2}', { kind: 'on-failure', maxRetries: 2 }],
  ])('says when containers are started again: %s', async (written, restart) => {
    expect((await serviceOf(policy(written))).restart).toEqual(restart);
  });

  it('wins over restart', async () => {
    const yaml = web('restart: always', 'deploy: {restart_policy: {condition: none}}');
    expect((await serviceOf(yaml)).restart).toEqual({ kind: 'no' });
  });

  it('merges key by key', async () => {
    expect(
      await mergedOf(
        'deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}',
        'deploy: {restart_policy: {max_attempts: 0}}',
      ),
    ).toEqual({
      deploy: {
        resources: {},
        restart_policy: { condition: 'on-failure', max_attempts: 0 },
        placement: {},
      },
    });
  });

  it('refuses other conditions when the project is to be started', async () => {
    expect(await mistakesIn(policy('{condition: onfailure}'))).toEqual([
      '4:42 COMPOSE_VALUE: services.web.deploy.restart_policy.condition: invalid restart policy "onfailure" -> did you mean "on-failure"?',
    ]);
    expect(await mistakesIn(policy('{condition: sometimes}'))).toEqual([
      '4:42 COMPOSE_VALUE: services.web.deploy.restart_policy.condition: invalid restart policy "sometimes" -> write none, on-failure or any',
    ]);
    expect(await mistakesIn(policy('{condition: sometimes}'), { purpose: 'read' })).toEqual([]);
  });

  it.each([
    ['{condition: 1}', '4:42 COMPOSE_TYPE'],
    ['{delay: soon}', '4:38 COMPOSE_DURATION'],
    ['{max_attempts: x}', '4:45 COMPOSE_TYPE'],
    ['{window: 3}', '4:39 COMPOSE_TYPE'],
    ['{max_attempt: 3}', '4:31 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(policy(written))).toEqual([place]);
  });

  it('counts nothing that is less than nothing', async () => {
    expect(await mistakesIn(web('deploy: {restart_policy: {max_attempts: -1}}'))).toEqual([
      '4:45 COMPOSE_TYPE: services.web.deploy.restart_policy.max_attempts: -1 is too low: 0 is the least -> write how many',
    ]);
  });
});
