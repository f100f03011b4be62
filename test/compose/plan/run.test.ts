import { expect, test } from 'vitest';
import type { Command } from '../../../src/compose/plan/command.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import type { ContainerSpec } from '../../../src/compose/plan/plan.ts';
import { carryOut } from './machine.ts';
import { attached, empty, healthy, planText, project, run, up } from './model.ts';

const shop = project({
  services: {
    db: {
      image: 'postgres',
      mounts: [{ type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: false }],
    },
    web: {
      dependsOn: { db: healthy },
      command: ['serve'],
      containerName: 'edge',
      environment: { A: '1', B: '2' },
      labels: { team: 'x' },
      restart: { kind: 'always' },
      networks: { default: attached({ aliases: ['www'] }) },
      ports: [{ target: 80, published: { start: 80, end: 80 }, protocol: 'tcp', mode: 'ingress' }],
      mounts: [{ type: 'tmpfs', target: '/cache', readOnly: false }],
    },
    other: {},
  },
  disabledServices: { debug: { profiles: ['debug'] } },
  volumes: { data: {} },
});

/** The one-off's own container, as the plan wants it. */
function oneOff(command: Command): ContainerSpec {
  const { nodes } = plan({ project: shop, projectName: 'shop', observed: empty, command });
  const action = nodes.at(-1)!.action;
  if (action.kind !== 'CreateContainer') throw new Error('the last node creates no container');
  return action.container;
}

test('run gets the dependencies up and then makes the one-off, which the client starts', () => {
  expect(planText({ project: shop, observed: empty, command: run('web') })).toMatchInlineSnapshot(`
    "
    shop: 7 steps
      image:postgres               pull image postgres                         not stored yet
      network:default              create network shop_default                 does not exist
      volume:data                  create volume shop_data                     does not exist
      create:db-1                  create container shop-db-1                  does not exist     after image:postgres, network:default, volume:data
      start:db-1                   start container shop-db-1                   new                after create:db-1
      wait:db-1:healthy            wait until shop-db-1 is healthy             web depends on it  after start:db-1
      create:web-run-0123456789ab  create container shop-web-run-0123456789ab  one-off            after network:default, wait:db-1:healthy
    "
  `);
});

test('run only makes the one-off when its dependencies are as it wants them, or with --no-deps', () => {
  const there = carryOut(plan({ project: shop, projectName: 'shop', observed: empty, command: up() }), empty);
  expect(planText({ project: shop, observed: there, command: run('web') })).toMatchInlineSnapshot(`
    "
    shop: 1 step
      create:web-run-0123456789ab  create container shop-web-run-0123456789ab  one-off
    "
  `);
  expect(
    planText({ project: shop, observed: empty, command: run('web', {}, { noDeps: true }) }),
  ).toMatchInlineSnapshot(`
    "
    shop: 2 steps
      network:default              create network shop_default                 does not exist
      create:web-run-0123456789ab  create container shop-web-run-0123456789ab  one-off         after network:default
    "
  `);
});

test('run takes a service whatever its profiles', () => {
  expect(planText({ project: shop, observed: empty, command: run('debug') })).toMatchInlineSnapshot(`
    "
    shop: 2 steps
      network:default                create network shop_default                   does not exist
      create:debug-run-0123456789ab  create container shop-debug-run-0123456789ab  one-off         after network:default
    "
  `);
});

test('run makes a volume that only its own option names', () => {
  const mounts = [{ type: 'volume', source: 'mine', target: '/m', readOnly: false, nocopy: false }] as const;
  expect(
    planText({ project: shop, observed: empty, command: run('other', { mounts }) }),
  ).toMatchInlineSnapshot(`
    "
    shop: 3 steps
      network:default                create network shop_default                   does not exist
      volume:mine                    create volume mine                            does not exist
      create:other-run-0123456789ab  create container shop-other-run-0123456789ab  one-off         after network:default, volume:mine
    "
  `);
});

test('a one-off is like its service without ports, aliases, container_name and restart policy', () => {
  const container = oneOff(run('web'));
  expect(container).toMatchObject({
    name: 'shop-web-run-0123456789ab',
    number: 0,
    oneOff: true,
    command: ['serve'],
    environment: { A: '1', B: '2' },
    ports: [],
    restart: { kind: 'no' },
    networks: [{ network: 'shop_default', aliases: ['shop-web-run-0123456789ab'], gatewayPriority: 0 }],
    tty: true,
    stdinOpen: true,
    autoRemove: false,
  });
  expect(container.labels).toMatchObject({
    team: 'x',
    'com.docker.compose.oneoff': 'True',
    'com.docker.compose.slug': '0123456789ab',
    'com.docker.compose.service': 'web',
  });
  expect(container.labels).not.toHaveProperty('com.docker.compose.container-number');
});

test('options of run stand above the service', () => {
  const published = {
    target: 90,
    published: { start: 9090, end: 9090 },
    protocol: 'tcp',
    mode: 'ingress',
  } as const;
  const cache = {
    type: 'bind',
    source: '/tmp/c',
    target: '/cache',
    readOnly: true,
    createHostPath: true,
  } as const;
  expect(
    oneOff(
      run('web', {
        name: 'task',
        entrypoint: ['sh', '-c'],
        environment: { B: '3', C: null },
        labels: { team: 'y' },
        user: '1000',
        workingDir: '/w',
        mounts: [cache],
        ports: [published],
        servicePorts: true,
        useAliases: true,
        tty: false,
        stdinOpen: false,
        autoRemove: true,
        capAdd: ['NET_ADMIN'],
      }),
    ),
  ).toMatchObject({
    name: 'task',
    entrypoint: ['sh', '-c'],
    command: [],
    environment: { A: '1', B: '3', C: null },
    labels: { team: 'y' },
    user: '1000',
    workingDir: '/w',
    mounts: [cache],
    ports: [{ target: 80 }, published],
    networks: [{ aliases: ['web', 'task', 'www'] }],
    tty: false,
    stdinOpen: false,
    autoRemove: true,
    capAdd: ['NET_ADMIN'],
  });
});
