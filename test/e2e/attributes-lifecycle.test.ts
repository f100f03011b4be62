/** What happens to containers over time: health checks, the order of starting, restart policies. */
import { describe, expect, test, vi } from 'vitest';
import { importImage, said, views } from './attributes.ts';
import { type Stack, sharedStack, stack } from './stack.ts';

const patience = { timeout: 60_000, interval: 100 };

/** Waits until the services' containers are in these states, each `state` or `state health`. */
async function becomes(made: Stack, wanted: Readonly<Record<string, string>>): Promise<void> {
  await vi.waitFor(async () => {
    const all = await views(made);
    const found = Object.keys(wanted).map((service) => {
      const { state, health = 'none' } = all[service] ?? {};
      return [service, health === 'none' ? state : `${state} ${health}`];
    });
    expect(Object.fromEntries(found)).toEqual(wanted);
  }, patience);
}

describe('healthcheck', () => {
  const image =
    'HEALTHCHECK --interval=100ms --retries=2 CMD test -f /tmp/healthy || { echo not yet; exit 4; }';
  const it = sharedStack(
    `
x-box: &box {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
x-imaged: &imaged {image: e2e-health, command: sleep 1000, stop_signal: SIGKILL}
services:
  none: *box
  cmd: {<<: *box, healthcheck: {test: [CMD, "true"], interval: 100ms}}
  shell: {<<: *box, environment: {WORD: given}, user: nobody, group_add: ["44"], ulimits: {core: -1}, healthcheck: {test: 'test "$$WORD" = given && id -un && id -G && ulimit -c', interval: 100ms}}
  list-shell: {<<: *box, healthcheck: {test: [CMD-SHELL, "exit 0 && false"], interval: 100ms}}
  unhealthy: {<<: *box, healthcheck: {test: "echo broken; exit 3", interval: 100ms, retries: 2}}
  missing: {<<: *box, healthcheck: {test: [CMD, no-such-program], interval: 100ms, retries: 1}}
  slow: {<<: *box, healthcheck: {test: sleep 60, interval: 100ms, timeout: 200ms, retries: 1}}
  forgiven: {<<: *box, healthcheck: {test: "exit 1", interval: 100ms, start_interval: 100ms, start_period: 10m, retries: 1}}
  recovers: {<<: *box, healthcheck: {test: test -f /tmp/well, interval: 100ms, retries: 1}}
  image: *imaged
  image-timed: {<<: *imaged, healthcheck: {retries: 1000}}
  disabled: {<<: *imaged, healthcheck: {disable: true}}
  none-test: {<<: *imaged, healthcheck: {test: [NONE]}}
`,
    {},
    async (made) => {
      await importImage(made, 'e2e-health', [image]);
      await made.ok('up', '--detach');
    },
  );

  test('makes a container healthy or unhealthy, by its own test or the image’s', async () => {
    await becomes(it(), {
      none: 'running',
      cmd: 'running healthy',
      shell: 'running healthy',
      'list-shell': 'running healthy',
      unhealthy: 'running unhealthy',
      missing: 'running unhealthy',
      slow: 'running unhealthy',
      forgiven: 'running starting',
      recovers: 'running unhealthy',
      image: 'running unhealthy',
      'image-timed': 'running starting',
      disabled: 'running',
      'none-test': 'running',
    });
  });

  test('keeps the last five results, with output and exit code', async () => {
    await vi.waitFor(async () => {
      const { unhealthy, shell, forgiven } = await views(it());
      for (const view of [unhealthy, shell, forgiven]) expect(view?.healthLog).toHaveLength(5);
    }, patience);
    const { unhealthy, shell, slow, image: imaged } = await views(it());
    const last = [unhealthy, shell, slow, imaged].map((view) => {
      const { exitCode, output } = view?.healthLog.at(-1) ?? {};
      return { exitCode, output };
    });
    expect(last).toEqual([
      { exitCode: 3, output: 'broken\n' },
      { exitCode: 0, output: 'nobody\n65534 44\nunlimited\n' },
      { exitCode: -1, output: 'Health check exceeded timeout (200 ms)' },
      { exitCode: 4, output: 'not yet\n' },
    ]);
  });

  test('finds a container that recovered healthy again, and begins anew when it is restarted', async () => {
    await it().ok('exec', '-T', 'recovers', 'touch', '/tmp/well');
    await becomes(it(), { recovers: 'running healthy' });
    await it().ok('exec', '-T', 'image', 'touch', '/tmp/healthy');
    await it().ok('restart', 'image');
    await becomes(it(), { image: 'running healthy' });
    expect((await views(it())).image?.healthLog.every(({ exitCode }) => exitCode === 0)).toBe(true);
  });

  test('shows in the status', async () => {
    const containers = await it().containers();
    const notes = ['none', 'cmd', 'unhealthy', 'forgiven'].map((service) => {
      const { Status = '' } = containers.find(({ Service }) => Service === service) ?? {};
      return /^Up [^(]*(.*)$/.exec(Status)?.[1];
    });
    expect(notes).toEqual(['', '(healthy)', '(unhealthy)', '(health: starting)']);
  });
});

describe('depends_on', () => {
  test('starts each service when those it depends on are started, healthy or done', async () => {
    const made = await stack(`
x-box: &box {image: busybox, stop_signal: SIGKILL, volumes: ["shared:/shared"]}
services:
  last: {<<: *box, command: [sh, -c, "cat /shared/*"], depends_on: {db: {condition: service_healthy}, job: {condition: service_completed_successfully}, plain: {condition: service_started}}}
  db: {<<: *box, command: [sh, -c, "sleep 0.3; echo healthy >/shared/1; exec sleep 1000"], healthcheck: {test: test -s /shared/1, interval: 100ms, retries: 1000}}
  job: {<<: *box, command: [sh, -c, "sleep 0.3; echo done >/shared/2"], depends_on: [plain]}
  plain: {<<: *box, command: sleep 1000}
  absent: {<<: *box, profiles: [never], command: "true"}
  optional: {<<: *box, command: "true", depends_on: {absent: {condition: service_healthy, required: false}}}
volumes: {shared: }
`);
    await made.ok('up', '--detach');
    await made.run('wait', 'last', 'optional');
    expect((await said(made)).last).toEqual(['healthy', 'done']);
    const { plain, job, last } = await views(made);
    const starts = [plain, job, last].map((view) => view?.startedAt ?? 0);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
  });

  test.each([
    [
      'service_healthy',
      'command: sleep 1000, healthcheck: {test: "false", interval: 100ms, retries: 1}',
      'is unhealthy',
    ],
    [
      'service_healthy',
      'command: [sh, -c, exit 7], healthcheck: {test: "true", interval: 60s}',
      'exited (7)',
    ],
    [
      'service_completed_successfully',
      'command: [sh, -c, exit 3]',
      'service "first" didn\'t complete successfully: exit 3',
    ],
  ])('fails at once when %s can no longer be: %s', async (condition, first, message) => {
    const made = await stack(`
services:
  first: {image: busybox, stop_signal: SIGKILL, ${first}}
  second: {image: busybox, command: "true", depends_on: {first: {condition: ${condition}}}}
`);
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    expect((await views(made)).second?.state).toBe('created');
  });

  test('waits for the health of what crashes first and is restarted by its policy', async () => {
    const made = await stack(`
services:
  web: {image: busybox, command: "true", depends_on: {db: {condition: service_healthy}}}
  db:
    image: busybox
    command: sh -c 'test -e /data/made || { touch /data/made; exit 1; }; touch /tmp/well; exec sleep 1000'
    stop_signal: SIGKILL
    restart: on-failure
    healthcheck: {test: test -e /tmp/well, interval: 100ms, retries: 1000}
    volumes: ["data:/data"]
volumes: {data: }
`);
    await made.ok('up', '--detach');
    const { db } = await views(made);
    expect(db).toMatchObject({ state: 'running', health: 'healthy', restartCount: 1 });
  });

  test('of a service without a health check cannot be healthy', async () => {
    const made = await stack(`
services:
  first: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
  second: {image: busybox, command: "true", depends_on: {first: {condition: service_healthy}}}
`);
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`container ${made.project}-first-1 has no healthcheck configured`),
    });
  });

  test('goes on without what is not required and failed', async () => {
    const made = await stack(`
services:
  first: {image: busybox, command: [sh, -c, exit 3]}
  second: {image: busybox, command: echo here, depends_on: {first: {condition: service_completed_successfully, required: false}}}
`);
    const stderr = (await made.run('up', '--detach')).stderr;
    await made.run('wait', 'second');
    expect((await said(made)).second).toEqual(['here']);
    expect(stderr).toContain('service "first" didn\'t complete successfully: exit 3');
  });

  test('takes a dependent along when its dependency is restarted or replaced, with restart: true', async () => {
    const text = (word: string): string => `
x-box: &box {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
services:
  db: {<<: *box, environment: {WORD: ${word}}}
  follows: {<<: *box, depends_on: {db: {condition: service_started, restart: true}}}
  stays: {<<: *box, depends_on: [db]}
`;
    const made = await stack(text('one'));
    const starts = async (): Promise<Record<string, number>> => {
      const all = Object.entries(await views(made));
      return Object.fromEntries(all.map(([service, view]) => [service, view.startedAt]));
    };
    await made.ok('up', '--detach');
    const first = await starts();
    await made.ok('restart', 'db');
    const second = await starts();
    expect(second.stays).toBe(first.stays);
    expect(second.follows).toBeGreaterThan(first.follows ?? Number.NaN);
    expect(second.db).toBeGreaterThan(first.db ?? Number.NaN);

    await made.write('compose.yaml', text('two'));
    await made.ok('up', '--detach');
    const third = await starts();
    expect(third.stays).toBe(second.stays);
    expect(third.follows).toBeGreaterThan(second.follows ?? Number.NaN);
    expect(third.db).toBeGreaterThan(second.db ?? Number.NaN);
  });
});

describe('restart', () => {
  const runs = '/data/$$SERVICE';
  const it = sharedStack(
    `
x-box: &box {image: busybox, volumes: ["data:/data"]}
services:
  default: {<<: *box, command: [sh, -c, "exit 1"]}
  never: {<<: *box, restart: "no", command: [sh, -c, "exit 1"]}
  never-bare: {<<: *box, restart: no, command: [sh, -c, "exit 1"]}
  twice: {<<: *box, restart: "on-failure:2", command: [sh, -c, "echo run; exit 6"]}
  succeeds: {<<: *box, restart: on-failure, environment: {SERVICE: succeeds}, command: [sh, -c, "echo run >>${runs}; [ $$(wc -l <${runs}) -ge 2 ]"]}
  fine: {<<: *box, restart: on-failure, command: "true"}
  policy: {<<: *box, restart: always, deploy: {restart_policy: {condition: on-failure, max_attempts: 1}}, command: [sh, -c, "echo run; exit 6"]}
  always: {<<: *box, restart: always, environment: {SERVICE: always}, command: [sh, -c, "echo run >>${runs}; [ $$(wc -l <${runs}) -lt 3 ] && exit 0; exec sleep 1000"], stop_signal: SIGKILL}
  unless: {<<: *box, restart: unless-stopped, environment: {SERVICE: unless}, command: [sh, -c, "echo run >>${runs}; [ $$(wc -l <${runs}) -lt 3 ] && exit 1; exec sleep 1000"], stop_signal: SIGKILL}
  crashing: {<<: *box, restart: always, command: [sh, -c, "exit 9"]}
volumes: {data: }
`,
    {},
    (made) => made.ok('up', '--detach'),
  );

  test('brings a container back as often as its policy says', async () => {
    await vi.waitFor(async () => {
      const all = await views(it());
      const ended = Object.fromEntries(
        ['default', 'never', 'never-bare', 'twice', 'succeeds', 'fine', 'policy', 'always', 'unless'].map(
          (service) => {
            const { state, exitCode, restartCount } = all[service] ?? {};
            return [service, `${state} ${state === 'running' ? '' : exitCode} ${restartCount}`];
          },
        ),
      );
      expect(ended).toEqual({
        default: 'exited 1 0',
        never: 'exited 1 0',
        'never-bare': 'exited 1 0',
        twice: 'exited 6 2',
        succeeds: 'exited 0 1',
        fine: 'exited 0 0',
        policy: 'exited 6 1',
        always: 'running  2',
        unless: 'running  2',
      });
    }, patience);
    const { twice, policy } = await said(it());
    expect([twice, policy]).toEqual([
      ['run', 'run', 'run'],
      ['run', 'run'],
    ]);
  });

  test('shows a container that waits for its next run, and stop calls that run off', async () => {
    await vi.waitFor(async () => {
      const crashing = (await it().containers()).find(({ Service }) => Service === 'crashing');
      expect(crashing).toMatchObject({
        State: 'restarting',
        ExitCode: 9,
        Status: expect.stringMatching(/^Restarting \(9\) .* ago$/),
      });
    }, patience);
    await it().ok('stop', 'crashing');
    const { crashing } = await views(it());
    expect(crashing?.state).toBe('exited');
    await it().ok('up', '--detach', 'fine');
    expect((await views(it())).crashing).toMatchObject({
      state: 'exited',
      restartCount: crashing?.restartCount,
    });
  });

  test('respects what was stopped or killed by hand, and takes it up again when it is started', async () => {
    await it().ok('stop', 'always');
    await it().ok('kill', 'unless');
    await becomes(it(), { always: 'exited', unless: 'exited' });
    await it().ok('start', 'always', 'unless');
    await becomes(it(), { always: 'running', unless: 'running' });
    // From within, where no person is: the main process dies and comes back.
    const { always } = await views(it());
    process.kill(always?.pid ?? 0, 'SIGKILL');
    await vi.waitFor(async () => {
      const now = (await views(it())).always;
      expect(now).toMatchObject({ state: 'running', id: always?.id });
      expect(now?.pid).not.toBe(always?.pid);
    }, patience);
  });

  test('is not asked for by a signal that is the container’s own stop signal', async () => {
    const made = await stack(`
services:
  term: {image: busybox, restart: always, command: [sh, -c, "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done"]}
  own: {image: busybox, restart: always, stop_signal: SIGUSR1, command: [sh, -c, "trap 'exit 5' USR1; echo ready; while :; do sleep 0.1; done"]}
  other: {image: busybox, restart: always, command: [sh, -c, "trap 'exit 5' HUP; trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done"]}
`);
    await made.ok('up', '--detach');
    await vi.waitFor(async () => {
      expect(await said(made)).toEqual({ term: ['ready'], own: ['ready'], other: ['ready'] });
    }, patience);
    await made.ok('kill', '--signal', 'SIGTERM', 'term');
    await made.ok('kill', '--signal', 'USR1', 'own');
    await made.ok('kill', '--signal', 'SIGHUP', 'other');
    await vi.waitFor(async () => {
      expect((await said(made)).other).toEqual(['ready', 'ready']);
    }, patience);
    await becomes(made, { term: 'exited', own: 'exited', other: 'running' });
  });
});
