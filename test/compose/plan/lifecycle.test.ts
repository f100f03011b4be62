import { describe, expect, test } from 'vitest';
import type { Project } from '../../../src/compose/model/project.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import type { Observed, ObservedState } from '../../../src/compose/plan/observed.ts';
import { carryOut } from './machine.ts';
import { dependency, empty, healthy, planText, project, up } from './model.ts';

const shop = project({
  services: {
    db: {},
    api: { dependsOn: { db: dependency('service_healthy', { restart: true }) } },
    web: { dependsOn: { api: dependency() } },
  },
});
const there = broughtUp(shop);

function broughtUp(project: Project): Observed {
  return carryOut(plan({ project, projectName: 'shop', observed: empty, command: up() }), empty);
}

/** The machine with the state of some services changed. */
function withStates(states: Readonly<Record<string, ObservedState>>, machine = there): Observed {
  return {
    ...machine,
    containers: machine.containers.map((container) => ({
      ...container,
      state: states[container.service] ?? container.state,
    })),
  };
}

const exited: ObservedState = { status: 'exited', exitCode: 0 };
const paused: ObservedState = { status: 'paused' };

describe('start', () => {
  test('starts what does not run in dependency order, dependencies of the named services included', () => {
    const observed = withStates({ db: exited, api: exited, web: exited });
    expect(
      planText({ project: shop, observed, command: { kind: 'start', services: ['api'], wait: false } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        start:db-1         start container shop-db-1        exited (0)
        wait:db-1:healthy  wait until shop-db-1 is healthy  api depends on it  after start:db-1
        start:api-1        start container shop-api-1       exited (0)         after wait:db-1:healthy
      "
    `);
  });

  test('knows conditions from labels when there is no file, and waits with --wait', () => {
    const observed = withStates({ db: exited, api: exited });
    expect(
      planText({ observed, command: { kind: 'start', services: [], wait: true, waitTimeoutMs: 5000 } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 6 steps
        start:db-1         start container shop-db-1                  exited (0)
        wait:db-1:healthy  wait until shop-db-1 is healthy            api depends on it  after start:db-1
        start:api-1        start container shop-api-1                 exited (0)         after wait:db-1:healthy
        ready:api-1        wait until shop-api-1 runs and is healthy  --wait             after start:api-1
        ready:db-1         wait until shop-db-1 runs and is healthy   --wait             after start:db-1
        ready:web-1        wait until shop-web-1 runs and is healthy  --wait
      "
    `);
  });

  test.each([
    [5000, 5000],
    [0, undefined],
    [-1000, undefined],
  ])('with a time limit of %i ms waits so long', (waitTimeoutMs, timeoutMs) => {
    const command = { kind: 'start', services: ['db'], wait: true, waitTimeoutMs } as const;
    const { nodes } = plan({ project: shop, projectName: 'shop', observed: there, command });
    const waits = nodes.flatMap(({ action }) => (action.kind === 'WaitFor' ? [action.timeoutMs] : []));
    expect(waits).toEqual([timeoutMs]);
  });

  test('has nothing to do when everything runs', () => {
    expect(
      planText({ project: shop, observed: there, command: { kind: 'start', services: [], wait: false } }),
    ).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      "
    `);
  });
});

describe('stop', () => {
  test('stops dependents first', () => {
    expect(
      planText({ project: shop, observed: there, command: { kind: 'stop', services: [] } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1  stop container shop-web-1  stop
        stop:api-1  stop container shop-api-1  stop  after stop:web-1
        stop:db-1   stop container shop-db-1   stop  after stop:api-1
      "
    `);
  });

  test('stops exactly the named services, in order even when what is between them is not named', () => {
    expect(
      planText({ project: shop, observed: there, command: { kind: 'stop', services: ['db', 'web'] } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        stop:web-1  stop container shop-web-1  stop
        stop:db-1   stop container shop-db-1   stop  after stop:web-1
      "
    `);
  });
});

describe('restart', () => {
  test('takes dependents with restart: true along, and waits for the conditions in between', () => {
    expect(
      planText({
        project: shop,
        observed: there,
        command: { kind: 'restart', services: ['db'], noDeps: false, timeoutMs: 1000 },
      }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        restart:db-1       restart container shop-db-1      restart
        wait:db-1:healthy  wait until shop-db-1 is healthy  api depends on it          after restart:db-1
        restart:api-1      restart container shop-api-1     a dependency is restarted  after wait:db-1:healthy
      "
    `);
  });

  test('leaves dependents alone with --no-deps', () => {
    expect(
      planText({ observed: there, command: { kind: 'restart', services: ['db'], noDeps: true } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 1 step
        restart:db-1  restart container shop-db-1  restart
      "
    `);
  });

  test('says which service has nothing to restart', () => {
    const observed = { ...there, containers: [] };
    expect(
      planText({ project: shop, observed, command: { kind: 'restart', services: ['db'], noDeps: false } }),
    ).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      warning: service "db" has no container to restart
      "
    `);
  });
});

describe('kill', () => {
  test('signals what runs, and keeps what waits for its restart from coming back', () => {
    const observed = withStates({ db: exited, web: { status: 'restarting' } });
    expect(
      planText({
        project: shop,
        observed,
        command: { kind: 'kill', services: [], signal: 'SIGHUP', removeOrphans: false },
      }),
    ).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        kill:api-1  send SIGHUP to container shop-api-1  kill with SIGHUP
        kill:web-1  stop container shop-web-1            not to be restarted
      "
    `);
  });

  test('removes orphans when asked to', () => {
    const fewer = project({ services: { db: {} } });
    expect(
      planText({
        project: fewer,
        observed: withStates({ db: exited, web: exited }),
        command: { kind: 'kill', services: [], signal: 'SIGKILL', removeOrphans: true },
      }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        kill:api-1    send SIGKILL to container shop-api-1  kill with SIGKILL
        remove:api-1  remove container shop-api-1           orphan             after kill:api-1
        remove:web-1  remove container shop-web-1           orphan
      "
    `);
  });
});

describe('rm', () => {
  test('removes what has ended', () => {
    const observed = withStates({ db: exited });
    expect(
      planText({
        project: shop,
        observed,
        command: { kind: 'rm', services: [], stop: false, volumes: true },
      }),
    ).toMatchInlineSnapshot(`
      "
      shop: 1 step
        remove:db-1  remove container shop-db-1 and its anonymous volumes  rm
      "
    `);
  });

  test('stops the others first with --stop', () => {
    const observed = withStates({ db: exited });
    expect(
      planText({
        project: shop,
        observed,
        command: { kind: 'rm', services: ['api', 'db'], stop: true, volumes: false },
      }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:api-1    stop container shop-api-1    rm
        remove:api-1  remove container shop-api-1  rm  after stop:api-1
        remove:db-1   remove container shop-db-1   rm
      "
    `);
  });
});

describe('pause and unpause', () => {
  test('act on those that are in the other state', () => {
    const observed = withStates({ db: paused, web: exited });
    expect(
      planText({ project: shop, observed, command: { kind: 'pause', services: [] } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 1 step
        pause:api-1  pause container shop-api-1  pause
      "
    `);
    expect(
      planText({ project: shop, observed, command: { kind: 'unpause', services: [] } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 1 step
        unpause:db-1  unpause container shop-db-1  unpause
      "
    `);
  });

  test('refuse what would change nothing', () => {
    const attempt = (kind: 'pause' | 'unpause', db: ObservedState) => () =>
      planText({ project: shop, observed: withStates({ db }), command: { kind, services: ['db'] } });
    expect(attempt('pause', paused)).toThrow('container shop-db-1 is already paused');
    expect(attempt('unpause', { status: 'running', health: 'none' })).toThrow(
      'container shop-db-1 is not paused',
    );
  });
});

test('commands on what is there take containers of all services when there is no file', () => {
  expect(planText({ observed: there, command: { kind: 'stop', services: [] } })).toMatchInlineSnapshot(`
    "
    shop: 3 steps
      stop:web-1  stop container shop-web-1  stop
      stop:api-1  stop container shop-api-1  stop  after stop:web-1
      stop:db-1   stop container shop-db-1   stop  after stop:api-1
    "
  `);
});

test('commands on what is there leave services alone that their profiles hold back, unless they are named', () => {
  const held = project({ services: { db: {} }, disabledServices: { web: { dependsOn: { db: healthy } } } });
  const observed = broughtUp(project({ services: { db: {}, web: {} } }));
  expect(
    planText({ project: held, observed, command: { kind: 'stop', services: [] } }),
  ).toMatchInlineSnapshot(`
    "
    shop: 1 step
      stop:db-1  stop container shop-db-1  stop
    "
  `);
  expect(
    planText({ project: held, observed, command: { kind: 'stop', services: ['web'] } }),
  ).toMatchInlineSnapshot(`
    "
    shop: 1 step
      stop:web-1  stop container shop-web-1  stop
    "
  `);
});
