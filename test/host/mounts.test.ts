import { expect, test } from 'vitest';
import { HostError } from '../../src/errors.ts';
import { mountRefusal, systemMounts } from '../../src/host/mounts.ts';

const noDevice = new HostError('HOST_ENODEV', 'cannot mount overlay on /rootfs: ENODEV');

test('a file system that the kernel does not have is named, with the module and the option that bring it', () => {
  expect(mountRefusal(noDevice, 'overlay')).toEqual(
    new HostError('HOST_KERNEL_LACKS', 'this kernel has no file system "overlay"', {
      cause: noDevice,
      hint: 'load its module (modprobe overlay), or run a kernel that has it built in (CONFIG_OVERLAY_FS)',
    }),
  );
  expect((mountRefusal(noDevice, 'nfs') as HostError).hint).toBe(
    'load its module (modprobe nfs), or run a kernel that has it built in (CONFIG_NFS_FS)',
  );
});

test.each([
  ['another refusal', new HostError('HOST_EINVAL', 'cannot mount overlay on /rootfs: EINVAL'), 'overlay'],
  ['a bind mount', noDevice, undefined],
  ['a bug', new Error('no'), 'overlay'],
])('%s stays what it is', (_, error, type) => {
  expect(mountRefusal(error, type)).toBe(error);
});

test('what is not mounted is unmounted without a word; another refusal is told with its reason', async () => {
  for (const path of [process.execPath, '/nowhere/at/all']) await systemMounts.unmount(path);
  const long = `/${'x'.repeat(300)}`;
  await expect(systemMounts.unmount(long)).rejects.toMatchObject({
    code: 'HOST_ENAMETOOLONG',
    message: `cannot unmount ${long}: ENAMETOOLONG`,
  });
});
