import { expect, test } from 'vitest';
import type { Mount, Project } from '../../../src/compose/model/project.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import type { Observed, ObservedState } from '../../../src/compose/plan/observed.ts';
import { carryOut } from './machine.ts';
import { attached, dependency, down, empty, planText, project, run, up } from './model.ts';

function broughtUp(project: Project, before = empty): Observed {
  return carryOut(plan({ project, projectName: 'shop', observed: before, command: up() }), before);
}

const data: Mount = { type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: false };

const shop = project({
  services: {
    db: { mounts: [data], networks: { back: attached() } },
    web: {
      build: {},
      dependsOn: { db: dependency() },
      networks: { back: attached(), default: attached() },
    },
  },
  networks: { back: {} },
  volumes: { data: {} },
});
const there = broughtUp(shop);

test('down stops dependents first, then removes containers and networks, and keeps volumes', () => {
  expect(planText({ project: shop, observed: there, command: down() })).toMatchInlineSnapshot(`
    "
    shop: 6 steps
      stop:web-1              stop container shop-web-1    down
      stop:db-1               stop container shop-db-1     down  after stop:web-1
      remove:db-1             remove container shop-db-1   down  after stop:db-1
      remove:web-1            remove container shop-web-1  down  after stop:web-1
      remove-network:back     remove network shop_back     down  after stop:db-1, stop:web-1
      remove-network:default  remove network shop_default  down  after stop:web-1
    "
  `);
});

test('down --volumes removes named and anonymous volumes, and --rmi all images', () => {
  const command = down({ volumes: true, images: 'all', timeoutMs: 0 });
  expect(planText({ project: shop, observed: there, command })).toMatchInlineSnapshot(`
    "
    shop: 9 steps
      stop:web-1              stop container shop-web-1                              down
      stop:db-1               stop container shop-db-1                               down            after stop:web-1
      remove:db-1             remove container shop-db-1 and its anonymous volumes   down            after stop:db-1
      remove:web-1            remove container shop-web-1 and its anonymous volumes  down            after stop:web-1
      remove-network:back     remove network shop_back                               down            after stop:db-1, stop:web-1
      remove-network:default  remove network shop_default                            down            after stop:web-1
      remove-volume:data      remove volume shop_data                                down --volumes  after remove:db-1
      remove-image:app        remove image app                                       down --rmi all  after remove:db-1
      remove-image:shop-web   remove image shop-web                                  down --rmi all  after remove:web-1
    "
  `);
});

test('down --rmi local removes only images that a build named', () => {
  expect(
    planText({ project: shop, observed: there, command: down({ images: 'local' }) }),
  ).toMatchInlineSnapshot(`
    "
    shop: 7 steps
      stop:web-1              stop container shop-web-1    down
      stop:db-1               stop container shop-db-1     down              after stop:web-1
      remove:db-1             remove container shop-db-1   down              after stop:db-1
      remove:web-1            remove container shop-web-1  down              after stop:web-1
      remove-network:back     remove network shop_back     down              after stop:db-1, stop:web-1
      remove-network:default  remove network shop_default  down              after stop:web-1
      remove-image:shop-web   remove image shop-web        down --rmi local  after remove:web-1
    "
  `);
});

test('down without the file goes by labels, dependencies included', () => {
  expect(
    planText({ observed: there, command: down({ volumes: true, images: 'local' }) }),
  ).toMatchInlineSnapshot(`
    "
    shop: 8 steps
      stop:web-1              stop container shop-web-1                              down
      stop:db-1               stop container shop-db-1                               down              after stop:web-1
      remove:db-1             remove container shop-db-1 and its anonymous volumes   down              after stop:db-1
      remove:web-1            remove container shop-web-1 and its anonymous volumes  down              after stop:web-1
      remove-network:back     remove network shop_back                               down              after stop:db-1, stop:web-1
      remove-network:default  remove network shop_default                            down              after stop:web-1
      remove-volume:data      remove volume shop_data                                down --volumes    after remove:db-1
      remove-image:shop-web   remove image shop-web                                  down --rmi local  after remove:web-1
    "
  `);
});

test('down of one service keeps networks and volumes that others use', () => {
  const command = down({ services: ['web'], volumes: true });
  expect(planText({ project: shop, observed: there, command })).toMatchInlineSnapshot(`
    "
    shop: 3 steps
      stop:web-1              stop container shop-web-1                              down
      remove:web-1            remove container shop-web-1 and its anonymous volumes  down  after stop:web-1
      remove-network:default  remove network shop_default                            down  after stop:web-1
    "
  `);
});

/** With a one-off of web in that state. */
function withTask(state: ObservedState): Observed {
  const made = carryOut(
    plan({ project: shop, projectName: 'shop', observed: there, command: run('web') }),
    there,
  );
  const containers = made.containers.map((one) => (one.oneOff ? { ...one, state } : one));
  return { ...made, containers };
}

test('down removes networks on which only stopped containers are left', () => {
  const observed = withTask({ status: 'exited', exitCode: 0 });
  const planned = plan({ project: shop, projectName: 'shop', observed, command: down() });
  expect(planned.warnings).toEqual([]);
  const left = carryOut(planned, observed);
  expect(left.networks).toEqual([]);
  expect(left.containers.map(({ name }) => name)).toEqual(['shop-web-run-0123456789ab']);
});

test('down leaves one-offs and orphans, and says what they keep in use', () => {
  const observed = withTask({ status: 'running', health: 'none' });
  const fewer = project({ services: { web: shop.services.web! }, networks: { back: {} } });
  expect(planText({ project: fewer, observed, command: down() })).toMatchInlineSnapshot(`
    "
    shop: 2 steps
      stop:web-1    stop container shop-web-1    down
      remove:web-1  remove container shop-web-1  down  after stop:web-1
    warning: network shop_back is still in use by shop-db-1, shop-web-run-0123456789ab, so it stays
    warning: network shop_default is still in use by shop-web-run-0123456789ab, so it stays
    "
  `);
  expect(
    planText({ project: fewer, observed, command: down({ removeOrphans: true }) }),
  ).toMatchInlineSnapshot(`
    "
    shop: 8 steps
      stop:web-run-0123456789ab    stop container shop-web-run-0123456789ab    down
      stop:web-1                   stop container shop-web-1                   down
      stop:db-1                    stop container shop-db-1                    down  after stop:web-run-0123456789ab, stop:web-1
      remove:db-1                  remove container shop-db-1                  down  after stop:db-1
      remove:web-run-0123456789ab  remove container shop-web-run-0123456789ab  down  after stop:web-run-0123456789ab
      remove:web-1                 remove container shop-web-1                 down  after stop:web-1
      remove-network:back          remove network shop_back                    down  after stop:db-1, stop:web-run-0123456789ab, stop:web-1
      remove-network:default       remove network shop_default                 down  after stop:web-run-0123456789ab, stop:web-1
    "
  `);
});

test('down --remove-orphans leaves what profiles hold back, and the anonymous volumes of orphans', () => {
  const { db, web } = shop.services;
  const observed = broughtUp(project({ services: { db: db!, web: web!, old: {} }, networks: { back: {} } }));
  const fewer = project({
    services: { web: { ...web, dependsOn: {} } },
    disabledServices: { db: { ...db, profiles: ['data'] } },
    networks: { back: {} },
  });
  const removed = (services: readonly string[]) =>
    plan({
      project: fewer,
      projectName: 'shop',
      observed,
      command: down({ services, removeOrphans: true, volumes: true }),
    }).nodes.flatMap(({ action }) =>
      action.kind === 'RemoveContainer' ? [`${action.name} ${action.volumes}`] : [],
    );
  expect(removed([])).toEqual(['shop-old-1 false', 'shop-web-1 true']);
  expect(removed(['db'])).toEqual(['shop-db-1 true', 'shop-old-1 false']);
});

test('down never touches external networks and volumes, nor volumes of another project', () => {
  const outside = project({
    services: {
      web: { mounts: [data, { ...data, source: 'own', target: '/own' }], networks: { net: attached() } },
    },
    networks: { net: { external: true, name: 'net' } },
    volumes: { data: { external: true, name: 'data' }, own: {} },
  });
  const observed = broughtUp(outside, {
    ...empty,
    networks: [{ name: 'net', labels: {}, containers: [] }],
    volumes: [
      { name: 'data', labels: {}, containers: [] },
      { name: 'shop_own', labels: { 'com.docker.compose.project': 'other' }, containers: [] },
    ],
  });
  expect(planText({ project: outside, observed, command: down({ volumes: true }) })).toMatchInlineSnapshot(`
    "
    shop: 2 steps
      stop:web-1    stop container shop-web-1                              down
      remove:web-1  remove container shop-web-1 and its anonymous volumes  down  after stop:web-1
    warning: volume "shop_own" was not created for project "shop", so it stays
    "
  `);
});

test('down with nothing there says so', () => {
  expect(planText({ project: shop, observed: empty, command: down() })).toMatchInlineSnapshot(`
    "
    shop: nothing to do
    warning: No resource found to remove for project "shop".
    "
  `);
});

test('labels that contradict each other do not keep down from working', () => {
  const depends = (on: string) => ({ 'com.docker.compose.depends_on': `${on}:service_started:false` });
  const observed = {
    ...there,
    containers: there.containers.map((container) => ({
      ...container,
      labels: { ...container.labels, ...depends(container.service === 'db' ? 'web' : 'db') },
    })),
  };
  expect(planText({ observed, command: down() })).toMatchInlineSnapshot(`
    "
    shop: 6 steps
      stop:web-1              stop container shop-web-1    down
      stop:db-1               stop container shop-db-1     down  after stop:web-1
      remove:db-1             remove container shop-db-1   down  after stop:db-1
      remove:web-1            remove container shop-web-1  down  after stop:web-1
      remove-network:back     remove network shop_back     down  after stop:db-1, stop:web-1
      remove-network:default  remove network shop_default  down  after stop:web-1
    "
  `);
});

test('down without the file removes what a volume and a network were called before, too', () => {
  const named = (name: string) =>
    project({
      services: { web: { mounts: [data], networks: { back: attached() } } },
      networks: { back: { name: `${name}_net` } },
      volumes: { data: { name } },
    });
  const first = broughtUp(named('one'));
  const observed = {
    ...broughtUp(named('two'), first),
    networks: first.networks.concat(broughtUp(named('two')).networks),
  };
  expect(planText({ observed, command: down({ volumes: true }) })).toMatchInlineSnapshot(`
    "
    shop: 6 steps
      stop:web-1               stop container shop-web-1                              down
      remove:web-1             remove container shop-web-1 and its anonymous volumes  down            after stop:web-1
      remove-network:back      remove network one_net                                 down
      remove-network::two_net  remove network two_net                                 down            after stop:web-1
      remove-volume:data       remove volume one                                      down --volumes
      remove-volume::two       remove volume two                                      down --volumes  after remove:web-1
    "
  `);
});
