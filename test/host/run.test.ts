import { describe, expect, test } from 'vitest';
import { run } from '../../src/host/run.ts';

describe('running a program to its end', () => {
  test('its input, outputs and exit code are ours', async () => {
    await expect(
      run(['sh', '-c', 'cat; echo err >&2; exit 4'], { input: 'in', allowFailure: true }),
    ).resolves.toEqual({
      code: 4,
      stdout: 'in',
      stderr: 'err\n',
      timedOut: false,
    });
  });

  test('a failure says what was being done and what the program said', async () => {
    await expect(
      run(['sh', '-c', 'echo no space >&2; exit 1'], { purpose: 'copy the files' }),
    ).rejects.toMatchObject({
      code: 'HOST_COMMAND_FAILED',
      message: 'cannot copy the files: sh -c echo no space >&2; exit 1 ended with 1: no space',
    });
  });

  test('a program that is not there is named, with the package that brings it', async () => {
    await expect(run(['conmon-of-tomorrow'])).rejects.toMatchObject({ code: 'HOST_TOOL_MISSING' });
  });

  test('a time limit ends it', async () => {
    await expect(run(['sleep', '60'], { timeoutMs: 20, allowFailure: true })).resolves.toMatchObject({
      code: 137,
      timedOut: true,
    });
  });

  test('a raised signal ends it', async () => {
    const stop = new AbortController();
    const running = run(['sleep', '60'], { signal: stop.signal, allowFailure: true });
    setTimeout(() => stop.abort(), 20);
    await expect(running).resolves.toMatchObject({ code: 137, timedOut: false });
  });

  test('it sees the environment we chose and nothing of ours', async () => {
    const { stdout } = await run(['env']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0]),
    ).toEqual(['PATH', 'LC_ALL']);
  });
});
