import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('volumes.driver_opts', () => {
  it('is a mapping whose values become text, in order of the keys', async () => {
    const yaml = using('volumes', '{driver_opts: {type: tmpfs, size: 5, device: $DEVICE}}');
    const env = { DEVICE: 'tmpfs' };
    const options = { device: 'tmpfs', size: '5', type: 'tmpfs' };
    expect((await configOf(yaml, { env })).volumes).toEqual({ one: { name: 'p_one', driver_opts: options } });
    expect((await projectOf(yaml, { env })).volumes.one!.driverOptions).toEqual(options);
  });

  it.each([
    ['{type: none, o: bind, device: ./data}', '/p/data'],
    ['{type: none, o: bind, device: ~/data}', '/home/u/data'],
    ['{type: nfs, o: addr=10.0.0.1, device: ":/data"}', ':/data'],
  ])('holds a path of the host where the local driver is asked for a bind: %s', async (written, device) => {
    const { volumes } = await projectOf(using('volumes', `{driver: local, driver_opts: ${written}}`));
    expect(volumes.one!.driverOptions.device).toBe(device);
  });

  it.each([
    '{driver: own, driver_opts: {o: bind, device: ./data}}',
    '{driver: local, driver_opts: {o: "rw,bind", device: ./data}}',
    '{driver_opts: {o: bind, device: ./data}}',
  ])('is left alone otherwise, as by the reference: %s', async (written) => {
    const { volumes } = await projectOf(using('volumes', written));
    expect(volumes.one!.driverOptions.device).toBe('./data');
  });

  it('merges key by key', async () => {
    const files = overridden(
      using('volumes', '{driver_opts: {a: 1, b: 2}}'),
      using('volumes', '{driver_opts: {b: 3}}'),
    );
    expect((await configOf(files)).volumes).toEqual({
      one: { name: 'p_one', driver_opts: { a: '1', b: '3' } },
    });
  });

  it('is a mapping of single values', async () => {
    expect(await placesIn(using('volumes', '{driver_opts: [a]}'))).toEqual(['2:9 COMPOSE_TYPE']);
    expect(await placesIn(using('volumes', '{driver_opts: {a: [1]}}'))).toEqual(['2:23 COMPOSE_TYPE']);
  });
});
