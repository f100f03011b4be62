import { describe, expect, test } from 'vitest';
import type { Project } from '../../../src/compose/model/project.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import type { Observed } from '../../../src/compose/plan/observed.ts';
import { carryOut } from './machine.ts';
import { completed, dependency, empty, healthy, planText, project, up } from './model.ts';

function broughtUp(project: Project): Observed {
  return carryOut(plan({ project, projectName: 'shop', observed: empty, command: up() }), empty, {
    oneShots: new Set(['migrate']),
  });
}

describe('depends_on', () => {
  test('service_started lets the dependent start after the dependency, and be made beside it', () => {
    const shop = project({ services: { db: {}, web: { dependsOn: { db: dependency() } } } });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 5 steps
        network:default  create network shop_default  does not exist
        create:db-1      create container shop-db-1   does not exist  after network:default
        create:web-1     create container shop-web-1  does not exist  after network:default
        start:db-1       start container shop-db-1    new             after create:db-1
        start:web-1      start container shop-web-1   new             after create:web-1, start:db-1
      "
    `);
  });

  test('service_healthy waits for health, once for all dependents, and for every replica', () => {
    const shop = project({
      services: {
        db: { scale: 2 },
        api: { dependsOn: { db: healthy } },
        web: { dependsOn: { db: healthy } },
      },
    });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 11 steps
        network:default    create network shop_default      does not exist
        create:db-1        create container shop-db-1       does not exist     after network:default
        create:db-2        create container shop-db-2       does not exist     after network:default
        create:api-1       create container shop-api-1      does not exist     after network:default
        create:web-1       create container shop-web-1      does not exist     after network:default
        start:db-1         start container shop-db-1        new                after create:db-1
        start:db-2         start container shop-db-2        new                after create:db-2
        wait:db-1:healthy  wait until shop-db-1 is healthy  api depends on it  after start:db-1
        wait:db-2:healthy  wait until shop-db-2 is healthy  api depends on it  after start:db-2
        start:api-1        start container shop-api-1       new                after create:api-1, wait:db-1:healthy, wait:db-2:healthy
        start:web-1        start container shop-web-1       new                after create:web-1, wait:db-1:healthy, wait:db-2:healthy
      "
    `);
  });

  test('service_completed_successfully waits for the end', () => {
    const shop = project({ services: { migrate: {}, web: { dependsOn: { migrate: completed } } } });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 6 steps
        network:default           create network shop_default              does not exist
        create:migrate-1          create container shop-migrate-1          does not exist     after network:default
        create:web-1              create container shop-web-1              does not exist     after network:default
        start:migrate-1           start container shop-migrate-1           new                after create:migrate-1
        wait:migrate-1:completed  wait until shop-migrate-1 has completed  web depends on it  after start:migrate-1
        start:web-1               start container shop-web-1               new                after create:web-1, wait:migrate-1:completed
      "
    `);
  });

  test('a one-shot runs again on the next up, and its success is waited for although the dependent runs', () => {
    const shop = project({ services: { migrate: {}, web: { dependsOn: { migrate: completed } } } });
    expect(planText({ project: shop, observed: broughtUp(shop), command: up() })).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        start:migrate-1           start container shop-migrate-1           exited (0)
        wait:migrate-1:completed  wait until shop-migrate-1 has completed  web depends on it  after start:migrate-1
      "
    `);
  });

  test('a dependency that is healthy already is not waited for', () => {
    const shop = project({ services: { db: {}, web: { dependsOn: { db: healthy } } } });
    const there = broughtUp(shop);
    const observed = { ...there, containers: there.containers.filter(({ service }) => service === 'db') };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        create:web-1  create container shop-web-1  does not exist
        start:web-1   start container shop-web-1   new             after create:web-1
      "
    `);
  });

  test('a dependency that is not healthy yet is waited for, though it runs', () => {
    const shop = project({ services: { db: {}, web: { dependsOn: { db: healthy } } } });
    const there = broughtUp(shop);
    const observed: Observed = {
      ...there,
      containers: there.containers
        .filter(({ service }) => service === 'db')
        .map((container) => ({ ...container, state: { status: 'running', health: 'starting' } })),
    };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        create:web-1       create container shop-web-1      does not exist
        wait:db-1:healthy  wait until shop-db-1 is healthy  web depends on it
        start:web-1        start container shop-web-1       new                after create:web-1, wait:db-1:healthy
      "
    `);
  });

  test('required: false goes on without what fails', () => {
    const optional = dependency('service_healthy', { required: false });
    const shop = project({ services: { db: {}, web: { dependsOn: { db: optional } } } });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 6 steps
        network:default             create network shop_default                        does not exist
        create:db-1                 create container shop-db-1                         does not exist     after network:default
        create:web-1                create container shop-web-1                        does not exist     after network:default
        start:db-1                  start container shop-db-1                          new                after create:db-1
        wait:db-1:healthy:optional  wait until shop-db-1 is healthy, or go on without  web depends on it  after start:db-1
        start:web-1                 start container shop-web-1                         new                after create:web-1, wait:db-1:healthy:optional
      "
    `);
  });

  test('required: false goes on without what is not enabled', () => {
    const optional = dependency('service_healthy', { required: false });
    const shop = project({
      services: { web: { dependsOn: { db: optional } } },
      disabledServices: { db: {} },
    });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        network:default  create network shop_default  does not exist
        create:web-1     create container shop-web-1  does not exist  after network:default
        start:web-1      start container shop-web-1   new             after create:web-1
      "
    `);
  });

  test('a dependency scaled to nothing is not waited for', () => {
    const shop = project({ services: { db: { scale: 0 }, web: { dependsOn: { db: healthy } } } });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        network:default  create network shop_default  does not exist
        create:web-1     create container shop-web-1  does not exist  after network:default
        start:web-1      start container shop-web-1   new             after create:web-1
      "
    `);
  });

  test('restart: true stops the dependent before its dependency is replaced and starts it afterwards', () => {
    const restart = dependency('service_healthy', { restart: true });
    const web = { dependsOn: { db: restart } };
    const before = project({ services: { db: {}, web } });
    const now = project({ services: { db: { tty: true }, web } });
    expect(planText({ project: now, observed: broughtUp(before), command: up() })).toMatchInlineSnapshot(`
      "
      shop: 6 steps
        stop:web-1         stop container shop-web-1        db is replaced
        stop:db-1          stop container shop-db-1         tty changed        after stop:web-1
        create:db-1        recreate container shop-db-1     tty changed        after stop:db-1
            tty: none → true
        start:db-1         start container shop-db-1        replaced           after create:db-1
        wait:db-1:healthy  wait until shop-db-1 is healthy  web depends on it  after start:db-1
        start:web-1        start container shop-web-1       db is replaced     after stop:web-1, wait:db-1:healthy
      "
    `);
  });

  test('restart: true takes dependents along that were not asked for, and those of theirs', () => {
    const restart = dependency('service_started', { restart: true });
    const services = { db: {}, api: { dependsOn: { db: restart } }, web: { dependsOn: { api: restart } } };
    const shop = project({ services });
    const command = up({ services: ['db'], recreate: 'force' });
    expect(planText({ project: shop, observed: broughtUp(shop), command })).toMatchInlineSnapshot(`
      "
      shop: 7 steps
        stop:web-1   stop container shop-web-1     api is restarted
        stop:api-1   stop container shop-api-1     db is replaced    after stop:web-1
        stop:db-1    stop container shop-db-1      forced            after stop:api-1
        create:db-1  recreate container shop-db-1  forced            after stop:db-1
        start:db-1   start container shop-db-1     replaced          after create:db-1
        start:api-1  start container shop-api-1    db is replaced    after stop:api-1, start:db-1
        start:web-1  start container shop-web-1    api is restarted  after stop:web-1, start:api-1
      "
    `);
  });

  test('restart: true of a service that is gone from the file no longer counts', () => {
    const dependsOn = { db: dependency('service_healthy', { restart: true }) };
    const observed = broughtUp(project({ services: { db: {}, old: { dependsOn } } }));
    const changed = project({ services: { db: { tty: true } } });
    expect(
      planText({ project: changed, observed, command: up({ ignoreOrphans: true }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:db-1    stop container shop-db-1      tty changed
        create:db-1  recreate container shop-db-1  tty changed  after stop:db-1
            tty: none → true
        start:db-1   start container shop-db-1     replaced     after create:db-1
      "
    `);
  });

  test('without restart: true the dependent goes on when its dependency is replaced', () => {
    const web = { dependsOn: { db: dependency() } };
    const before = project({ services: { db: {}, web } });
    const now = project({ services: { db: { tty: true }, web } });
    expect(planText({ project: now, observed: broughtUp(before), command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:db-1    stop container shop-db-1      tty changed
        create:db-1  recreate container shop-db-1  tty changed  after stop:db-1
            tty: none → true
        start:db-1   start container shop-db-1     replaced     after create:db-1
      "
    `);
  });

  test('a container that shares the namespace of one that ended is restarted with it', () => {
    const shop = project({
      services: {
        vpn: {},
        web: {
          networkMode: { kind: 'service', service: 'vpn' },
          dependsOn: { vpn: dependency('service_started', { restart: true }) },
        },
      },
    });
    const there = broughtUp(shop);
    const observed: Observed = {
      ...there,
      containers: there.containers.map((container) =>
        container.service === 'vpn' ? { ...container, state: { status: 'exited', exitCode: 1 } } : container,
      ),
    };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1   stop container shop-web-1   vpn is started
        start:vpn-1  start container shop-vpn-1  exited (1)
        start:web-1  start container shop-web-1  vpn is started  after stop:web-1, start:vpn-1
      "
    `);
  });

  test('network_mode: container:x is a dependency when the project itself names a container x', () => {
    const shop = project({
      services: {
        api: { networkMode: { kind: 'container', container: 'tunnel' } },
        vpn: { containerName: 'tunnel' },
      },
    });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 5 steps
        network:default  create network shop_default  does not exist
        create:vpn-1     create container tunnel      does not exist  after network:default
        create:api-1     create container shop-api-1  does not exist  after create:vpn-1
        start:vpn-1      start container tunnel       new             after create:vpn-1
        start:api-1      start container shop-api-1   new             after create:api-1, start:vpn-1
      "
    `);
    expect(planText({ project: shop, observed: broughtUp(shop), command: up() })).toContain('nothing to do');
  });

  test('network_mode: container:x is one as well when x is the name that a replica of the project will get', () => {
    const shop = project({
      services: { api: { networkMode: { kind: 'container', container: 'shop-vpn-1' } }, vpn: {} },
    });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 5 steps
        network:default  create network shop_default  does not exist
        create:vpn-1     create container shop-vpn-1  does not exist  after network:default
        create:api-1     create container shop-api-1  does not exist  after create:vpn-1
        start:vpn-1      start container shop-vpn-1   new             after create:vpn-1
        start:api-1      start container shop-api-1   new             after create:api-1, start:vpn-1
      "
    `);
  });
});
