import { describe, expect, test } from 'vitest';
import type { Mount, Project } from '../../../src/compose/model/project.ts';
import type { RunCommand } from '../../../src/compose/plan/command.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import type { Observed } from '../../../src/compose/plan/observed.ts';
import { carryOut } from './machine.ts';
import { attached, completed, empty, planText, project, run, up } from './model.ts';

const data: Mount = { type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: false };

function broughtUp(project: Project, before: Observed = empty): Observed {
  return carryOut(plan({ project, projectName: 'shop', observed: before, command: up() }), before);
}

describe('up on an empty machine', () => {
  test('makes images, networks and volumes, then containers, then starts them', () => {
    const shop = project({
      services: {
        db: { image: 'postgres:17', mounts: [data], networks: { back: attached() } },
        web: { build: { context: '.' }, scale: 2, networks: { back: attached(), default: attached() } },
      },
      networks: { back: {} },
      volumes: { data: {} },
    });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 11 steps
        image:postgres:17  pull image postgres:17       not stored yet
        image:shop-web     build image shop-web         not built yet
        network:back       create network shop_back     does not exist
        network:default    create network shop_default  does not exist
        volume:data        create volume shop_data      does not exist
        create:db-1        create container shop-db-1   does not exist  after image:postgres:17, network:back, volume:data
        create:web-1       create container shop-web-1  does not exist  after image:shop-web, network:back, network:default
        create:web-2       create container shop-web-2  does not exist  after image:shop-web, network:back, network:default
        start:db-1         start container shop-db-1    new             after create:db-1
        start:web-1        start container shop-web-1   new             after create:web-1
        start:web-2        start container shop-web-2   new             after create:web-2
      "
    `);
  });

  test('creates all that share a volume before any of them starts, in dependency order', () => {
    const shop = project({
      services: {
        app: { mounts: [data], scale: 2, dependsOn: { init: completed } },
        init: { mounts: [data] },
        reader: { mounts: [{ ...data, nocopy: true }] },
        web: {},
      },
      volumes: { data: {} },
    });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 13 steps
        network:default        create network shop_default           does not exist
        volume:data            create volume shop_data               does not exist
        create:init-1          create container shop-init-1          does not exist     after network:default, volume:data
        create:app-1           create container shop-app-1           does not exist     after network:default, volume:data, create:init-1
        create:app-2           create container shop-app-2           does not exist     after network:default, volume:data, create:init-1
        create:reader-1        create container shop-reader-1        does not exist     after network:default, volume:data
        create:web-1           create container shop-web-1           does not exist     after network:default
        start:init-1           start container shop-init-1           new                after create:init-1, create:app-1, create:app-2
        wait:init-1:completed  wait until shop-init-1 has completed  app depends on it  after start:init-1
        start:app-1            start container shop-app-1            new                after create:app-1, create:init-1, create:app-2, wait:init-1:completed
        start:app-2            start container shop-app-2            new                after create:app-2, create:init-1, create:app-1, wait:init-1:completed
        start:reader-1         start container shop-reader-1         new                after create:reader-1, create:init-1, create:app-1, create:app-2
        start:web-1            start container shop-web-1            new                after create:web-1
      "
    `);
  });

  test('warns of what control groups of version 2 cannot do', () => {
    const shop = project({ services: { db: { resources: { oomKillDisable: true } }, web: {} } });
    const warnings = (cgroupVersion: 1 | 2): readonly string[] =>
      plan({ project: shop, projectName: 'shop', observed: { ...empty, cgroupVersion }, command: up() })
        .warnings;
    expect(warnings(1)).toEqual([]);
    expect(warnings(2)).toEqual([
      'service "db": oom_kill_disable is left out, because this host\'s control groups (version 2) have no such switch',
    ]);
  });

  test('makes no network and no volume that no enabled service uses', () => {
    const shop = project({
      services: { web: {} },
      disabledServices: { debug: { networks: { back: attached() }, mounts: [data] } },
      networks: { back: {}, spare: {} },
      volumes: { data: {}, spare: {} },
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

  test('leaves containers unstarted with --no-start', () => {
    const shop = project({ services: { web: {} } });
    expect(
      planText({ project: shop, observed: empty, command: up({ start: false }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        network:default  create network shop_default  does not exist
        create:web-1     create container shop-web-1  does not exist  after network:default
      "
    `);
  });

  test('waits for everything with --wait', () => {
    const shop = project({ services: { db: {}, web: {} } });
    expect(planText({ project: shop, observed: empty, command: up({ wait: true }) })).toMatchInlineSnapshot(`
      "
      shop: 7 steps
        network:default  create network shop_default                does not exist
        create:db-1      create container shop-db-1                 does not exist  after network:default
        create:web-1     create container shop-web-1                does not exist  after network:default
        start:db-1       start container shop-db-1                  new             after create:db-1
        start:web-1      start container shop-web-1                 new             after create:web-1
        ready:db-1       wait until shop-db-1 runs and is healthy   --wait          after start:db-1
        ready:web-1      wait until shop-web-1 runs and is healthy  --wait          after start:web-1
      "
    `);
  });

  test('uses a container_name as the name', () => {
    const shop = project({ services: { web: { containerName: 'edge' } } });
    expect(planText({ project: shop, observed: empty, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        network:default  create network shop_default  does not exist
        create:web-1     create container edge        does not exist  after network:default
        start:web-1      start container edge         new             after create:web-1
      "
    `);
  });
});

describe('up on what is there', () => {
  const shop = project({ services: { web: { scale: 2 } } });

  test('has nothing to do when nothing changed and everything runs', () => {
    expect(planText({ project: shop, observed: broughtUp(shop), command: up() })).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      "
    `);
  });

  test('names what runs and is left alone, dependencies included', () => {
    const shop = project({
      services: {
        web: { dependsOn: { db: { condition: 'service_started', required: true, restart: false } } },
        db: {},
      },
    });
    const planned = plan({ project: shop, projectName: 'shop', observed: broughtUp(shop), command: up() });
    expect(planned).toEqual({
      project: 'shop',
      nodes: [],
      warnings: [],
      running: ['shop-db-1', 'shop-web-1'],
    });
    expect(plan({ project: shop, projectName: 'shop', observed: empty, command: up() }).running).toEqual([]);
  });

  test('starts what has ended, wakes what is paused, and leaves alone what its restart policy restarts', () => {
    const three = project({ services: { web: { scale: 4 } } });
    const there = broughtUp(three);
    const states = [
      { status: 'exited', exitCode: 3 },
      { status: 'paused' },
      { status: 'restarting' },
      { status: 'created' },
    ] as const;
    const observed = {
      ...there,
      containers: there.containers.map((container, index) => ({ ...container, state: states[index]! })),
    };
    expect(planText({ project: three, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        start:web-1    start container shop-web-1    exited (3)
        unpause:web-2  unpause container shop-web-2  paused
        start:web-4    start container shop-web-4    not started yet
      "
    `);
  });

  test('adds replicas above the highest number', () => {
    expect(
      planText({ project: shop, observed: broughtUp(shop), command: up({ scale: { web: 4 } }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 4 steps
        create:web-3  create container shop-web-3  scaled to 4
        create:web-4  create container shop-web-4  scaled to 4
        start:web-3   start container shop-web-3   new          after create:web-3
        start:web-4   start container shop-web-4   new          after create:web-4
      "
    `);
  });

  test('removes the highest numbers when scaled down', () => {
    expect(
      planText({ project: shop, observed: broughtUp(shop), command: up({ scale: { web: 1 } }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        stop:web-2    stop container shop-web-2    scaled to 1
        remove:web-2  remove container shop-web-2  scaled to 1  after stop:web-2
      "
    `);
  });

  test('removes replicas that are out of date before others when scaled down', () => {
    const there = broughtUp(shop);
    const observed = {
      ...there,
      containers: there.containers.map((container) =>
        container.number === 1 ? { ...container, imageId: 'sha256:older' } : container,
      ),
    };
    expect(planText({ project: shop, observed, command: up({ scale: { web: 1 } }) })).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        stop:web-1    stop container shop-web-1    scaled to 1
        remove:web-1  remove container shop-web-1  scaled to 1  after stop:web-1
      "
    `);
  });

  test('is about the named services and what they depend on', () => {
    const three = project({
      services: {
        db: {},
        web: { dependsOn: { db: { condition: 'service_started', required: true, restart: false } } },
        other: {},
      },
    });
    expect(
      planText({ project: three, observed: empty, command: up({ services: ['web'] }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 5 steps
        network:default  create network shop_default  does not exist
        create:db-1      create container shop-db-1   does not exist  after network:default
        create:web-1     create container shop-web-1  does not exist  after network:default
        start:db-1       start container shop-db-1    new             after create:db-1
        start:web-1      start container shop-web-1   new             after create:web-1, start:db-1
      "
    `);
    expect(
      planText({ project: three, observed: empty, command: up({ services: ['web'], noDeps: true }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        network:default  create network shop_default  does not exist
        create:web-1     create container shop-web-1  does not exist  after network:default
        start:web-1      start container shop-web-1   new             after create:web-1
      "
    `);
  });

  test('takes a named service whatever its profiles', () => {
    const held = project({ services: { web: {} }, disabledServices: { debug: { profiles: ['debug'] } } });
    expect(
      planText({ project: held, observed: broughtUp(held), command: up({ services: ['debug'] }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        create:debug-1  create container shop-debug-1  does not exist
        start:debug-1   start container shop-debug-1   new             after create:debug-1
      "
    `);
  });
});

describe('orphans', () => {
  const before = project({ services: { old: {}, web: {} } });
  const now = project({ services: { web: {} } });

  test('get a warning', () => {
    expect(planText({ project: now, observed: broughtUp(before), command: up() })).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      warning: Found orphan containers ([shop-old-1]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.
      "
    `);
  });

  test('are warned of by run as well, unless they are to be ignored', () => {
    const input = { project: now, projectName: 'shop', observed: broughtUp(before) };
    const warnings = (rest: Partial<RunCommand>) =>
      plan({ ...input, command: run('web', {}, rest) }).warnings.length;
    expect([warnings({}), warnings({ ignoreOrphans: true })]).toEqual([1, 0]);
  });

  test('get none when they are to be ignored', () => {
    expect(
      planText({ project: now, observed: broughtUp(before), command: up({ ignoreOrphans: true }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      "
    `);
  });

  test('are removed with --remove-orphans, before something takes their ports', () => {
    const renamed = project({
      services: {
        web: {},
        new: { ports: [{ target: 80, published: { start: 80, end: 80 }, protocol: 'tcp', mode: 'ingress' }] },
      },
    });
    expect(
      planText({ project: renamed, observed: broughtUp(before), command: up({ removeOrphans: true }) }),
    ).toMatchInlineSnapshot(`
      "
      shop: 4 steps
        stop:old-1    stop container shop-old-1    orphan
        remove:old-1  remove container shop-old-1  orphan          after stop:old-1
        create:new-1  create container shop-new-1  does not exist  after remove:old-1
        start:new-1   start container shop-new-1   new             after create:new-1
      "
    `);
  });

  test('are not services that their profiles hold back', () => {
    const held = project({ services: { web: {} }, disabledServices: { old: {} } });
    expect(planText({ project: held, observed: broughtUp(before), command: up() })).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      "
    `);
  });
});
