import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, RuntimeWorld } from './runtime-harness.ts';

let world: RuntimeWorld;
let engine: Engine;

beforeAll(async () => {
  world = await RuntimeWorld.make();
  engine = await world.engine();
});

afterAll(async () => {
  await engine.close();
  const left = await world.leftovers();
  await world.remove();
  expect(left).toEqual([]);
});

test('a container runs, tells what it wrote and how it ended, and leaves nothing', async () => {
  const { runtime } = engine;
  const created = await runtime.create(
    world.request('first', ['sh', '-c', 'echo out; echo err >&2; exit 7']),
  );
  expect(await runtime.isAlive(created)).toBe(true);
  await runtime.start('first');
  expect(await runtime.exit('first', created)).toMatchObject({ code: 7, oomKilled: false });
  const lines = await runtime.logs('first', { follow: true });
  expect(lines.map(({ stream, text }) => `${stream} ${text}`).sort()).toEqual(['stderr err', 'stdout out']);
  await runtime.delete('first');
  expect(await runtime.isAlive(created)).toBe(false);
  expect(await runtime.list()).toEqual([]);
});
