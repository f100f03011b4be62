import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('devices', () => {
  it('are source:target:permissions, where the target is the source and all is allowed unless said', async () => {
    const yaml = web('devices: ["/dev/a:/dev/b:r", "/dev/a:/dev/c", /dev/d, "/dev/e::rw"]');
    expect(await canonicalOf(yaml)).toEqual({
      devices: [
        { source: '/dev/a', target: '/dev/b', permissions: 'r' },
        { source: '/dev/a', target: '/dev/c', permissions: 'rwm' },
        { source: '/dev/d', target: '/dev/d', permissions: 'rwm' },
        { source: '/dev/e', target: '/dev/e', permissions: 'rw' },
      ],
    });
  });

  it('are mappings of the same keys, which are printed as they are written', async () => {
    const yaml = web('devices: [{source: /dev/a, target: /dev/b, permissions: rw}, {source: /dev/c}]');
    expect(await canonicalOf(yaml)).toEqual({
      devices: [{ source: '/dev/a', target: '/dev/b', permissions: 'rw' }, { source: '/dev/c' }],
    });
  });

  it('are names that a vendor has described, too', async () => {
    expect(await canonicalOf(web('devices: ["vendor.com/class=name"]'))).toEqual({
      devices: [{ source: 'vendor.com/class=name', target: 'vendor.com/class=name', permissions: 'rwm' }],
    });
  });

  it('have target and permissions in the typed project, however they are written', async () => {
    expect((await serviceOf(web())).devices).toEqual([]);
    expect((await serviceOf(web('devices: [/dev/a, {source: /dev/b}, "/dev/c:/dev/d:r"]'))).devices).toEqual([
      { source: '/dev/a', target: '/dev/a', permissions: 'rwm' },
      { source: '/dev/b', target: '/dev/b', permissions: 'rwm' },
      { source: '/dev/c', target: '/dev/d', permissions: 'r' },
    ]);
  });

  it('may hold variables', async () => {
    const yaml = web('devices: ["/dev/${DISK}:/dev/disk", {source: "/dev/${DISK}"}]');
    expect(await canonicalOf(yaml, { env: { DISK: 'sda' } })).toEqual({
      devices: [{ source: '/dev/sda', target: '/dev/disk', permissions: 'rwm' }, { source: '/dev/sda' }],
    });
  });

  it('are appended to; what has the same target takes the place of the earlier, across both forms', async () => {
    expect(
      await mergedOf(
        'devices: ["/dev/a:/dev/x", /dev/b]',
        'devices: [{source: /dev/c, target: /dev/x, permissions: r}, /dev/b, /dev/d]',
      ),
    ).toEqual({
      devices: [
        { source: '/dev/c', target: '/dev/x', permissions: 'r' },
        { source: '/dev/b', target: '/dev/b', permissions: 'rwm' },
        { source: '/dev/d', target: '/dev/d', permissions: 'rwm' },
      ],
    });
  });

  it('are refused where they are no list, name no source, or have other keys', async () => {
    expect(await placesIn(web('devices: /dev/a'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('devices: [1]'))).toEqual(['4:15 COMPOSE_TYPE']);
    expect(await placesIn(web('devices: [{target: /dev/a}]'))).toEqual(['4:15 COMPOSE_MISSING_KEY']);
    expect(await placesIn(web('devices: [{source: /dev/a, perms: r}]'))).toEqual([
      '4:32 COMPOSE_UNKNOWN_KEY',
    ]);
  });

  it('are refused with a fourth part', async () => {
    expect(await mistakesIn(web('devices: ["/dev/a:/dev/b:r:w"]'))).toEqual([
      '4:15 COMPOSE_DEVICE: services.web.devices[0]: confusing device mapping, please use long syntax: /dev/a:/dev/b:r:w -> write {source: …, target: …, permissions: rwm}',
    ]);
  });

  it('are refused for paths and permissions that are none, when the project is to be started', async () => {
    const yaml = web('devices: ["./a:/dev/b", "/dev/c:rw", {source: /dev/d, permissions: rx}, "v.com/c=n"]');
    expect(await mistakesIn(yaml)).toEqual([
      '4:15 COMPOSE_VALUE: services.web.devices[0].source: "./a" is not absolute -> write a path such as /dev/fuse',
      '4:29 COMPOSE_VALUE: services.web.devices[1].target: "rw" is not absolute -> write /dev/c:/dev/c:rw',
      '4:72 COMPOSE_VALUE: services.web.devices[2].permissions: "rx" is no set of permissions -> write some of r (read), w (write) and m (make nodes), such as rwm',
    ]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
  });
});
