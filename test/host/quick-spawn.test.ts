import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { HostError } from '../../src/errors.ts';
import { quickSpawn } from '../../src/host/quick-spawn.ts';
import { runQuickly } from '../../src/host/run.ts';

/** `sh -c`, in words. */
const shell = (script: string): [string, ...string[]] => ['/bin/sh', '-c', script];

describe('a program started by posix_spawn', () => {
  test('gives its output and its exit code', async () => {
    await expect(
      runQuickly(shell('echo out; echo err >&2; exit 3'), { allowFailure: true }),
    ).resolves.toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
    });
  });

  test('sees the environment we chose and nothing of ours', async () => {
    const { stdout } = await runQuickly(['env']);
    expect(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('=')[0]),
    ).toEqual(['PATH', 'LC_ALL']);
  });

  test('has no descriptors but those it was given', async () => {
    const { stdout } = await runQuickly(shell('ls /proc/$$/fd'));
    expect(stdout.split('\n').filter((fd) => fd !== '' && Number(fd) < 10)).toEqual(['0', '1', '2']);
  });

  test('is fed and read through the descriptors that were asked for', async () => {
    const child = await quickSpawn(shell('read line <&4; echo "got $line" >&3'), {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'feed'],
    });
    child.stdio[4]?.end('a byte\n');
    await expect(text(child.stdio[3]!)).resolves.toBe('got a byte\n');
    await expect(child.exit).resolves.toEqual({ code: 0, signal: 0 });
  });

  test('that was ended by a signal tells so', async () => {
    const child = await quickSpawn(['sleep', '60'], { stdio: ['ignore', 'ignore', 'ignore'] });
    child.kill('SIGTERM');
    await expect(child.exit).resolves.toEqual({ code: 143, signal: 15 });
  });

  test('is ended by SIGPIPE, although Node ignores it', async () => {
    const { stdout } = await runQuickly(shell('grep SigIgn /proc/self/status'));
    const ignored = BigInt(`0x${stdout.trim().split(/\s+/)[1]}`);
    expect(ignored & (1n << 12n)).toBe(0n);
  });

  test('runs in its directory and, detached, in a session of its own', async () => {
    const child = await quickSpawn(shell('pwd; cut -d" " -f6 /proc/$$/stat; echo $$'), {
      cwd: '/tmp',
      detached: true,
    });
    const [directory, session, pid] = (await text(child.stdio[1]!)).split('\n');
    expect(directory).toBe('/tmp');
    expect(session).toBe(pid);
  });

  test('leaves no zombie, even when many end at once', async () => {
    const children = await Promise.all(
      Array.from({ length: 40 }, (_, code) =>
        quickSpawn(shell(`exit ${code}`), { stdio: ['ignore', 'ignore', 'ignore'] }),
      ),
    );
    const codes = await Promise.all(children.map(({ exit }) => exit.then(({ code }) => code)));
    expect(codes).toEqual(Array.from({ length: 40 }, (_, code) => code));
    for (const { pid } of children) expect(() => readFileSync(`/proc/${pid}/stat`)).toThrow('ENOENT');
  });

  test('that is not there is named', async () => {
    const missing = quickSpawn(['no-such-program']);
    await expect(missing).rejects.toBeInstanceOf(HostError);
    await expect(missing).rejects.toThrow('the program "no-such-program" is not on this machine');
  });
});
