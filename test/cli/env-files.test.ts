import { describe, expect, it } from 'vitest';
import { applying, container, creating, run, shop } from './world.ts';

const up = applying(creating('shop-web-1'));
const shopWith = (env: string) => ({ ...shop, '/shop/.env': env });

describe('COMPOSE_* of .env', () => {
  it('stand for options that are not given', async () => {
    const files = shopWith('COMPOSE_REMOVE_ORPHANS=1\nCOMPOSE_PARALLEL_LIMIT=3\nCOMPOSE_PROGRESS=json\n');
    const { requests, err } = await run('up -d', { files, client: { apply: up } });
    expect(requests).toMatchObject([{ parallel: 3, command: { removeOrphans: true } }]);
    expect(err).toBe(
      '{"id":"Container shop-web-1","status":"Working","text":"Creating"}\n{"id":"Container shop-web-1","status":"Done","text":"Created"}\n',
    );
  });

  it('give way to those of the shell, and to options', async () => {
    const files = shopWith('COMPOSE_PARALLEL_LIMIT=3\nCOMPOSE_PROGRESS=json\n');
    const environment = { COMPOSE_PARALLEL_LIMIT: '5' };
    const { requests, err } = await run('--progress quiet up -d', {
      files,
      environment,
      client: { apply: up },
    });
    expect({ parallel: requests[0]?.parallel, err }).toEqual({ parallel: 5, err: '' });
  });

  it('are read from --env-file instead where there is one, and from the directory of the first file', async () => {
    const files = { '/shop/ci.env': 'COMPOSE_PARALLEL_LIMIT=4\n', ...shopWith('COMPOSE_PARALLEL_LIMIT=3\n') };
    expect((await run('--env-file ci.env up -d', { files })).requests[0]?.parallel).toBe(4);
    const elsewhere = {
      '/shop/site/compose.yaml': shop['/shop/compose.yaml'],
      '/shop/site/.env': 'COMPOSE_PARALLEL_LIMIT=6\n',
    };
    for (const words of ['-f site/compose.yaml up -d', '--project-directory site up -d'])
      expect((await run(words, { files: elsewhere })).requests[0]?.parallel).toBe(6);
    const environment = { COMPOSE_DISABLE_ENV_FILE: '1' };
    expect((await run('up -d', { files, environment })).requests[0]).not.toHaveProperty('parallel');
  });

  it('name files, profiles and the project', async () => {
    const files = {
      '/shop/other.yaml': 'services:\n  web: {image: nginx}\n  tool: {image: nginx, profiles: [debug]}\n',
      '/shop/.env': 'COMPOSE_FILE=other.yaml\nCOMPOSE_PROFILES=debug\nCOMPOSE_PROJECT_NAME=named\n',
    };
    expect((await run('config --services', { files })).out).toBe('tool\nweb\n');
    const { calls } = await run('ps', {
      files: { '/shop/.env': 'COMPOSE_PROJECT_NAME=named\n' },
      client: { containers: async () => [container()] },
    });
    expect(calls[0]).toContain('"project":"named"');
  });

  it('are refused where they make no sense, and a broken file is told of once', async () => {
    expect(await run('ps', { files: shopWith('COMPOSE_ANSI=loud\n') })).toMatchObject({
      code: 1,
      err: 'tscompose: COMPOSE_ANSI="loud" is not one of auto, never, always\n',
    });
    const { err } = await run('config --quiet', { files: shopWith('COMPOSE_ANSI=never\nno good\n') });
    expect(err.match(/failed to read/g)).toHaveLength(1);
  });
});

describe('run', () => {
  it.each([
    ['COMPOSE_IGNORE_ORPHANS=true', { ignoreOrphans: true, removeOrphans: false }],
    ['COMPOSE_REMOVE_ORPHANS=true', { ignoreOrphans: false, removeOrphans: true }],
  ])('does with orphans what %s says', async (line, orphans) => {
    const { requests } = await run('run -d web true', {
      files: shopWith(line),
      client: { apply: applying(creating('shop-web-run-1', { oneOff: true })) },
    });
    expect(requests[0]?.command).toMatchObject({ kind: 'run', ...orphans });
  });
});
