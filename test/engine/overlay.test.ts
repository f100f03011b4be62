import { expect, test } from 'vitest';
import { requireOverlay } from '../../src/engine/index.ts';
import { HostError } from '../../src/errors.ts';
import type { Host } from '../../src/host/host.ts';

const dirs = { data: '/data', run: '/run/here', tag: 'abcdef' };
const lacking = new HostError('HOST_KERNEL_LACKS', 'this kernel has no file system "overlay"');

/** A kernel that lists these file systems and answers an attempt to mount overlayfs so. */
function kernel(listed: string, answer?: Error): { host: Host; attempts: string[] } {
  const attempts: string[] = [];
  const host = {
    files: { readText: async () => listed },
    mounts: {
      mount: ({ type, target }: { type: string; target: string }) => {
        attempts.push(`${type} on ${target}`);
        if (answer !== undefined) throw answer;
      },
    },
  };
  return { host: host as unknown as Host, attempts };
}

test('an engine opens where overlayfs is listed, without an attempt', async () => {
  const { host, attempts } = kernel('nodev\tproc\nnodev\toverlay\n\text4\n');
  await expect(requireOverlay(host, dirs)).resolves.toBeUndefined();
  expect(attempts).toEqual([]);
});

test('an engine opens where the attempt loads the module: options are missing then, and nothing else', async () => {
  const { host, attempts } = kernel('nodev\tproc\n', new HostError('HOST_EINVAL', 'EINVAL'));
  await expect(requireOverlay(host, dirs)).resolves.toBeUndefined();
  expect(attempts).toEqual(['overlay on /run/here']);
});

test('an engine on a kernel without overlayfs does not open, and says what is missing', async () => {
  await expect(requireOverlay(kernel('nodev\tproc\n', lacking).host, dirs)).rejects.toBe(lacking);
});
