import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('tmpfs', () => {
  it('is a path or a list of paths with options, printed as a list', async () => {
    expect(await canonicalOf(web('tmpfs: /run'))).toEqual({ tmpfs: ['/run'] });
    expect(await canonicalOf(web('tmpfs: ["/run:size=64m,mode=755", /tmp/]'))).toEqual({
      tmpfs: ['/run:size=64m,mode=755', '/tmp/'],
    });
  });

  it('becomes a mount with its size in bytes and its mode in bits', async () => {
    const { mounts } = await serviceOf(web('tmpfs: ["/run/:size=1m,mode=1777,uid=7,exec", "/ro:ro"]'));
    expect(mounts).toEqual([
      {
        type: 'tmpfs',
        target: '/run',
        readOnly: false,
        sizeBytes: 1048576,
        mode: 0o1777,
        options: ['uid=7', 'exec'],
      },
      { type: 'tmpfs', target: '/ro', readOnly: true },
    ]);
  });

  it('may hold variables, and is added to by what is laid over it, each text once', async () => {
    const given = { env: { DIR: 'run' } };
    expect(await mergedOf('tmpfs: /run', 'tmpfs: ["/$DIR", "/tmp:size=1m"]', given)).toEqual({
      tmpfs: ['/run', '/tmp:size=1m'],
    });
    expect(await mergedOf('tmpfs: [/a]', 'tmpfs: /b')).toEqual({ tmpfs: ['/a', '/b'] });
    expect(await mergedOf('tmpfs: ["/a:size=1m"]', 'tmpfs: ["/a:size=2m"]')).toEqual({
      tmpfs: ['/a:size=2m'],
    });
  });

  it('is refused where nothing can be mounted, or the options are none', async () => {
    expect(await mistakesIn(web('tmpfs: [run, /, "/a:sized=1m"]'))).toEqual([
      '4:13 COMPOSE_VALUE: services.web.tmpfs[0]: the target "run" is not absolute -> write the path in the container: /run',
      '4:18 COMPOSE_VALUE: services.web.tmpfs[1]: nothing can be mounted at / itself -> write a directory below it',
      '4:21 COMPOSE_VALUE: services.web.tmpfs[2]: "sized=1m" is no option of a tmpfs -> write size=64m, mode=1777, uid=1000, exec, ro and the like',
    ]);
  });

  it('is refused over a volume, which it would hide, and over another one', async () => {
    expect(await mistakesIn(web('volumes: [/data]', 'tmpfs: [/data/, /run, "/run:size=1m"]'))).toEqual([
      '5:13 COMPOSE_CONFLICT: services.web.tmpfs[0]: target /data already mounted as services.web.volumes[0] -> give one of the two another target, or take it out',
      '5:27 COMPOSE_CONFLICT: services.web.tmpfs[2]: target /run already mounted as services.web.tmpfs[1] -> give one of the two another target, or take it out',
    ]);
  });

  it.each([
    ['5', '4:12 COMPOSE_TYPE'],
    ['[5]', '4:13 COMPOSE_TYPE'],
    ['{target: /run}', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`tmpfs: ${written}`))).toEqual([place]);
  });
});
