import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/compose/plan/plan.ts';
import { TscomposeError } from '../../src/errors.ts';
import { applying, container, run, shop } from './world.ts';

describe('commands on containers that are there', () => {
  it.each([
    ['down', { kind: 'down', services: [], volumes: false, removeOrphans: false }],
    [
      'down -v --remove-orphans -t 3 --rmi local web',
      {
        kind: 'down',
        services: ['web'],
        volumes: true,
        removeOrphans: true,
        timeoutMs: 3_000,
        images: 'local',
      },
    ],
    [
      'start --wait --wait-timeout 9 web',
      { kind: 'start', services: ['web'], wait: true, waitTimeoutMs: 9_000 },
    ],
    ['stop -t 0 db', { kind: 'stop', services: ['db'], timeoutMs: 0 }],
    ['restart --no-deps', { kind: 'restart', services: [], noDeps: true }],
    ['pause web', { kind: 'pause', services: ['web'] }],
    ['unpause', { kind: 'unpause', services: [] }],
    [
      'pull --include-deps web',
      { kind: 'pull', services: ['web'], policy: 'always', includeDeps: true, ignoreBuildable: false },
    ],
    [
      'pull --policy missing -q',
      { kind: 'pull', services: [], policy: 'missing', includeDeps: false, ignoreBuildable: false },
    ],
  ])('"%s" is one request', async (words, command) => {
    const { code, requests } = await run(words, { files: shop });
    expect(code).toBe(0);
    expect(requests.map((request) => request.command)).toEqual([command]);
  });

  it('send the signal that is asked for', async () => {
    const client = {
      apply: applying({ kind: 'KillContainer', name: 'shop-web-1', service: 'web', signal: 'SIGHUP' }),
    };
    const { requests, err } = await run('kill -s SIGHUP web', { files: shop, client });
    expect(requests[0]?.command).toEqual({
      kind: 'kill',
      services: ['web'],
      signal: 'SIGHUP',
      removeOrphans: false,
    });
    expect(err).toBe(' Container shop-web-1  Killing\n Container shop-web-1  Killed\n');
  });

  it('fail to kill nothing', async () => {
    expect(await run('kill', { files: shop })).toMatchObject({
      code: 1,
      err: 'tscompose: no container to kill\n',
    });
  });

  it('work with nothing but the name of the project', async () => {
    const { requests } = await run('-p shop stop', {});
    expect(requests).toEqual([
      { projectName: 'shop', command: { kind: 'stop', services: [] }, dryRun: false },
    ]);
  });

  it('set the number of containers', async () => {
    expect((await run('scale web=3 db=0', { files: shop })).requests[0]?.command).toMatchObject({
      kind: 'up',
      services: ['web', 'db'],
      recreate: 'never',
      scale: { web: 3, db: 0 },
    });
    expect(await run('scale web', { files: shop })).toMatchObject({
      code: 1,
      err: 'tscompose: "web" is not of the form SERVICE=NUMBER\n',
    });
  });

  it('go on with the next image when --ignore-pull-failures says so', async () => {
    const apply = () => Promise.reject(new TscomposeError('REGISTRY_UNREACHABLE', 'no route'));
    const { code, err, requests } = await run('pull --ignore-pull-failures', {
      files: shop,
      client: { apply },
    });
    expect({ code, rounds: requests.length }).toEqual({ code: 0, rounds: 2 });
    expect(err).toContain('level=warning msg="no route"');
  });
});

describe('down', () => {
  it('tells what goes', async () => {
    const gone: Action[] = [
      { kind: 'StopContainer', name: 'shop-web-1', service: 'web' },
      { kind: 'RemoveContainer', name: 'shop-web-1', service: 'web', volumes: false, force: false },
      { kind: 'RemoveNetwork', name: 'shop_default' },
      { kind: 'RemoveVolume', name: 'shop_data' },
      { kind: 'RemoveImage', image: 'shop-web' },
    ];
    expect((await run('down', { files: shop, client: { apply: applying(...gone) } })).err).toBe(
      ` Container shop-web-1  Stopping
 Container shop-web-1  Stopped
 Container shop-web-1  Removing
 Container shop-web-1  Removed
 Network shop_default  Removing
 Network shop_default  Removed
 Volume shop_data  Removing
 Volume shop_data  Removed
 Image shop-web  Removing
 Image shop-web  Removed
`,
    );
  });

  it('warns, and does not fail, when there is nothing', async () => {
    expect(await run('-p ghost down')).toMatchObject({
      code: 0,
      err: 'time="2024-05-01T10:00:00Z" level=warning msg="No resource found to remove for project \\"ghost\\"."\n',
    });
  });
});

describe('rm', () => {
  const stopped = container({ state: 'exited' });
  const client = { containers: async () => [stopped, container({ number: 2 })] };

  it('asks before it removes', async () => {
    const asked: string[] = [];
    const ask = (answer: string) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    const yes = await run('rm', { files: shop, client, io: { ask: ask('y') } });
    expect(asked).toEqual(['? Going to remove shop-web-1 [yN] ']);
    expect(yes.requests[0]?.command).toEqual({ kind: 'rm', services: [], stop: false, volumes: false });
    expect((await run('rm', { files: shop, client, io: { ask: ask('n') } })).requests).toEqual([]);
  });

  it('does not ask with -f, and takes running ones with -s', async () => {
    const { requests } = await run('rm -fsv web', { files: shop, client });
    expect(requests[0]?.command).toEqual({ kind: 'rm', services: ['web'], stop: true, volumes: true });
  });

  it('fails where there is nobody to ask', async () => {
    expect(await run('rm', { files: shop, client })).toMatchObject({
      code: 1,
      err: 'tscompose: cannot ask whether to remove shop-web-1: there is no terminal\nhint: add --force to remove without asking\n',
    });
  });

  it('says when no container is stopped', async () => {
    expect(await run('rm -f', { files: shop })).toMatchObject({ code: 0, err: 'No stopped containers\n' });
  });
});

describe('wait', () => {
  it('ends with the exit code of the last container to end', async () => {
    const ended: Record<string, number> = { one: 0, two: 3 };
    const client = {
      containers: async () => [container({ id: 'one' }), container({ id: 'two', number: 2 })],
      wait: async (id: string) => {
        await new Promise((resolve) => setTimeout(resolve, id === 'one' ? 0 : 10));
        return ended[id] ?? 0;
      },
    };
    expect(await run('wait web', { files: shop, client })).toMatchObject({
      code: 3,
      out: 'container "one" exited with status code 0\ncontainer "two" exited with status code 3\n',
    });
    expect(
      (await run('wait --down-project web', { files: shop, client })).requests[0]?.command,
    ).toMatchObject({
      kind: 'down',
      removeOrphans: true,
    });
  });

  it('refuses to wait for what does not run', async () => {
    expect(await run('wait web', { files: shop })).toMatchObject({
      code: 1,
      err: 'tscompose: no containers for project "shop"\nhint: only containers that were started can be waited for\n',
    });
  });
});
