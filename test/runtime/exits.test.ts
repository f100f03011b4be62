import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directoriesFor } from '../../src/host/directories.ts';
import type { Files } from '../../src/host/files.ts';
import type { Host } from '../../src/host/host.ts';
import { processStat } from '../../src/host/procfs.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { exitWatch } from '../../src/runtime/exits.ts';
import { runtimePaths } from '../../src/runtime/paths.ts';

test('a container’s end is noticed when there are no watches to be had, and the next one asks for one again', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tsc-exits-'));
  const paths = runtimePaths(directoriesFor({ TSCOMPOSE_ROOT: root }, 0));
  await mkdir(paths.exits, { recursive: true });
  const asked: ('refused' | 'given')[] = [];
  const watch: Files['watch'] = (directory, onChange) => {
    asked.push(asked.length === 0 ? 'refused' : 'given');
    return asked.length === 1 ? undefined : systemHost.files.watch(directory, onChange);
  };
  const host: Host = { ...systemHost, files: { ...systemHost.files, watch } };
  const exits = exitWatch(host, paths, () => ({ version: 2, hierarchies: [] }));

  for (const id of ['c1', 'c2']) {
    const child = spawn('sleep', ['infinity'], { stdio: 'ignore' });
    const { pid = 0 } = child;
    const pidStartTime = processStat(pid)?.startTime ?? '';
    const container = { pid, pidStartTime, conmonPid: pid, conmonStartTime: pidStartTime };
    const waiting = exits.wait(id, container, AbortSignal.timeout(60_000));
    await writeFile(paths.exit(id), '3');
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(await waiting).toMatchObject({ code: 3, oomKilled: false });
  }
  expect(asked).toEqual(['refused', 'given']);
  await rm(root, { recursive: true });
});
