import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

it('warns of text that YAML reads as a number or a boolean and that is written out another way', async () => {
  const yaml = `services:
  web:
    image: x:1
    build: {context: ., args: {NODE: 20.10}}
    environment: {VERSION: 1.10, PIN: 0123, DEBUG: True, HEX: 0x1F, SAME: 1.5, QUOTED: "1.10", NONE: }
    labels: {date: 1_000}
    mem_limit: 1_000_000_000
`;
  expect(await lintOf('COMPOSE_CHANGED_VALUE', yaml)).toEqual([
    '4:38 services.web.build.args.NODE: 20.10 without quotes is 20.1 -> put it in quotes: "20.10"',
    '5:28 services.web.environment.VERSION: 1.10 without quotes is 1.1 -> put it in quotes: "1.10"',
    '5:39 services.web.environment.PIN: 0123 without quotes is 83 -> put it in quotes: "0123"',
    '5:52 services.web.environment.DEBUG: True without quotes is true -> put it in quotes: "True"',
    '5:63 services.web.environment.HEX: 0x1F without quotes is 31 -> put it in quotes: "0x1F"',
    '6:20 services.web.labels.date: 1_000 without quotes is 1000 -> put it in quotes: "1_000"',
  ]);
});

it('does not say what a secret is', async () => {
  const yaml = 'services: {web: {image: "x:1", environment: {DB_PASSWORD: 0123}}}';
  expect(await lintOf('COMPOSE_CHANGED_VALUE', yaml)).toEqual([
    '1:59 services.web.environment.DB_PASSWORD: without quotes this is read as another value -> put it in quotes',
  ]);
});
