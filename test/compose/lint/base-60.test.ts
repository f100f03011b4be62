import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

it('warns of numbers with a colon and no quotes, which YAML 1.1 counts in sixties', async () => {
  const yaml = `services:
  web:
    image: x:1
    ports: [22:22, "23:23", 80:80, 1:2:3]
    environment: {AT: -10:30, IN: '10:30'}
`;
  expect(await lintOf('COMPOSE_BASE_60', yaml)).toEqual([
    '4:13 services.web.ports[0]: YAML 1.1 takes 22:22 for the number 1342 -> put it in quotes: "22:22"',
    '4:36 services.web.ports[3]: YAML 1.1 takes 1:2:3 for the number 3723 -> put it in quotes: "1:2:3"',
    '5:23 services.web.environment.AT: YAML 1.1 takes -10:30 for the number -630 -> put it in quotes: "-10:30"',
  ]);
});
