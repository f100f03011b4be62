import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ContainerSpec } from '../../src/compose/plan/plan.ts';
import { adoptAll } from '../../src/engine/adoption.ts';
import { createContainer } from '../../src/engine/create.ts';
import { EmbeddedEngine } from '../../src/engine/embedded.ts';
import { stateOf } from '../../src/engine/observe.ts';
import { HostError, TscomposeError } from '../../src/errors.ts';
import { createLeaseBook } from '../../src/network/leases.ts';
import { eventually } from '../patience.ts';
import { type FakeParts, fakeParts, specOf } from './fakes.ts';
import { machine } from './machine.ts';

afterEach(() => vi.restoreAllMocks());

describe('starting', () => {
  test('a container is created, wired and only then started', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db'));
    await lifecycle.start(entry('db'));
    expect(parts.calls).toEqual(['mount overlay', 'create db', 'attach db', 'start db']);
    expect(state('db')).toEqual({ status: 'running', health: 'none' });
  });

  test('starting what runs changes nothing', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(specOf('db'));
    await lifecycle.start(entry('db'));
    const before = [...parts.calls];
    await lifecycle.start(entry('db'));
    expect(parts.calls).toEqual(before);
  });

  test('what has just ended is started again', async () => {
    const { parts, lifecycle, entry, create, state, justEnded } = await machine();
    await create(specOf('db', { restart: { kind: 'on-failure' } }));
    for (const code of [0, 1]) {
      await lifecycle.start(entry('db'));
      const reserve = vi.spyOn(parts.networks, 'reservePorts');
      const release = vi.spyOn(parts.networks, 'releasePorts');
      parts.end('db', { code });
      await justEnded('db');
      await lifecycle.start(entry('db'));
      expect([code, state('db')]).toEqual([code, { status: 'running', health: 'none' }]);
      // What the last run held is given back before this one takes it.
      expect(release.mock.invocationCallOrder).toHaveLength(1);
      expect(reserve.mock.invocationCallOrder[0]).toBeGreaterThan(release.mock.invocationCallOrder[0] ?? 0);
      for (const spy of [reserve, release]) spy.mockRestore();
    }
    expect(parts.calls.filter((call) => call === 'start db')).toHaveLength(3);
  });

  test('a first start that is asked for again, after a lost answer, runs nothing twice', async () => {
    const { parts, lifecycle, entry, create, settled } = await machine();
    await create(specOf('migrate'));
    await lifecycle.start(entry('migrate'), { first: true });
    parts.end('migrate', { code: 3 });
    await settled('migrate', 'exited');
    await lifecycle.start(entry('migrate'), { first: true });
    expect(parts.calls.filter((call) => call === 'start migrate')).toHaveLength(1);
    expect(stateOf(entry('migrate'))).toEqual({ status: 'exited', exitCode: 3 });
  });

  test('creating what is there with the same configuration changes nothing', async () => {
    const { entry, create } = await machine();
    await create(specOf('db'));
    const { id } = entry('db').record;
    await create(specOf('db'));
    expect(entry('db').record.id).toBe(id);
  });

  test('a name that another container holds is refused with its id', async () => {
    const { entry, create } = await machine();
    await create(specOf('db'));
    const other = specOf('db', { project: 'other' });
    await expect(create(other)).rejects.toThrow(
      `the container name "db" is in use by container ${entry('db').record.id.slice(0, 12)}`,
    );
  });

  test('a start that fails takes away what it made when nothing of it is under way any longer', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(specOf('db'));
    const order: string[] = [];
    const lowers = vi.spyOn(parts.images, 'lowerDirectories').mockImplementation(async () => {
      await eventually(() => expect(order).toContain('refused'));
      await parts.host.clock.sleep(0);
      order.push('unpacked');
      return ['/lower'];
    });
    vi.spyOn(parts.networks, 'reservePorts').mockImplementation(async () => {
      order.push('refused');
      throw new TscomposeError('PORT_IN_USE', 'port 80/tcp is already in use');
    });
    vi.spyOn(parts.runtime, 'delete').mockImplementation(async () => void order.push('deleted'));
    await expect(lifecycle.start(entry('db'))).rejects.toThrow('port 80/tcp is already in use');
    await lowers.mock.results[0]?.value;
    expect(order).toEqual(['refused', 'unpacked', 'deleted']);
  });

  test('a name that two projects want at once goes to one of them', async () => {
    const { parts, create } = await machine();
    const ends = await Promise.allSettled([create(specOf('db')), create(specOf('db', { project: 'other' }))]);
    expect(ends).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'CONTAINER_NAME_IN_USE' } },
    ]);
    expect(parts.containers.all().map(({ record }) => record.spec.project)).toEqual(['p']);
  });

  test('a plan never means the container of another project, whatever its name', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db'));
    await lifecycle.start(entry('db'));
    const engine = new EmbeddedEngine(parts, lifecycle);
    const context = { project: 'other', signal: new AbortController().signal, report: () => undefined };
    const db = { name: 'db', service: 'db' };
    await engine.perform({ kind: 'StopContainer', ...db }, context);
    await engine.perform({ kind: 'RemoveContainer', volumes: true, force: true, ...db }, context);
    expect(state('db')).toEqual({ status: 'running', health: 'none' });
    await expect(engine.perform({ kind: 'RestartContainer', ...db }, context)).rejects.toMatchObject({
      code: 'CONTAINER_UNKNOWN',
    });
    const wait = { kind: 'WaitFor', condition: 'started', required: true, ...db } as const;
    await expect(engine.perform(wait, context)).rejects.toMatchObject({ code: 'DEPENDENCY_FAILED' });
  });

  test('a start that fails leaves no bundle, keeps the reason and the exit code of the runtime', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db'));
    parts.failures.set(
      'db',
      new TscomposeError('CONTAINER_CREATE', 'exec: "nope": executable file not found in $PATH', {
        exitCode: 127,
      }),
    );
    await expect(lifecycle.start(entry('db'))).rejects.toThrow('not found');
    expect(state('db')).toEqual({ status: 'exited', exitCode: 127 });
    expect(entry('db').record.error).toContain('nope');
    expect(existsSync(parts.containers.bundle(entry('db').record.id))).toBe(false);
  });
});

describe('an end', () => {
  test('that could not be looked at is seen when it can', async () => {
    const { parts, lifecycle, entry, create, settled, state } = await machine();
    await create(specOf('job'));
    const tooMany = new HostError('HOST_EMFILE', 'too many open files');
    vi.spyOn(parts.runtime, 'exit').mockRejectedValueOnce(tooMany);
    const told = vi.spyOn(console, 'error').mockReturnValue();
    await lifecycle.start(entry('job'));
    parts.end('job', { code: 7 });
    await settled('job', 'exited');
    expect(state('job')).toEqual({ status: 'exited', exitCode: 7 });
    expect(told).toHaveBeenCalledWith('noting the end of job, to be tried again:', tooMany);
  });

  test('is asked for once, also when what it left cannot be taken away at first', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('job'));
    const exit = vi.spyOn(parts.runtime, 'exit');
    await lifecycle.start(entry('job'));
    const broken = new HostError('HOST_EIO', 'input/output error');
    vi.spyOn(parts.containers, 'changeRun').mockRejectedValueOnce(broken);
    const told = vi.spyOn(console, 'error').mockReturnValue();
    parts.end('job', { code: 7 });
    await eventually(() => expect(entry('job').run).toBeUndefined());
    expect(told).toHaveBeenCalledWith('noting the end of job, to be tried again:', broken);
    expect([state('job'), exit.mock.calls.length]).toEqual([{ status: 'exited', exitCode: 7 }, 1]);
  });
});

describe('stopping', () => {
  test('the stop signal comes first', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db', { stopSignal: 'SIGQUIT' }));
    await lifecycle.start(entry('db'));
    await lifecycle.stop(entry('db'));
    expect(parts.calls.slice(-1)).toEqual(['kill db SIGQUIT']);
    expect(state('db')).toEqual({ status: 'exited', exitCode: 143 });
  });

  test('what is deaf to it is killed with everything in it when the grace period is over', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    parts.deafTo.add('SIGTERM');
    await create(specOf('db', { stopGracePeriodMs: 20 }));
    await lifecycle.start(entry('db'));
    await lifecycle.stop(entry('db'));
    expect(parts.calls.slice(-2)).toEqual(['kill db SIGTERM', 'kill-all db']);
    expect(state('db')).toEqual({ status: 'exited', exitCode: 137 });
  });

  test('a paused container is thawed so that it can hear the signal', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(specOf('db'));
    await lifecycle.start(entry('db'));
    await lifecycle.pause(entry('db'));
    await lifecycle.stop(entry('db'));
    expect(parts.calls.slice(-3)).toEqual(['pause db', 'resume db', 'kill db SIGTERM']);
  });
});

describe('removing', () => {
  test('what runs is refused unless by force', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(specOf('db'));
    await lifecycle.start(entry('db'));
    await expect(lifecycle.remove(entry('db'), { force: false, volumes: false })).rejects.toMatchObject({
      code: 'CONTAINER_RUNNING',
      message: 'container db is running',
      hint: 'stop it first, or remove it with --force',
    });
    await lifecycle.remove(entry('db'), { force: true, volumes: false });
    expect(parts.containers.byName('db')).toBeUndefined();
  });

  test('what has just ended, or was never let run, goes without force', async () => {
    const { parts, lifecycle, entry, create, justEnded } = await machine();
    await create(specOf('job'));
    await lifecycle.start(entry('job'));
    parts.end('job');
    await justEnded('job');
    await create(specOf('prepared'));
    await lifecycle.prepare(entry('prepared'));
    for (const name of ['job', 'prepared'])
      await lifecycle.remove(entry(name), { force: false, volumes: false });
    expect(parts.containers.all()).toEqual([]);
    expect(await parts.runtime.list()).toEqual([]);
  });
});

describe('restart policies', () => {
  test('`always` brings a container back however it ended', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    parts.end('db', { code: 0 });
    await eventually(() => expect(entry('db').record.restartCount).toBe(1));
    await eventually(() => expect(state('db').status).toBe('running'));
  });

  test('`on-failure` gives up after its number of attempts', async () => {
    const { parts, lifecycle, entry, create, settled } = await machine();
    await create(specOf('db', { restart: { kind: 'on-failure', maxRetries: 2 } }));
    await lifecycle.start(entry('db'));
    for (const restarts of [1, 2]) {
      parts.end('db', { code: 1 });
      await eventually(() => expect(entry('db').record.restartCount).toBe(restarts));
      await settled('db', 'running');
    }
    parts.end('db', { code: 1 });
    await settled('db', 'exited');
    expect(entry('db').record.restarting).toBe(false);
  });

  test('`on-failure` counts starts that fail, and keeps why the last one did', async () => {
    const { parts, lifecycle, entry, create, settled } = await machine();
    await create(specOf('db', { restart: { kind: 'on-failure', maxRetries: 3 } }));
    await lifecycle.start(entry('db'));
    const refused = vi
      .spyOn(parts.runtime, 'create')
      .mockRejectedValue(new TscomposeError('CONTAINER_CREATE', 'no such program', { exitCode: 127 }));
    parts.end('db', { code: 1 });
    await settled('db', 'exited');
    expect(refused).toHaveBeenCalledTimes(3);
    expect(entry('db').record).toMatchObject({
      status: { code: 127 },
      restartCount: 3,
      error: 'no such program',
    });
  });

  test('a start by hand begins the count and the waits anew', async () => {
    const { parts, lifecycle, entry, create, settled } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    parts.end('db');
    await eventually(() => expect(entry('db').record.restartCount).toBe(1));
    await settled('db', 'running');
    const wait = vi
      .spyOn(parts.host.clock, 'sleep')
      .mockImplementation(
        (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
      );
    parts.end('db');
    await eventually(() => expect(wait).toHaveBeenCalled());
    expect(entry('db').record).toMatchObject({ restartCount: 1, restartDelayMs: 200 });
    await lifecycle.start(entry('db'));
    expect(entry('db').record).toMatchObject({ restartCount: 0, restartDelayMs: 0 });
  });

  test('a restart that cannot be written down on a full disk is made when there is room again', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    const runs = () => parts.calls.filter((call) => call === 'create db').length;
    const change = parts.containers.change.bind(parts.containers);
    const full = new HostError('HOST_ENOSPC', 'no space left on device');
    vi.spyOn(parts.containers, 'change').mockImplementation((...args) =>
      runs() === 2 || runs() === 3 ? Promise.reject(full) : change(...args),
    );
    const told = vi.spyOn(console, 'error').mockReturnValue();
    parts.end('db', { code: 1 });
    await eventually(() => expect(runs()).toBe(4));
    await eventually(() => expect(state('db')).toEqual({ status: 'running', health: 'none' }));
    expect(told).toHaveBeenCalledWith('restarting db:', full);
    expect(entry('db').record.restartCount).toBe(1);
  });

  test('a stop that cannot be written down on a full disk leaves the restart to its policy', async () => {
    const { parts, lifecycle, entry, create, settled } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    let endWait: () => void = () => undefined;
    const sleep = vi.spyOn(parts.host.clock, 'sleep').mockImplementationOnce(
      (_ms, signal) =>
        new Promise((resolve) => {
          endWait = resolve;
          signal?.addEventListener('abort', () => resolve());
        }),
    );
    parts.end('db', { code: 1 });
    await eventually(() => expect(sleep).toHaveBeenCalled());
    const full = new HostError('HOST_ENOSPC', 'no space left on device');
    vi.spyOn(parts.containers, 'change').mockRejectedValueOnce(full);
    await expect(lifecycle.stop(entry('db'))).rejects.toBe(full);
    endWait();
    await settled('db', 'running');
  });

  test('a start that waits for a restart that fails keeps its process', async () => {
    const { parts, lifecycle, entry, create, state } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    const landed = vi.spyOn(parts.runtime, 'delete');
    let start: Promise<void> | undefined;
    vi.spyOn(parts.runtime, 'create').mockImplementationOnce(async () => {
      start = lifecycle.start(entry('db'));
      throw new TscomposeError('CONTAINER_CREATE', 'no');
    });
    parts.end('db', { code: 1 });
    await eventually(() => expect(start).toBeDefined());
    await start;
    expect(state('db')).toEqual({ status: 'running', health: 'none' });
    // After the first run, and after the restart that failed.
    expect(landed).toHaveBeenCalledTimes(2);
  });

  test('a stop by hand is not undone by the policy', async () => {
    const { lifecycle, entry, create, state } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    await lifecycle.stop(entry('db'));
    expect(state('db')).toEqual({ status: 'exited', exitCode: 143 });
    expect(entry('db').record.restarting).toBe(false);
  });

  test('a stop that comes with the end itself calls the restart off', async () => {
    const { parts, lifecycle, entry, create, settled } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    const starts = () => parts.calls.filter((call) => call === 'start db').length;
    parts.end('db', { code: 1 });
    await lifecycle.stop(entry('db'));
    await settled('db', 'exited');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(starts()).toBe(1);
    expect(entry('db').record.restarting).toBe(false);
  });

  test('ports are held from run to run, and given back with a stop between two', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(specOf('db', { restart: { kind: 'always' } }));
    await lifecycle.start(entry('db'));
    const release = vi.spyOn(parts.networks, 'releasePorts');
    vi.spyOn(parts.host.clock, 'sleep').mockImplementation(
      (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
    );
    parts.end('db', { code: 1 });
    await eventually(() =>
      expect([entry('db').run, entry('db').record.restarting]).toEqual([undefined, true]),
    );
    expect(release).not.toHaveBeenCalled();
    await lifecycle.stop(entry('db'));
    expect(release).toHaveBeenCalledWith(entry('db').record.id);
  });

  test('a container that removes itself is gone when it ends', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(specOf('job', { autoRemove: true }));
    await lifecycle.start(entry('job'));
    parts.end('job');
    await eventually(() => expect(parts.containers.byName('job')).toBeUndefined());
  });
});

describe('volumes', () => {
  const data = { type: 'volume', name: 'data', target: '/data', readOnly: false } as const;
  const withData = specOf('db', {
    mounts: [
      { ...data, nocopy: false },
      { ...data, target: '/bare', nocopy: true },
    ],
  });
  const filling = (calls: readonly string[]) => calls.filter((call) => call.startsWith('fill'));
  const machineWithData = async () => {
    const made = await machine();
    await made.parts.volumes.create({ name: 'data', driver: 'local', driverOptions: {}, labels: {} });
    return made;
  };

  test('are filled when the container is created, and at no start', async () => {
    const { parts, entry, create } = await machineWithData();
    await create(withData);
    expect(parts.calls).toEqual(['mount overlay', 'fill data from /data']);
    const first = entry('db');
    expect(first.record.populated).toBe(true);
    const { lifecycle, entry: again } = await machine(await parts.reopened());
    await lifecycle.start(again('db'));
    expect(filling(parts.calls)).toEqual(['fill data from /data']);
  });

  test('of a container whose creation was cut short are filled at its first start', async () => {
    const { parts, lifecycle, entry, create, settled } = await machineWithData();
    await create(withData);
    await parts.containers.change(entry('db'), { populated: false });
    parts.calls.length = 0;
    for (const _run of [1, 2]) {
      await lifecycle.start(entry('db'));
      parts.end('db');
      await settled('db', 'exited');
    }
    expect(filling(parts.calls)).toEqual(['fill data from /data']);
  });
});

describe('replacing', () => {
  const withCache = (changes: Partial<ContainerSpec> = {}) =>
    specOf('db', {
      mounts: [{ type: 'volume', target: '/cache', readOnly: false, nocopy: false }],
      ...changes,
    });
  const network = {
    driver: 'bridge',
    driverOptions: {},
    internal: false,
    enableIpv6: false,
    subnets: [],
    labels: {},
  };
  const anonymous = (entry: { record: { mounts: readonly object[] } }) =>
    entry.record.mounts.map((mount) => ('volume' in mount ? mount.volume : ''));

  test('the new container takes over name and anonymous volumes, and the old one is gone', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(withCache());
    const old = entry('db');
    await lifecycle.start(old);
    await lifecycle.stop(old);
    await createContainer(parts, lifecycle, {
      container: withCache({ labels: { h: '2' } }),
      replaces: { id: old.record.id, name: 'db', keepAnonymousVolumes: true },
    });
    expect(anonymous(entry('db'))).toEqual(anonymous(old));
    expect(parts.containers.all()).toHaveLength(1);
    expect(await parts.volumes.list()).toHaveLength(1);
  });

  test('with renewed anonymous volumes the old ones are removed', async () => {
    const { parts, lifecycle, entry, create } = await machine();
    await create(withCache());
    const old = entry('db');
    await createContainer(parts, lifecycle, {
      container: withCache(),
      replaces: { id: old.record.id, name: 'db', keepAnonymousVolumes: false },
    });
    expect(anonymous(entry('db'))).not.toEqual(anonymous(old));
    expect((await parts.volumes.list()).map(({ name }) => name)).toEqual(anonymous(entry('db')));
  });

  describe('and fixed addresses', () => {
    const at = (address: string) => ({
      networks: [{ network: 'p_default', aliases: [], ipv4Address: address, gatewayPriority: 0 }],
    });

    async function pair() {
      const fake = await fakeParts();
      const book = createLeaseBook();
      book.addNetwork(await fake.networks.create({ ...network, name: 'p_default' }));
      const networks: FakeParts['networks'] = {
        ...fake.networks,
        lease: async (request) => book.lease(request),
        release: book.release,
        restoreLeases: book.restore,
      };
      const made = await machine({ ...fake, networks });
      await made.create(specOf('a', at('10.0.0.10')));
      await made.create(specOf('b', at('10.0.0.11')));
      const [a, b] = [made.entry('a').record.id, made.entry('b').record.id];
      const replace = (name: string, id: string, other: string, address: string) =>
        createContainer(made.parts, made.lifecycle, {
          container: specOf(name, at(address)),
          replaces: { id, name, keepAnonymousVolumes: true },
          evicts: [other],
        });
      const held = () =>
        book
          .holders('p_default')
          .map(({ containerName, leases }) => `${containerName} ${leases[0]?.ipv4}`)
          .sort();
      return { ...made, a, b, replace, held };
    }

    test('two that are replaced may swap theirs', async () => {
      const { a, b, replace, held } = await pair();
      await Promise.all([replace('a', a, b, '10.0.0.11'), replace('b', b, a, '10.0.0.10')]);
      expect(held()).toEqual(['a 10.0.0.11', 'b 10.0.0.10']);
    });

    test('a replacement that fails leaves everybody theirs', async () => {
      const { a, b, replace, held } = await pair();
      await expect(replace('a', a, b, '10.0.1.1')).rejects.toMatchObject({ code: 'NETWORK_ADDRESS_OUTSIDE' });
      expect(held()).toEqual(['a 10.0.0.10', 'b 10.0.0.11']);
    });

    test('but for an address that a new container has by then', async () => {
      const { a, b, replace, held } = await pair();
      await replace('b', b, a, '10.0.0.10');
      await expect(replace('a', a, b, '10.0.1.1')).rejects.toMatchObject({ code: 'NETWORK_ADDRESS_OUTSIDE' });
      expect(held()).toEqual(['b 10.0.0.10']);
    });
  });

  test('a replacement cut off half-way is finished by the next agent', async () => {
    const first = await machine();
    await first.create(specOf('db'));
    const old = first.entry('db').record;
    await first.parts.containers.add({
      ...old,
      id: 'f'.repeat(64),
      replaces: { id: old.id, removeVolumes: false },
    });
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    expect(second.parts.containers.all().map(({ record }) => record.id)).toEqual(['f'.repeat(64)]);
  });
});

describe('a new agent', () => {
  test('adopts what runs and sees its end', async () => {
    const first = await machine();
    await first.create(specOf('db'));
    await first.lifecycle.start(first.entry('db'));
    first.lifecycle.runs.leave();
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    expect(second.state('db')).toEqual({ status: 'running', health: 'none' });
    second.parts.end('db', { code: 3 });
    await second.settled('db', 'exited');
    expect(second.state('db')).toEqual({ status: 'exited', exitCode: 3 });
  });

  test('learns the exit code of what ended while there was no agent, and restarts it by policy', async () => {
    const first = await machine();
    await first.create(specOf('once'));
    await first.create(specOf('forever', { restart: { kind: 'always' } }));
    for (const name of ['once', 'forever']) await first.lifecycle.start(first.entry(name));
    first.lifecycle.runs.leave();
    for (const name of ['once', 'forever']) first.parts.end(name, { code: 7 });
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    expect(second.state('once')).toEqual({ status: 'exited', exitCode: 7 });
    await second.settled('forever', 'running');
  });

  test('does not believe run records of another boot', async () => {
    const first = await machine();
    await first.create(specOf('db'));
    await first.lifecycle.start(first.entry('db'));
    first.lifecycle.runs.leave();
    const second = await machine(await first.parts.reopened({ bootId: 'boot-2' }));
    await adoptAll(second.parts, second.lifecycle);
    expect(second.state('db')).toEqual({ status: 'exited', exitCode: 255 });
  });

  test('takes away a process that was created and never started', async () => {
    const first = await machine();
    await first.create(specOf('db'));
    const { id } = first.entry('db').record;
    await first.parts.runtime.create({ id, name: 'db' } as never);
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    expect(await second.parts.runtime.list()).toEqual([]);
    expect(second.state('db')).toEqual({ status: 'created' });
  });

  test('adopts what was started by one that did not live to note it, and learns how it ended', async () => {
    const first = await machine();
    for (const name of ['db', 'job']) {
      await first.create(specOf(name));
      await first.lifecycle.prepare(first.entry(name));
      await first.parts.runtime.start(first.entry(name).record.id);
    }
    first.parts.end('job', { code: 0 });
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    expect(second.state('db')).toEqual({ status: 'running', health: 'none' });
    expect(second.state('job')).toEqual({ status: 'exited', exitCode: 0 });
    for (const name of ['db', 'job']) await second.lifecycle.start(second.entry(name), { first: true });
    expect(second.parts.calls.filter((call) => call.startsWith('start '))).toEqual(['start db', 'start job']);
  });

  test('completes what was noted of a start: no restart is due any longer, and no stop holds', async () => {
    const first = await machine();
    const before = {
      status: { kind: 'exited', startedAt: 1, finishedAt: 2, code: 1, oomKilled: false },
    } as const;
    const interrupted = {
      byHand: { ...before, manuallyStopped: true },
      byPolicy: { ...before, restarting: true, restartDelayMs: 100 },
    };
    for (const [name, changes] of Object.entries(interrupted)) {
      await first.create(specOf(name, { restart: { kind: 'on-failure', maxRetries: 1 } }));
      await first.lifecycle.prepare(first.entry(name));
      await first.parts.containers.change(first.entry(name), changes);
      await first.parts.runtime.start(first.entry(name).record.id);
    }
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    const noted = (name: string) => {
      const { manuallyStopped, restarting, restartCount } = second.entry(name).record;
      return { ...second.state(name), manuallyStopped, restarting, restartCount };
    };
    const running = { status: 'running', health: 'none', manuallyStopped: false, restarting: false };
    expect([noted('byHand'), noted('byPolicy')]).toEqual([
      { ...running, restartCount: 0 },
      { ...running, restartCount: 1 },
    ]);
    for (const name of ['byHand', 'byPolicy']) second.parts.end(name, { code: 1 });
    await eventually(() => expect(second.entry('byHand').record.restartCount).toBe(1));
    await second.settled('byPolicy', 'exited');
  });

  test('goes on with a restart that was being waited for', async () => {
    const first = await machine();
    await first.create(specOf('db', { restart: { kind: 'always' } }));
    await first.parts.containers.change(first.entry('db'), {
      restarting: true,
      status: { kind: 'exited', startedAt: 1, finishedAt: 2, code: 1, oomKilled: false },
    });
    const second = await machine(await first.parts.reopened());
    await adoptAll(second.parts, second.lifecycle);
    await second.settled('db', 'running');
  });
});
