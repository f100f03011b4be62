import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('restart', () => {
  it.each([
    ['restart: no', { kind: 'no' }],
    ['restart: "always"', { kind: 'always' }],
    ['restart: unless-stopped', { kind: 'unless-stopped' }],
    ['restart: on-failure', { kind: 'on-failure' }],
    ['restart: on-failure:3', { kind: 'on-failure', maxRetries: 3 }],
    ['tty: true', { kind: 'no' }],
    ['deploy: {restart_policy: {condition: none}}', { kind: 'no' }],
    ['deploy: {restart_policy: {}}', { kind: 'always' }],
    [
      'deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}',
      { kind: 'on-failure', maxRetries: 2 },
    ],
    ['restart: always\ndeploy: {restart_policy: {condition: none}}', { kind: 'no' }],
  ])('%s', async (attributes, policy) => {
    expect((await serviceOf(web(attributes))).restart).toEqual(policy);
  });

  it.each(['no', '"no"', 'always', 'unless-stopped', 'on-failure:3'])(
    '%s is printed as text',
    async (written) => {
      expect(await canonicalOf(web(`restart: ${written}`))).toEqual({ restart: written.replaceAll('"', '') });
    },
  );

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('restart: always'), web('restart: on-failure:${TRIES}'));
    expect(await canonicalOf(files, { env: { TRIES: '5' } })).toEqual({ restart: 'on-failure:5' });
    expect(await canonicalOf(extending('restart: always', 'restart: no'))).toEqual({ restart: 'no' });
  });

  it('refuses other words when the project is to be started', async () => {
    expect(await mistakesIn(web('restart: allways'))).toEqual([
      '4:14 COMPOSE_VALUE: services.web.restart: invalid restart policy "allways" -> did you mean "always"?',
    ]);
    expect(await mistakesIn(web('restart: on-failure:few'))).toEqual([
      '4:14 COMPOSE_VALUE: services.web.restart: invalid restart policy "on-failure:few" -> did you mean "on-failure"?',
    ]);
    expect(await mistakesIn(web('restart: on-failure:3.14'), { purpose: 'read' })).toEqual([]);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('restart: false'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('restart: [always]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
