import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

it('warns of what is declared at the top and used by no service of any profile', async () => {
  const yaml = `services:
  web:
    build: {context: ., secrets: [built]}
    networks: [front]
    volumes: [data:/d, ./bind:/b]
    secrets: [s]
    configs: [{source: c}]
    models: [m]
  off: {image: "x:1", profiles: [p], volumes: [hidden:/h]}
networks: {front: , back: }
volumes: {data: , hidden: , old: }
secrets: {s: {file: a}, built: {file: a}, unread: {file: a}}
configs: {c: {file: a}, d: {file: a}}
models: {m: {model: x}, n: {model: x}}
`;
  expect(await lintOf('COMPOSE_UNUSED', { '/p/compose.yaml': yaml, '/p/a': '' })).toEqual([
    '10:21 networks.back: no service uses this network -> take it out, or name it in the `networks:` of a service',
    '11:29 volumes.old: no service uses this volume -> take it out, or name it in the `volumes:` of a service',
    '12:43 secrets.unread: no service uses this secret -> take it out, or name it in the `secrets:` of a service',
    '13:25 configs.d: no service uses this config -> take it out, or name it in the `configs:` of a service',
    '14:25 models.n: no service uses this model -> take it out, or name it in the `models:` of a service',
  ]);
});

it('does not warn of the default network, which services use without saying so', async () => {
  const yaml = (mode: string): string =>
    `services: {web: {image: "x:1"${mode}}}\nnetworks: {default: {internal: true}}`;
  expect(await lintOf('COMPOSE_UNUSED', yaml(''))).toEqual([]);
  expect(await lintOf('COMPOSE_UNUSED', yaml(', network_mode: host'))).toEqual([
    '2:12 networks.default: no service uses this network -> take it out, or name it in the `networks:` of a service',
  ]);
});
