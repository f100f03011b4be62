import { describe, expect, it } from 'vitest';
import { container, now, run, shop } from './world.ts';

process.env.TZ = 'UTC';

const image = {
  id: `sha256:${'f'.repeat(64)}`,
  references: ['nginx:1.27', 'localhost:5000/team/web:v1'],
  createdAt: now - 20 * 86_400_000,
  sizeBytes: 187_654_321,
  os: 'linux',
  architecture: 'arm64',
  variant: 'v8',
};
const dangling = { ...image, id: `sha256:${'e'.repeat(64)}`, references: [], sizeBytes: 1_500 };

describe('images', () => {
  it('of the project are listed by container', async () => {
    const client = {
      images: async () => [image],
      containers: async () => [
        container(),
        container({ service: 'db', image: 'postgres:17', imageId: 'sha256:gone' }),
      ],
    };
    expect((await run('images', { files: shop, client })).out).toBe(
      `CONTAINER           REPOSITORY          TAG                 PLATFORM            IMAGE ID            SIZE                CREATED
shop-db-1           postgres            17                                      gone                0B                  N/A
shop-web-1          nginx               1.27                linux/arm64/v8      ffffffffffff        188MB               2 weeks ago
`,
    );
    expect((await run('images -q', { files: shop, client })).out).toBe(`gone\n${'f'.repeat(64)}\n`);
    expect(JSON.parse((await run('images --format json', { files: shop, client })).out)[1]).toEqual({
      ID: image.id,
      ContainerName: 'shop-web-1',
      Repository: 'nginx',
      Tag: '1.27',
      Platform: 'linux/arm64/v8',
      Size: 187_654_321,
      Created: '2024-04-11T10:00:00.000Z',
    });
  });

  it('of the machine are listed once for each name', async () => {
    const client = { images: async () => [image, dangling] };
    expect((await run('image ls', { client })).out).toBe(
      `REPOSITORY                TAG       IMAGE ID       CREATED       SIZE
nginx                     1.27      ffffffffffff   2 weeks ago   188MB
localhost:5000/team/web   v1        ffffffffffff   2 weeks ago   188MB
<none>                    <none>    eeeeeeeeeeee   2 weeks ago   1.5kB
`,
    );
    expect((await run('image ls -q', { client })).out).toBe('ffffffffffff\neeeeeeeeeeee\n');
    expect((await run('image ls -q --no-trunc nginx', { client })).out).toBe(`${image.id}\n`);
    expect(JSON.parse((await run('image ls --format json nginx:1.27', { client })).out)).toMatchObject({
      Repository: 'nginx',
      Tag: '1.27',
      CreatedAt: '2024-04-11 10:00:00 +0000 UTC',
    });
  });
});

describe('ls', () => {
  const containers = async () => [
    container({ labels: { 'com.docker.compose.project.config_files': '/shop/compose.yaml' } }),
    container({ service: 'db', state: 'exited' }),
    container({ project: 'blog' }),
    container({ project: '', name: 'alone' }),
  ];

  it('counts the containers of each project by state', async () => {
    expect((await run('ls -a', { client: { containers } })).out).toBe(
      `NAME                STATUS                  CONFIG FILES
blog                running(1)              N/A
shop                exited(1), running(1)   /shop/compose.yaml
`,
    );
    expect((await run('ls -q --filter name=sh', { client: { containers } })).out).toBe('shop\n');
  });

  it('prints one JSON array', async () => {
    expect((await run('ls --format json', { client: { containers } })).out).toBe(
      '[{"Name":"blog","Status":"running(1)","ConfigFiles":"N/A"},{"Name":"shop","Status":"exited(1), running(1)","ConfigFiles":"/shop/compose.yaml"}]\n',
    );
  });
});

describe('objects of the engine', () => {
  const volume = (name: string, project: string) => ({
    name,
    driver: 'local',
    mountpoint: `/v/${name}/_data`,
    labels: { 'com.docker.compose.project': project },
    createdAt: now,
    anonymous: false,
  });
  const volumes = async () => [
    volume('shop_data', 'shop'),
    volume('blog_data', 'blog'),
    volume('shop_cache', 'shop'),
  ];

  it('show the volumes of the project, or of some services', async () => {
    const mounts = [
      { type: 'volume' as const, name: 'shop_data', source: '', target: '/d', readOnly: false },
    ];
    const client = { volumes, containers: async () => [container({ service: 'db', mounts })] };
    expect((await run('volumes', { files: shop, client })).out).toBe(
      'DRIVER    VOLUME NAME\nlocal     shop_cache\nlocal     shop_data\n',
    );
    expect((await run('volumes -q db', { files: shop, client })).out).toBe('shop_data\n');
    expect((await run('volume ls -q', { client })).out).toBe('blog_data\nshop_cache\nshop_data\n');
  });

  it('show networks and containers of all projects', async () => {
    const networks = async () => [
      {
        id: '9'.repeat(64),
        name: 'shop_default',
        driver: 'bridge',
        internal: false,
        subnet: '10.1.0.0/24',
        gateway: '10.1.0.1',
        labels: {},
        containers: [],
      },
    ];
    expect((await run('network ls', { client: { networks } })).out).toBe(
      'NETWORK ID     NAME           DRIVER    SUBNET\n999999999999   shop_default   bridge    10.1.0.0/24\n',
    );
    const { out, calls } = await run('container ls -a', {
      client: { containers: async () => [container()] },
    });
    expect(calls).toEqual(['containers({"all":true,"oneOffs":"include"})']);
    expect(out).toBe(
      `CONTAINER ID   IMAGE        COMMAND                  CREATED         STATUS         PORTS     NAMES
a1b2c3d4e5f6   nginx:1.27   "/docker-entrypoint.…"   6 minutes ago   Up 5 minutes             shop-web-1
`,
    );
  });
});

describe('top', () => {
  it('puts the processes of all containers in one table', async () => {
    const client = {
      containers: async () => [container({ number: 2, id: '2' }), container({ id: '1' })],
      top: async (id: string) => ({
        titles: ['UID', 'PID', 'CMD'],
        processes: [['root', `81${id}`, 'nginx: master']],
      }),
    };
    expect((await run('top', { files: shop, client })).out).toBe(
      `SERVICE  #   UID   PID  CMD
web      1   root  811  nginx: master
web      2   root  812  nginx: master
`,
    );
  });
});
