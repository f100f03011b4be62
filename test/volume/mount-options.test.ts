import { expect, test } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import type { MountRequest } from '../../src/host/mounts.ts';
import { mountDevice } from '../../src/volume/local-driver.ts';
import { mountCalls } from '../../src/volume/mount-options.ts';

const bound = { source: '/src', target: '/t' };

test.each<[Record<string, string>, MountRequest[]]>([
  [{ type: 'none', o: 'bind', device: '/src' }, [{ ...bound, flags: ['bind'] }]],
  [
    { type: 'none', o: 'rbind,ro', device: '/src' },
    [
      { ...bound, flags: ['bind', 'rec', 'ro'] },
      { ...bound, flags: ['bind', 'rec', 'ro', 'remount'] },
    ],
  ],
  [
    { type: 'none', o: 'bind,rslave', device: '/src' },
    [
      { ...bound, flags: ['bind'] },
      { ...bound, flags: ['slave', 'rec'] },
    ],
  ],
  [
    { type: 'tmpfs', o: 'size=100m, uid=1000,nosuid,rw' },
    [{ source: 'tmpfs', target: '/t', type: 'tmpfs', flags: ['nosuid'], options: 'size=100m,uid=1000' }],
  ],
  [
    { type: 'ext4', device: '/dev/x', o: 'noatime,nodiratime,sync,dirsync,errors=remount-ro' },
    [
      {
        source: '/dev/x',
        target: '/t',
        type: 'ext4',
        flags: ['noatime', 'nodiratime', 'sync', 'dirsync'],
        options: 'errors=remount-ro',
      },
    ],
  ],
  [
    {
      type: 'ext4',
      device: '/dev/x',
      o: 'defaults,noatime,atime,diratime,async,relatime,norelatime,strictatime',
    },
    [{ source: '/dev/x', target: '/t', type: 'ext4', flags: ['strictatime'] }],
  ],
])("the local driver's options %j become calls of mount(2)", (options, expected) => {
  expect(mountCalls(options, '/t')).toEqual(expected);
});

test.each([
  ['nfs', ':/export', 'addr=files.lan,soft', ':/export', 'addr=192.0.2.7,soft'],
  ['nfs', ':/export', 'addr=10.0.0.1,nolock', ':/export', 'addr=10.0.0.1,nolock'],
  ['cifs', '//files.lan/share', 'user=ann', '//192.0.2.7/share', 'user=ann'],
  ['cifs', '//10.0.0.1/share', 'user=ann', '//10.0.0.1/share', 'user=ann'],
  ['cifs', '//files.lan/share', 'addr=10.0.0.1', '//files.lan/share', 'addr=10.0.0.1'],
])('%s of %s with %s is mounted by address', async (type, device, o, source, options) => {
  const calls: MountRequest[] = [];
  const host = {
    run: async (words: readonly string[]) =>
      words.at(-1) === 'files.lan'
        ? { code: 0, stdout: '192.0.2.7  STREAM files.lan\n' }
        : { code: 2, stdout: '' },
    files: { stat: async () => undefined, readText: async () => '' },
    mounts: { mount: (call: MountRequest) => void calls.push(call) },
  } as unknown as Host;
  await mountDevice(host, { driver: 'local', driverOptions: { type, device, o } }, '/t');
  expect(calls).toEqual([{ source, target: '/t', type, flags: [], options }]);
});
