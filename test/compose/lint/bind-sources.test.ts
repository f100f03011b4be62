import { expect, it } from 'vitest';
import { HostError } from '../../../src/errors.ts';
import { lintOf } from './linting.ts';

const yaml = `services:
  web:
    image: x:1
    volumes: [./there:/a, ./gone:/b, named:/c, {type: bind, source: ./away, target: /d}]
volumes: {named: }
`;

it('warns of paths on the host that are not there', async () => {
  expect(await lintOf('COMPOSE_BIND_MISSING', { '/p/compose.yaml': yaml, '/p/there': '' })).toEqual([
    '4:27 services.web.volumes[1]: /p/gone does not exist -> make it, or correct the path',
    '4:69 services.web.volumes[3]: /p/away does not exist -> make it, or correct the path',
  ]);
});

it('says nothing of paths that may not be looked at', async () => {
  const reader = {
    readText: async (path: string) => (path === '/p/compose.yaml' ? yaml : undefined),
    kind: async (path: string) => {
      if (path.startsWith('/p/compose')) return path === '/p/compose.yaml' ? 'file' : 'none';
      if (path.startsWith('/p/docker') || path === '/p/.env') return 'none';
      throw new HostError('HOST_EACCES', `cannot read ${path}: permission denied`);
    },
  } as const;
  expect(await lintOf('COMPOSE_BIND_MISSING', {}, { reader })).toEqual([]);
});
