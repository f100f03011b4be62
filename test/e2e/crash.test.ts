/** Any process of ours killed at any moment of `up` and `down`: the same command again completes, others lose nothing. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { counting, expectCounted } from './counting.ts';
import { type Machine, machineOf } from './machine.ts';
import { type Ended, ended, type Stack, stack } from './stack.ts';

const application = `
services:
  db:
    image: busybox
    command: sh -c 'echo started >> /data/log; exec sleep 1000'
    stop_signal: SIGKILL
    healthcheck: {test: [CMD, test, -f, /data/log], interval: 100ms, retries: 100}
    volumes: ["data:/data", /anonymous]
  job:
    image: busybox
    command: sh -c 'exit 0'
    depends_on: {db: {condition: service_healthy}}
  web:
    image: busybox
    command: httpd -f -p 80
    stop_signal: SIGKILL
    ports: ["80"]
    networks: [default, back]
    depends_on: {job: {condition: service_completed_successfully}}
volumes: {data: }
networks: {back: }
`;

const asWanted = [
  { Service: 'db', State: 'running', Health: 'healthy', ExitCode: 0 },
  { Service: 'job', State: 'exited', Health: '', ExitCode: 0 },
  { Service: 'web', State: 'running', Health: '', ExitCode: 0 },
];

/** When to kill: at a line of progress, or so long after the command was given. */
type Moment = { readonly line: number } | { readonly afterMs: number };

type Kill = (machine: Machine, command: ChildProcess, project: string) => Promise<unknown> | unknown;

const victims: readonly [string, Kill][] = [
  ['the agent', (machine) => machine.kill('agent')],
  ['the agent with its respawner', (machine) => machine.kill('respawner', 'agent')],
  ['the command', (_, command) => command.kill('SIGKILL')],
  ['one monitor', (machine, _, project) => machine.killOne('monitor', project)],
];

it.each(victims)('up and down can be given again when %s was killed, at any moment', async (name, kill) => {
  const machine = machineOf();
  const bystander = await stack(counting);
  await bystander.ok('up', '--detach');
  const before = await machine.inventory();
  const killed = await stack(application);
  for (const [round, moment] of moments(name).entries()) {
    await cutShort(killed, ['up', '--detach'], moment, (command) => kill(machine, command, killed.project));
    await killed.ok('up', '--detach');
    expect([round, await stateOf(killed)]).toEqual([round, asWanted]);
    await cutShort(killed, ['down', '--volumes'], moment, (command) =>
      kill(machine, command, killed.project),
    );
    await killed.ok('down', '--volumes');
    await vi.waitFor(async () => expect([moment, await machine.inventory()]).toEqual([moment, before]), {
      timeout: 60_000,
      interval: 100,
    });
  }
  await expectCounted(bystander);
});

/** Lines of progress from the first to the last, and times between them, which are the same in every run. */
function moments(name: string): Moment[] {
  const random = randomFrom(name.length);
  const lines = [1, 9, 16].map((line) => ({ line }));
  const times = Array.from({ length: 3 }, () => ({ afterMs: Math.floor(random() * 450) }));
  return [...lines, ...times];
}

/** @see Park and Miller, Random number generators: good ones are hard to find */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Gives a command and kills at that moment, or never when the command was faster. How it ends is no matter. */
async function cutShort(
  target: Stack,
  words: readonly string[],
  moment: Moment,
  kill: (command: ChildProcess) => unknown,
): Promise<Ended> {
  const command = target.start('--progress', 'plain', ...words);
  const end = ended(command);
  await Promise.race([end, 'line' in moment ? lines(command, moment.line) : sleep(moment.afterMs)]);
  await kill(command);
  return end;
}

function lines(command: ChildProcess, count: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) =>
    command.stderr?.on('data', (chunk: Buffer) => {
      seen += chunk.toString().split('\n').length - 1;
      if (seen >= count) resolve();
    }),
  );
}

async function stateOf(target: Stack) {
  const containers = await target.containers();
  return containers.map(({ Service, State, Health, ExitCode }) => ({ Service, State, Health, ExitCode }));
}
