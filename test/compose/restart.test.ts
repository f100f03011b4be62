import { describe, expect, it } from 'vitest';
import { mistakesIn, serviceOf } from './load/loading.ts';

const web = (attributes: string): string => `services:\n  web:\n    image: x\n    ${attributes}\n`;

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
  ])('%s', async (attributes, policy) => {
    expect((await serviceOf(web(attributes))).restart).toEqual(policy);
  });

  it('refuses other words when the project is to be started', async () => {
    expect(await mistakesIn(web('restart: allways'))).toEqual([
      '4:14 COMPOSE_VALUE: services.web.restart: invalid restart policy "allways" -> did you mean "always"?',
    ]);
    expect(await mistakesIn(web('restart: on-failure:3.14'), { purpose: 'read' })).toEqual([]);
  });
});
