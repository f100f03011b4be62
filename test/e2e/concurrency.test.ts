/** Several commands at the same moment, and commands that are interrupted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { machineOf } from './machine.ts';
import { ended, type Stack, stack } from './stack.ts';

const machine = machineOf();
const patience = { timeout: 60_000, interval: 100 };

const service = (name: string, more = '') => `
  ${name}:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL${more}`;

const pair = `services:${service('one')}${service('two', '\n    depends_on: [one]')}`;

it('two ups of one project at once both succeed and make one set of containers', async () => {
  const site = await stack(pair);
  const both = await Promise.all([site.run('up', '--detach'), site.run('up', '--detach')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(await statesOf(site)).toEqual(['one running', 'two running']);
  expect(await machine.pids('payload')).toHaveLength(2);
});

it('up and down of one project at once take turns: one of their two results is there, whole', async () => {
  const site = await stack(pair);
  for (let round = 0; round < 4; round += 1) {
    const both = await Promise.all([
      site.run('up', '--detach'),
      sleep(round * 30).then(() => site.run('down', '--timeout', '0')),
    ]);
    expect(both.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect([[], ['one running', 'two running']]).toContainEqual(await statesOf(site));
  }
});

it('ten projects go up and down at once, and nothing of them stays', async () => {
  const quiet = await stack(`services:${service('only')}`);
  await quiet.ok('up', '--detach');
  const before = await machine.inventory();
  const ten = await Promise.all(Array.from({ length: 10 }, () => stack(pair)));
  await Promise.all(ten.map((site) => site.ok('up', '--detach')));
  expect(await Promise.all(ten.map(statesOf))).toEqual(ten.map(() => ['one running', 'two running']));
  await Promise.all(ten.map((site) => site.ok('down')));
  await vi.waitFor(async () => expect(await machine.inventory()).toEqual(before), patience);
});

it('first commands at the same moment start one agent', async () => {
  await machine.kill('respawner', 'agent');
  const sites = await Promise.all(Array.from({ length: 4 }, () => stack(`services:${service('only')}`)));
  await Promise.all(sites.map((site) => site.ok('up', '--detach')));
  await vi.waitFor(async () => {
    expect(await machine.pids('agent')).toHaveLength(1);
    expect(await machine.pids('respawner')).toHaveLength(1);
  }, patience);
});

it.each(['SIGINT', 'SIGTERM'] as const)(
  'an up that %s interrupts ends with 130, and can be given again',
  async (signal) => {
    const site = await stack(
      `services:${service('one')}${service(
        'two',
        `
    depends_on: {one: {condition: service_healthy}}`,
      )}`.replace(
        'command: sleep 1000',
        `command: sleep 1000
    healthcheck: {test: [CMD, test, -e, /shared/well], interval: 100ms, retries: 1000}
    volumes: ["./shared:/shared"]`,
      ),
      { 'shared/here': '' },
    );
    const command = site.start('--progress', 'plain', 'up', '--detach');
    const end = ended(command);
    await new Promise<void>((resolve) =>
      command.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.includes('Waiting')) resolve();
      }),
    );
    command.kill(signal);
    expect((await end).code).toBe(130);
    expect(await statesOf(site)).toEqual(['one running', 'two created']);
    await site.write('shared/well', '');
    await site.ok('up', '--detach');
    expect(await statesOf(site)).toEqual(['one running', 'two running']);
  },
);

async function statesOf(site: Stack): Promise<string[]> {
  return (await site.containers()).map(({ Service, State }) => `${Service} ${State}`);
}
