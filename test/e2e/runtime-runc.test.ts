import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, RuntimeWorld } from './runtime-harness.ts';

/** The host's own mix of cgroup versions, where crun refuses to work. */
let world: RuntimeWorld;
let engine: Engine;

beforeAll(async () => {
  world = await RuntimeWorld.make();
  engine = await world.engine({ KEEP_UNIFIED: '1' });
});

afterAll(async () => {
  await engine.close();
  const left = await world.leftovers();
  await world.remove();
  expect(left).toEqual([]);
});

test('where cgroups are hybrid, runc is taken and does the same', async () => {
  const { runtime } = engine;
  expect(await runtime.name()).toBe('runc');
  const script = 'trap "echo bye; exit 4" TERM; echo up; while :; do sleep 0.05; done';
  const created = await runtime.create(
    world.request('box', ['sh', '-c', script], { resources: { memoryBytes: 64 << 20 } }),
  );
  expect(await runtime.hasBegun('box')).toBe(false);
  await runtime.start('box');
  expect(await runtime.hasBegun('box')).toBe(true);
  const request = {
    args: ['sh', '-c', 'grep Seccomp: /proc/self/status; exit 5'],
    env: [],
    groupAdd: [],
    tty: false,
    privileged: false,
  };
  expect(await runtime.exec('box', request, {})).toEqual({
    code: 5,
    output: 'Seccomp:\t2\n',
    timedOut: false,
  });
  expect(
    await runtime.exec('box', { ...request, args: ['yes'] }, { timeoutMs: 300, maxOutputBytes: 4 }),
  ).toMatchObject({ timedOut: true, output: 'y\ny\n' });
  expect(await runtime.exec('box', { ...request, args: ['nosuch'] }, {})).toMatchObject({ code: 127 });
  await runtime.pause('box');
  await runtime.resume('box');
  await runtime.kill('box', 'SIGTERM');
  expect((await runtime.exit('box', created)).code).toBe(4);
  expect((await runtime.logs('box', { follow: true })).map(({ text }) => text)).toEqual(['up', 'bye']);
  await runtime.delete('box');
  expect(await runtime.list()).toEqual([]);
});

test.each([
  ['nosuch', 127],
  ['/bin/not-executable', 126],
  ['/bin', 126],
  ['no-shebang', 126],
  ['/bin/lost-interpreter', 127],
])('%s is refused with %d', async (program, exitCode) => {
  await expect(engine.runtime.create(world.request('box', [program]))).rejects.toMatchObject({ exitCode });
  await engine.runtime.delete('box');
});

test('a user who insists on crun there learns why it does not work', async () => {
  const insisting = await world.engine({ KEEP_UNIFIED: '1', TSCOMPOSE_RUNTIME: 'crun' });
  await expect(insisting.runtime.create(world.request('box', ['true']))).rejects.toMatchObject({
    message: expect.stringMatching(/hybrid/),
  });
  await insisting.runtime.delete('box');
  await insisting.close();
});
