import { describe, expect, test } from 'vitest';
import type { Mount, Project } from '../../../src/compose/model/project.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import type { Observed } from '../../../src/compose/plan/observed.ts';
import { carryOut } from './machine.ts';
import { attached, dependency, empty, type ProjectSketch, planText, project, up } from './model.ts';

function broughtUp(project: Project): Observed {
  return carryOut(plan({ project, projectName: 'shop', observed: empty, command: up() }), empty);
}

/** The plan that leads from one project to another. */
function change(from: ProjectSketch, to: ProjectSketch, command = up()): string {
  return planText({ project: project(to), observed: broughtUp(project(from)), command });
}

const data: Mount = { type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: false };

describe('a container is replaced', () => {
  test('when an attribute changed, and the reason names it', () => {
    expect(
      change(
        { services: { web: { environment: { A: '1' } } } },
        { services: { web: { environment: { A: '2' }, command: ['serve'] } } },
      ),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      command, environment changed
        create:web-1  recreate container shop-web-1  command, environment changed  after stop:web-1
            command: none → ["serve"]
            environment.A: 1 → 2
        start:web-1   start container shop-web-1     replaced                      after create:web-1
      "
    `);
  });

  test('when its image reference leads to another image', () => {
    const shop = project({ services: { web: {} } });
    const observed = { ...broughtUp(shop), images: { app: 'sha256:newer' } };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      the image is another one
        create:web-1  recreate container shop-web-1  the image is another one  after stop:web-1
        start:web-1   start container shop-web-1     replaced                  after create:web-1
      "
    `);
  });

  test('when that is forced', () => {
    const shop = { services: { web: {} } };
    expect(change(shop, shop, up({ recreate: 'force' }))).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      forced
        create:web-1  recreate container shop-web-1  forced    after stop:web-1
        start:web-1   start container shop-web-1     replaced  after create:web-1
      "
    `);
  });

  test('when it is not on a network it should be on', () => {
    const shop = project({
      services: { web: { networks: { back: attached(), default: attached() } } },
      networks: { back: {} },
    });
    const there = broughtUp(shop);
    const observed = {
      ...there,
      containers: there.containers.map((container) => ({ ...container, networks: ['shop_default'] })),
    };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      not attached to network back
        create:web-1  recreate container shop-web-1  not attached to network back  after stop:web-1
        start:web-1   start container shop-web-1     replaced                      after create:web-1
      "
    `);
  });

  test('when a network of its was renamed', () => {
    const services = { web: { networks: { back: attached() } } };
    expect(
      change({ services, networks: { back: {} } }, { services, networks: { back: { name: 'spine' } } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 5 steps
        stop:web-1           stop container shop-web-1      network back was renamed
        remove-network:back  remove network shop_back       renamed                   after stop:web-1
        network:back         create network spine           renamed                   after remove-network:back
        create:web-1         recreate container shop-web-1  network back was renamed  after network:back, stop:web-1
        start:web-1          start container shop-web-1     replaced                  after create:web-1
      "
    `);
  });

  test('when the settings of a network changed, which is then made again', () => {
    const services = { db: {}, web: { networks: { back: attached() } } };
    expect(
      change({ services, networks: { back: {} } }, { services, networks: { back: { internal: true } } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 5 steps
        stop:web-1           stop container shop-web-1      network back changed
        remove-network:back  remove network shop_back       its settings changed  after stop:web-1
        network:back         create network shop_back       its settings changed  after remove-network:back
        create:web-1         recreate container shop-web-1  network back changed  after network:back, stop:web-1
        start:web-1          start container shop-web-1     replaced              after create:web-1
      "
    `);
  });

  test('when a network of its was renamed, beside whose former self it is made while others are on that', () => {
    const renamed = project({
      services: { web: { networks: { back: attached() } } },
      networks: { back: { name: 'spine' } },
    });
    const there = broughtUp(
      project({ services: { web: { networks: { back: attached() } } }, networks: { back: {} } }),
    );
    const observed = {
      ...there,
      networks: there.networks.map((network) => ({
        ...network,
        containers: [...network.containers, 'guest-1'],
      })),
    };
    expect(planText({ project: renamed, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 4 steps
        network:back  create network spine           does not exist
        stop:web-1    stop container shop-web-1      network back is new  after network:back
        create:web-1  recreate container shop-web-1  network back is new  after network:back, stop:web-1
        start:web-1   start container shop-web-1     replaced             after create:web-1
      "
    `);
  });

  test('when a volume of its was renamed', () => {
    const services = { web: { mounts: [data] } };
    expect(
      change({ services, volumes: { data: {} } }, { services, volumes: { data: { name: 'depot' } } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 4 steps
        volume:data   create volume depot            does not exist
        stop:web-1    stop container shop-web-1      volume data is new  after volume:data
        create:web-1  recreate container shop-web-1  volume data is new  after volume:data, stop:web-1
        start:web-1   start container shop-web-1     replaced            after create:web-1
      "
    `);
  });

  test('when the inline content of a config changed', () => {
    const services = { web: { configs: [{ source: 'motd', target: '/motd' }] } };
    const config = (content: string) => ({ motd: { kind: 'content', name: 'shop_motd', content } as const });
    expect(
      change({ services, configs: config('a') }, { services, configs: config('b') }),
    ).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      content of configs changed
        create:web-1  recreate container shop-web-1  content of configs changed  after stop:web-1
        start:web-1   start container shop-web-1     replaced                    after create:web-1
      "
    `);
  });

  test('when a file that a secret is taken from has another content', () => {
    const shop = project({
      services: { db: {}, web: { secrets: [{ source: 'key', target: '/run/secrets/key' }] } },
      secrets: { key: { kind: 'file', name: 'shop_key', file: '/srv/key' } },
    });
    const machine = (digest: string): Observed => ({ ...empty, fileDigests: { '/srv/key': digest } });
    const made = carryOut(
      plan({ project: shop, projectName: 'shop', observed: machine('a'), command: up() }),
      machine('a'),
    );
    expect(planText({ project: shop, observed: made, command: up() })).toBe('\nshop: nothing to do\n');
    const observed = { ...made, ...machine('b'), containers: made.containers, networks: made.networks };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      content of secrets changed
        create:web-1  recreate container shop-web-1  content of secrets changed  after stop:web-1
        start:web-1   start container shop-web-1     replaced                    after create:web-1
      "
    `);
  });

  test('together with the container whose namespace it shares', () => {
    const web = {
      networkMode: { kind: 'service', service: 'vpn' },
      dependsOn: { vpn: dependency('service_started', { restart: true }) },
    } as const;
    expect(
      change({ services: { vpn: {}, web } }, { services: { vpn: { tty: true }, web } }),
    ).toMatchInlineSnapshot(`
      "
      shop: 6 steps
        stop:web-1    stop container shop-web-1      it shares a namespace with vpn, which is new
        stop:vpn-1    stop container shop-vpn-1      tty changed                                   after stop:web-1
        create:vpn-1  recreate container shop-vpn-1  tty changed                                   after stop:vpn-1
            tty: none → true
        create:web-1  recreate container shop-web-1  it shares a namespace with vpn, which is new  after create:vpn-1, stop:web-1
        start:vpn-1   start container shop-vpn-1     replaced                                      after create:vpn-1
        start:web-1   start container shop-web-1     replaced                                      after create:web-1, start:vpn-1
      "
    `);
  });

  test('and its anonymous volumes move over, unless new ones are asked for', () => {
    const shop = project({ services: { web: {} } });
    const replaces = (renewAnonymousVolumes: boolean) =>
      plan({
        project: shop,
        projectName: 'shop',
        observed: broughtUp(shop),
        command: up({ recreate: 'force', renewAnonymousVolumes }),
      }).nodes.flatMap(({ action }) => (action.kind === 'CreateContainer' ? [action.replaces] : []));
    expect(replaces(false)).toEqual([{ id: 'shop-web-1@1', name: 'shop-web-1', keepAnonymousVolumes: true }]);
    expect(replaces(true)).toEqual([{ id: 'shop-web-1@1', name: 'shop-web-1', keepAnonymousVolumes: false }]);
  });
});

describe('a container is left alone', () => {
  test('when only attributes changed that need no new container', () => {
    expect(
      change(
        { services: { db: {}, web: { pullPolicy: 'missing', profiles: [] } } },
        {
          services: {
            db: {},
            web: { pullPolicy: 'never', profiles: ['x'], dependsOn: { db: dependency() } },
          },
        },
      ),
    ).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      "
    `);
  });

  test('with --no-recreate, whatever changed', () => {
    expect(
      change({ services: { web: {} } }, { services: { web: { tty: true } } }, up({ recreate: 'never' })),
    ).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      "
    `);
  });

  test('when force is meant for the named service and it is only a dependency', () => {
    const shop = { services: { db: {}, web: { dependsOn: { db: dependency() } } } };
    const named = { services: ['web'], recreate: 'force' } as const;
    expect(change(shop, shop, up(named))).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        stop:web-1    stop container shop-web-1      forced
        create:web-1  recreate container shop-web-1  forced    after stop:web-1
        start:web-1   start container shop-web-1     replaced  after create:web-1
      "
    `);
    expect(change(shop, shop, up({ ...named, recreateDependencies: true }))).toMatchInlineSnapshot(`
      "
      shop: 6 steps
        stop:web-1    stop container shop-web-1      forced
        stop:db-1     stop container shop-db-1       forced    after stop:web-1
        create:db-1   recreate container shop-db-1   forced    after stop:db-1
        create:web-1  recreate container shop-web-1  forced    after stop:web-1
        start:db-1    start container shop-db-1      replaced  after create:db-1
        start:web-1   start container shop-web-1     replaced  after create:web-1, start:db-1
      "
    `);
  });
});

describe('a volume whose options changed', () => {
  const services = { db: {}, web: { mounts: [data], scale: 2 } };
  const before = { services, volumes: { data: {} } };
  const after = { services, volumes: { data: { driverOptions: { type: 'tmpfs' } } } };

  test('keeps its data', () => {
    expect(change(before, after)).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      warning: volume "shop_data" was created with other options than the file now has; it is used as it is, because making it anew would lose its data
      "
    `);
  });

  test('is asked about where somebody can answer, and left alone until then', () => {
    const asked = plan({
      project: project(after),
      projectName: 'shop',
      observed: broughtUp(project(before)),
      command: up({ divergedVolumes: {} }),
    });
    expect({ nodes: asked.nodes, warnings: asked.warnings, questions: asked.questions }).toEqual({
      nodes: [],
      warnings: [],
      questions: [
        {
          volume: 'shop_data',
          text: 'Volume "shop_data" exists but doesn\'t match configuration in compose file. Recreate (data will be lost)?',
        },
      ],
    });
  });

  test('is made again when that is agreed to, with all that mount it', () => {
    const agreed = change(before, after, up({ divergedVolumes: { shop_data: true } }));
    expect(agreed).toMatchInlineSnapshot(`
      "
      shop: 8 steps
        stop:web-1          stop container shop-web-1      volume data changed
        stop:web-2          stop container shop-web-2      volume data changed
        remove-volume:data  remove volume shop_data        its options changed  after stop:web-1, stop:web-2
        volume:data         create volume shop_data        its options changed  after remove-volume:data
        create:web-1        recreate container shop-web-1  volume data changed  after volume:data, stop:web-1
        create:web-2        recreate container shop-web-2  volume data changed  after volume:data, stop:web-2
        start:web-1         start container shop-web-1     replaced             after create:web-1, create:web-2
        start:web-2         start container shop-web-2     replaced             after create:web-2, create:web-1
      "
    `);
    expect(change(before, after, up({ divergedVolumes: 'remake' }))).toBe(agreed);
  });

  test('keeps its data when the answer is no', () => {
    expect(change(before, after, up({ divergedVolumes: { shop_data: false } }))).toBe(change(before, after));
  });

  test('keeps its data, unasked, while a container mounts it that is not to be replaced', () => {
    const there = broughtUp(project(before));
    const guest = (containers: readonly string[]) => [...containers, 'guest-1'];
    const observed = {
      ...there,
      volumes: there.volumes.map((volume) => ({ ...volume, containers: guest(volume.containers) })),
    };
    const command = up({ divergedVolumes: {} });
    expect(planText({ project: project(after), observed, command })).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      warning: volume "shop_data" was created with other options than the file now has; it is used as it is, because it is mounted by guest-1
      "
    `);
    const never = up({ divergedVolumes: 'remake', recreate: 'never' });
    expect(change(before, after, never)).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      warning: volume "shop_data" was created with other options than the file now has; it is used as it is, because it is mounted by shop-web-1, shop-web-2
      "
    `);
  });
});

describe('what is kept and warned of', () => {
  test('networks and volumes of the right name that something else made are used', () => {
    const shop = project({ services: { web: { mounts: [data] } }, volumes: { data: {} } });
    const observed = {
      ...empty,
      networks: [{ name: 'shop_default', labels: {}, containers: [] }],
      volumes: [{ name: 'shop_data', labels: {}, containers: [] }],
    };
    expect(planText({ project: shop, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: 2 steps
        create:web-1  create container shop-web-1  does not exist
        start:web-1   start container shop-web-1   new             after create:web-1
      warning: a network with name shop_default exists but was not created for project "shop"; write \`external: true\` to use an existing network
      warning: volume "shop_data" already exists but was not created for project "shop"; write \`external: true\` to use an existing volume
      "
    `);
  });

  test('a network whose settings changed stays while a container of another project is on it', () => {
    const shop = { services: { web: {} } };
    const there = broughtUp(project(shop));
    const observed = {
      ...there,
      networks: there.networks.map((network) => ({
        ...network,
        containers: [...network.containers, 'guest-1'],
      })),
    };
    const changed = project({ ...shop, networks: { default: { internal: true } } });
    expect(planText({ project: changed, observed, command: up() })).toMatchInlineSnapshot(`
      "
      shop: nothing to do
      warning: network shop_default has other settings than the file now has; it is used as it is, because guest-1 is attached to it
      "
    `);
  });
});
