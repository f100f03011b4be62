import { describe, expect, it } from 'vitest';
import type {
  AgentClient,
  ContainerLogEnd,
  ContainerLogEntry,
  ContainerView,
} from '../../src/agent/protocol.ts';
import { main } from '../../src/cli/main.ts';
import type { Action } from '../../src/compose/plan/plan.ts';
import { applying, container, creating, emptyPlan, now, shop, world } from './world.ts';

const start = (service: string): Action => ({ kind: 'StartContainer', name: `shop-${service}-1`, service });
const actions = [creating('shop-db-1'), creating('shop-web-1'), start('db'), start('web')];

/** Containers that run until they are told to end, with what they have written. */
class Machine {
  readonly containers = new Map<string, ContainerView>();
  readonly lines: ContainerLogEntry[] = [];
  private readonly followers = new Set<() => void>();
  private readonly finishing = new Set<(end: ContainerLogEnd) => void>();
  private readonly waiters = new Map<string, ((code: number) => void)[]>();
  readonly commands: string[] = [];
  readonly killed: string[] = [];
  onStop: (() => Promise<void>) | undefined;

  constructor() {
    for (const service of ['db', 'web'])
      this.containers.set(
        service,
        container({ service, id: service, name: `shop-${service}-1`, startedAt: now }),
      );
  }

  write(service: string, text: string, stream: 'stdout' | 'stderr' = 'stdout', told = true): void {
    const time = new Date(now + this.lines.length).toISOString();
    this.lines.push({
      container: `shop-${service}-1`,
      service,
      number: 1,
      oneOff: false,
      time,
      stream,
      text,
    });
    if (told) for (const follower of this.followers) follower();
  }

  end(service: string, exitCode: number): void {
    const view = this.containers.get(service);
    if (view === undefined || view.state === 'exited') return;
    this.containers.set(service, { ...view, state: 'exited', exitCode });
    for (const waiter of this.waiters.get(service) ?? []) waiter(exitCode);
    // The stream is behind: it brings the last lines after the end is known.
    setTimeout(() => {
      for (const follower of this.followers) follower();
      for (const finish of this.finishing) this.tellEnds(finish);
    }, 2);
  }

  private tellEnds(finish: (end: ContainerLogEnd) => void): void {
    for (const { id, startedAt, state } of this.containers.values())
      if (state === 'exited') finish({ kind: 'end', id, startedAt });
  }

  client(): Partial<AgentClient> {
    return {
      apply: async (request, options) => {
        this.commands.push(request.command.kind);
        if (request.command.kind === 'up') return applying(...actions)(request, options);
        await this.onStop?.();
        for (const service of this.containers.keys()) this.end(service, 143);
        return emptyPlan('shop');
      },
      containers: async ({ services }) =>
        [...this.containers.values()].filter(({ service }) => services?.includes(service) ?? true),
      wait: (id) =>
        new Promise((resolve) => {
          const view = this.containers.get(id);
          if (view?.state === 'exited') resolve(view.exitCode);
          else this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]);
        }),
      kill: async (id) => {
        this.killed.push(id);
        this.end(id, 137);
      },
      logs: async ({ services }, { since = 0 }, onEntry, signal, onEnd) => {
        const wanted = (): ContainerLogEntry[] =>
          this.lines.filter((line) => services?.includes(line.service) && Date.parse(line.time) >= since);
        let told = 0;
        const tell = (): void => {
          for (const line of wanted().slice(told)) onEntry(line);
          told = wanted().length;
        };
        tell();
        this.followers.add(tell);
        if (onEnd !== undefined) {
          this.finishing.add(onEnd);
          this.tellEnds(onEnd);
        }
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
        this.followers.delete(tell);
      },
    };
  }
}

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

function attached(words: string, machine = new Machine()) {
  const here = world({ files: shop, client: machine.client() });
  const code = main(words.split(' '), here.io);
  return { machine, here, code };
}

describe('up in the foreground', () => {
  it('shows creation as progress, then the output of the containers until the last has ended', async () => {
    const { machine, here, code } = attached('up');
    await settle();
    machine.write('db', 'ready');
    machine.write('web', 'listening');
    machine.write('web', 'a warning', 'stderr');
    machine.end('db', 0);
    await settle();
    machine.end('web', 3);
    expect(await code).toBe(0);
    expect(here.err()).toBe(` Container shop-db-1  Creating
 Container shop-db-1  Created
 Container shop-web-1  Creating
 Container shop-web-1  Created
web-1  | a warning
`);
    expect(here.out()).toBe(`Attaching to db-1, web-1
db-1   | ready
web-1  | listening
db-1 exited with code 0
web-1 exited with code 3
`);
  });

  it('prints the last lines of a container before it says that it has ended, each once', async () => {
    const { machine, here, code } = attached('up web');
    await settle();
    machine.write('web', 'one');
    // Written, and not yet brought by the stream when the end is told.
    machine.write('web', 'two', 'stdout', false);
    machine.write('web', 'three', 'stdout', false);
    machine.end('web', 0);
    expect(await code).toBe(0);
    expect(here.out()).toBe(`Attaching to web-1
web-1  | one
web-1  | two
web-1  | three
web-1 exited with code 0
`);
  });

  it('shows only the services that were named, and not their dependencies', async () => {
    const { machine, here, code } = attached('up web');
    await settle();
    machine.write('db', 'hidden');
    machine.write('web', 'shown');
    machine.end('web', 0);
    expect(await code).toBe(0);
    expect(here.out()).not.toContain('hidden');
    expect(here.out()).toContain('web-1  | shown');
  });

  it('shows dependencies with --attach-dependencies, and leaves services out with --no-attach', async () => {
    const first = attached('up --attach-dependencies web');
    await settle();
    first.machine.write('db', 'shown');
    first.machine.end('web', 0);
    await first.code;
    expect(first.here.out()).toContain('db-1   | shown');

    const second = attached('up --no-attach db --no-log-prefix --timestamps');
    await settle();
    second.machine.write('db', 'hidden');
    second.machine.write('web', 'shown');
    second.machine.end('db', 0);
    second.machine.end('web', 0);
    await second.code;
    expect(second.here.out()).toContain('\n2024-05-01T10:00:00.001Z shown\n');
    expect(second.here.out()).not.toContain('hidden');
  });

  it('stops gracefully at the first Ctrl-C and ends with 130', async () => {
    const { machine, here, code } = attached('up -t 3');
    await settle();
    here.interrupt();
    expect(await code).toBe(130);
    expect(machine.commands).toEqual(['up', 'stop']);
    expect(here.err()).toContain('Gracefully Stopping... press Ctrl+C again to force\n');
    expect(here.requests.at(-1)?.command).toEqual({ kind: 'stop', services: [], timeoutMs: 3_000 });
  });

  it('kills at the second Ctrl-C', async () => {
    const machine = new Machine();
    machine.onStop = () => new Promise((resolve) => setTimeout(resolve, 60));
    const { here, code } = attached('up', machine);
    await settle();
    here.interrupt();
    await settle();
    here.interrupt();
    expect(await code).toBe(130);
    expect(machine.killed.toSorted()).toEqual(['db', 'web']);
  });

  it('stops the rest when a container ends, with its exit code', async () => {
    const { machine, here, code } = attached('up --abort-on-container-exit');
    await settle();
    machine.end('web', 4);
    expect(await code).toBe(4);
    expect(machine.commands).toEqual(['up', 'stop']);
    expect(here.err()).toContain('Aborting on container exit...\n');
    expect(here.out()).toContain('web-1 exited with code 4\ndb-1 exited with code 143\n');
  });

  it('stops the rest only at a failure with --abort-on-container-failure', async () => {
    const { machine, code } = attached('up --abort-on-container-failure');
    await settle();
    machine.end('db', 0);
    await settle();
    expect(machine.commands).toEqual(['up']);
    machine.end('web', 2);
    expect(await code).toBe(2);
    expect(machine.commands).toEqual(['up', 'stop']);
  });

  it('ends with the exit code of the service that is asked for', async () => {
    const { machine, code } = attached('up --exit-code-from db');
    await settle();
    machine.end('web', 9);
    expect(await code).toBe(143);
    const other = attached('up --exit-code-from web');
    await settle();
    other.machine.end('web', 9);
    expect(await other.code).toBe(9);
  });

  it('fails with what failed when it cannot start, and leaves no listener behind', async () => {
    const { TscomposeError } = await import('../../src/errors.ts');
    const here = world({
      files: shop,
      client: { apply: () => Promise.reject(new TscomposeError('PORT', 'port 80 is in use')) },
    });
    expect(await main(['up'], here.io)).toBe(1);
    expect(here.err()).toBe('tscompose: port 80 is in use\n');
  });
});
