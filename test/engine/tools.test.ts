import { expect, test } from 'vitest';
import { requireTools } from '../../src/engine/tools.ts';
import type { Host } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';

/** A host with these programs and nothing else. */
function hostWith(...programs: string[]): Host {
  const paths = programs.map((program) => `/usr/bin/${program}`);
  const stat = async (path: string) => (paths.includes(path) ? { isFile: () => true } : undefined);
  return { ...systemHost, files: { ...systemHost.files, stat: stat as Host['files']['stat'] } };
}

test('every missing program is named, with the package that brings it', async () => {
  await expect(requireTools(hostWith('crun'))).rejects.toMatchObject({
    code: 'HOST_TOOL_MISSING',
    message: 'the programs "conmon" and "nft" are not on this machine',
    hint: 'install the packages "conmon" and "nftables": apt-get install conmon nftables',
  });
  await expect(requireTools(hostWith('nft', 'conmon'))).rejects.toMatchObject({
    message: 'the program "crun" is not on this machine',
    hint: 'install the package "crun": apt-get install crun',
  });
});

test('one of two runtimes is enough, and containers without a network need no nft', async () => {
  await expect(requireTools(hostWith('runc', 'conmon'))).resolves.toBeUndefined();
});
