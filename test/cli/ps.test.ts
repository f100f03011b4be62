import { describe, expect, it } from 'vitest';
import type { ContainerView } from '../../src/agent/protocol.ts';
import { container, now, run, shop } from './world.ts';

process.env.TZ = 'UTC';

const web = container({
  ports: [
    { target: 80, protocol: 'tcp', hostIp: '', hostPort: 8080 },
    { target: 443, protocol: 'tcp', hostIp: '', hostPort: 0 },
  ],
  health: 'healthy',
});
const db = container({
  service: 'db',
  id: 'd'.repeat(64),
  image: 'postgres:17',
  command: ['postgres'],
  state: 'exited',
  exitCode: 3,
  startedAt: now - 120_000,
  finishedAt: now - 3_000,
  mounts: [
    { type: 'volume', name: 'shop_data', source: '/v/shop_data/_data', target: '/data', readOnly: false },
  ],
});

const showing = (...containers: ContainerView[]) => ({
  files: shop,
  client: { containers: async () => containers },
});

describe('ps', () => {
  it('lists containers in a table, by name', async () => {
    expect(await run('ps -a', showing(web, db))).toMatchObject({
      code: 0,
      err: '',
      out: `NAME         IMAGE         COMMAND                  SERVICE   CREATED         STATUS                     PORTS
shop-db-1    postgres:17   "postgres"               db        6 minutes ago   Exited (3) 3 seconds ago
shop-web-1   nginx:1.27    "/docker-entrypoint.…"   web       6 minutes ago   Up 5 minutes (healthy)     443/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp
`,
    });
  });

  it('prints only the headings when there is nothing', async () => {
    expect((await run('ps', showing())).out).toBe(
      'NAME      IMAGE     COMMAND   SERVICE   CREATED   STATUS    PORTS\n',
    );
  });

  it("prints one JSON object a line, with Docker Compose's keys", async () => {
    const { out } = await run('ps --format json', showing(web, db));
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows[1]).toEqual({
      Command: '"/docker-entrypoint.…"',
      CreatedAt: '2024-05-01 09:54:00 +0000 UTC',
      ExitCode: 0,
      Health: 'healthy',
      ID: 'a1b2c3d4e5f6',
      Image: 'nginx:1.27',
      Labels: 'com.docker.compose.project=shop,com.docker.compose.service=web',
      LocalVolumes: '0',
      Mounts: '',
      Name: 'shop-web-1',
      Names: 'shop-web-1',
      Networks: 'shop_default',
      Ports: '443/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp',
      Project: 'shop',
      Publishers: [
        { URL: '0.0.0.0', TargetPort: 80, PublishedPort: 8080, Protocol: 'tcp' },
        { URL: '::', TargetPort: 80, PublishedPort: 8080, Protocol: 'tcp' },
        { URL: '', TargetPort: 443, PublishedPort: 0, Protocol: 'tcp' },
      ],
      RunningFor: '6 minutes ago',
      Service: 'web',
      Size: '0B',
      State: 'running',
      Status: 'Up 5 minutes (healthy)',
    });
    expect(rows[0]).toMatchObject({ ExitCode: 3, LocalVolumes: '1', Mounts: 'shop_data', State: 'exited' });
  });

  it('prints nothing at all as JSON of nothing', async () => {
    expect((await run('ps --format json', showing())).out).toBe('');
  });

  it('prints whole ids, for other programs', async () => {
    expect((await run('ps -q', showing(web))).out).toBe(`${web.id}\n`);
  });

  it('prints the services, each once', async () => {
    const second = container({ number: 2 });
    expect((await run('ps --services', showing(web, second, db))).out).toBe('db\nweb\n');
  });

  it('does not cut with --no-trunc', async () => {
    const { out } = await run(['ps', '--no-trunc', '--format', '{{.ID}} {{.Command}}'], showing(web));
    expect(out).toBe(`${web.id} "/docker-entrypoint.sh nginx -g 'daemon off;'"\n`);
  });

  it('prints through a template, with headings when it begins with "table"', async () => {
    const words = [
      'ps',
      '--format',
      'table {{.Name}}\\t{{.State}}\\t{{.Label "com.docker.compose.service"}}',
    ];
    expect((await run(words, showing(web, db))).out).toBe(
      'NAME         STATE\nshop-db-1    exited    db\nshop-web-1   running   web\n',
    );
  });

  it('says which fields a template may use', async () => {
    const { code, err } = await run(['ps', '--format', '{{.Nmae}}'], showing(web));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^tscompose: the format is no valid template: there is no field \.Nmae\nhint: the fields are Command, /,
    );
  });

  it('asks for stopped containers when a state is named', async () => {
    const { calls, out } = await run('ps -q --status exited', showing(web, db));
    expect(calls).toEqual(['containers({"project":"shop","all":true,"oneOffs":"exclude"})']);
    expect(out).toBe(`${db.id}\n`);
    expect((await run('ps -q --filter status=exited', showing(web, db))).out).toBe(`${db.id}\n`);
  });

  it.each([
    ['ps --filter name=x', 'tscompose: unknown filter name\nhint: the one filter is status\n'],
    ['ps --filter x', 'tscompose: arguments to --filter should be in form KEY=VAL\n'],
    ['ps nobody', 'tscompose: no such service: nobody\nhint: the services are db and web\n'],
  ])('refuses "%s"', async (words, err) => {
    expect(await run(words, showing(web))).toMatchObject({ code: 1, err });
  });

  it('needs no file when the project is named', async () => {
    const { code, calls } = await run('-p other ps', { client: {} });
    expect({ code, calls }).toEqual({
      code: 0,
      calls: ['containers({"project":"other","all":false,"oneOffs":"exclude"})'],
    });
    const byVariable = await run('ps', { environment: { COMPOSE_PROJECT_NAME: 'third' } });
    expect(byVariable.calls).toEqual(['containers({"project":"third","all":false,"oneOffs":"exclude"})']);
  });
});

describe('the state of a container', () => {
  it.each<[string, Partial<ContainerView>]>([
    ['Created', { state: 'created' }],
    ['Up Less than a second', { startedAt: now - 200 }],
    ['Up About an hour (unhealthy)', { startedAt: now - 3_700_000, health: 'unhealthy' }],
    ['Up 2 days (health: starting)', { startedAt: now - 48 * 3_600_000, health: 'starting' }],
    ['Up 5 minutes (Paused)', { state: 'paused' }],
    ['Restarting (1) About a minute ago', { state: 'restarting', exitCode: 1, finishedAt: now - 70_000 }],
    ['Exited (137) 3 weeks ago', { state: 'exited', exitCode: 137, finishedAt: now - 22 * 86_400_000 }],
    ['Removal In Progress', { state: 'removing' }],
  ])('reads "%s"', async (status, over) => {
    const { out } = await run(['ps', '-a', '--format', '{{.Status}}'], showing(container(over)));
    expect(out).toBe(`${status}\n`);
  });
});

describe('ports', () => {
  it.each<[string, ContainerView['ports']]>([
    ['127.0.0.1:5432->5432/tcp', [{ target: 5432, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 5432 }]],
    ['[::1]:81->80/tcp', [{ target: 80, protocol: 'tcp', hostIp: '::1', hostPort: 81 }]],
    [
      '0.0.0.0:8000-8002->8000-8002/tcp, [::]:8000-8002->8000-8002/tcp',
      [8000, 8001, 8002].map((port) => ({
        target: port,
        protocol: 'tcp',
        hostIp: '',
        hostPort: port,
      })),
    ],
    [
      '53/udp, 80-81/tcp',
      [
        { target: 81, protocol: 'tcp', hostIp: '', hostPort: 0 },
        { target: 80, protocol: 'tcp', hostIp: '', hostPort: 0 },
        { target: 53, protocol: 'udp', hostIp: '', hostPort: 0 },
      ],
    ],
  ])('read "%s"', async (ports, given) => {
    const { out } = await run(['ps', '--format', '{{.Ports}}'], showing(container({ ports: given })));
    expect(out).toBe(`${ports}\n`);
  });

  it('are printed by `port`, as an address to connect to', async () => {
    expect(await run('port web 80', showing(web))).toMatchObject({ code: 0, out: '0.0.0.0:8080\n' });
    expect(await run('port web 80/tcp', showing(web))).toMatchObject({ code: 0, out: '0.0.0.0:8080\n' });
  });

  it('that are not published make `port` fail', async () => {
    expect(await run('port web 443', showing(web))).toMatchObject({
      code: 1,
      out: '',
      err: 'tscompose: no port 443/tcp for container shop-web-1\nhint: publish it in the file: ports: ["443"]\n',
    });
    expect(await run('port --index 2 web 80', showing(web))).toMatchObject({
      code: 1,
      err: 'tscompose: service "web" container #2 is not running\nhint: start it with "tscompose up -d web"\n',
    });
  });
});
