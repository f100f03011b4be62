import { describe, expect, test } from 'vitest';
import type { Service } from '../../../src/compose/model/project.ts';
import { containerSpec } from '../../../src/compose/plan/index.ts';
import type { ContainerSpec } from '../../../src/compose/plan/plan.ts';
import { attached, dependency, type ProjectSketch, project } from './model.ts';

function specOf(web: Partial<Service>, rest: Partial<ProjectSketch> = {}): ContainerSpec {
  const shop = project({ ...rest, services: { web, ...rest.services } });
  return containerSpec(shop, shop.services.web!, 2);
}

test('a container carries the labels that other tools look for', () => {
  const { labels } = specOf(
    {
      labels: { team: 'x', 'com.docker.compose.project': 'forged' },
      dependsOn: { db: dependency('service_healthy', { restart: true }), cache: dependency() },
    },
    { envFiles: ['/srv/shop/a.env', '/srv/shop/b.env'] },
  );
  expect(labels).toEqual({
    team: 'x',
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.container-number': '2',
    'com.docker.compose.config-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
    'com.docker.compose.depends_on': 'cache:service_started:false,db:service_healthy:true',
    'com.docker.compose.project.config_files': '/srv/shop/compose.yaml',
    'com.docker.compose.project.working_dir': '/srv/shop',
    'com.docker.compose.project.environment_file': '/srv/shop/a.env,/srv/shop/b.env',
    'com.docker.compose.version': '2.40.3',
    'tscompose.config': expect.stringMatching(/^labels=[0-9a-f]{8}$/),
  });
});

describe('networks', () => {
  test('are attached by priority, then by name, under the names that lead to the container', () => {
    const { networks, networkMode } = specOf(
      {
        macAddress: '02:42:00:00:00:01',
        networks: {
          zeta: attached({ aliases: ['www', 'web'] }),
          alpha: attached({ ipv4Address: '10.0.0.9', gatewayPriority: 5 }),
          late: attached({ priority: 10, interfaceName: 'lan0' }),
        },
      },
      { networks: { zeta: {}, alpha: {}, late: { name: 'lan' } } },
    );
    expect(networkMode).toEqual({ kind: 'networks' });
    expect(networks).toEqual([
      {
        network: 'lan',
        aliases: ['web', 'shop-web-2'],
        gatewayPriority: 0,
        macAddress: '02:42:00:00:00:01',
        interfaceName: 'lan0',
      },
      { network: 'shop_alpha', aliases: ['web', 'shop-web-2'], gatewayPriority: 5, ipv4Address: '10.0.0.9' },
      { network: 'shop_zeta', aliases: ['web', 'shop-web-2', 'www'], gatewayPriority: 0 },
    ]);
  });

  test('answer to the aliases of links, where the linking service can ask', () => {
    const { networks } = specOf(
      { networks: { back: attached(), front: attached() } },
      {
        services: { client: { links: { backend: 'web', web: 'web' }, networks: { back: attached() } } },
        networks: { back: {}, front: {} },
      },
    );
    expect(networks.map(({ aliases }) => aliases)).toEqual([
      ['web', 'shop-web-2', 'backend'],
      ['web', 'shop-web-2'],
    ]);
  });

  test.each(['host', 'none', 'bridge'])(
    'that are external and named %s are no networks of their own',
    (name) => {
      const spec = specOf({}, { networks: { default: { external: true, name } } });
      expect(spec).toMatchObject({ networkMode: { kind: name }, networks: [] });
    },
  );

  test('are none under network_mode, and a joined service is its first container', () => {
    const rest = { services: { vpn: {} } };
    const ports = [{ target: 80, protocol: 'tcp', mode: 'ingress' }] as const;
    expect(specOf({ networkMode: { kind: 'host' }, ports }, rest)).toMatchObject({
      networkMode: { kind: 'host' },
      networks: [],
      ports: [],
    });
    expect(
      specOf(
        { networkMode: { kind: 'service', service: 'vpn' }, pid: { kind: 'service', service: 'vpn' } },
        rest,
      ),
    ).toMatchObject({
      networkMode: { kind: 'container', container: 'shop-vpn-1' },
      pid: { kind: 'container', container: 'shop-vpn-1' },
      networks: [],
    });
  });
});

test('mounts name volumes as the engine knows them', () => {
  const shared = { readOnly: false, nocopy: true } as const;
  const { mounts } = specOf(
    {
      mounts: [
        { type: 'volume', source: 'data', target: '/data', ...shared },
        { type: 'volume', target: '/scratch', ...shared },
        { type: 'bind', source: '/srv', target: '/srv', readOnly: true, createHostPath: false },
      ],
    },
    { volumes: { data: { name: 'depot' } } },
  );
  expect(mounts).toEqual([
    { type: 'volume', name: 'depot', target: '/data', ...shared },
    { type: 'volume', target: '/scratch', ...shared },
    { type: 'bind', source: '/srv', target: '/srv', readOnly: true, createHostPath: false },
  ]);
});

test('secrets and configs are bound from their file or written from their content', () => {
  const { files } = specOf(
    {
      secrets: [
        { source: 'key', target: '/run/secrets/key', uid: '10', mode: 0o400 },
        { source: 'token', target: '/run/secrets/token' },
      ],
      configs: [{ source: 'motd', target: '/motd', gid: '20' }],
    },
    {
      secrets: {
        key: { kind: 'file', name: 'shop_key', file: '/srv/shop/key.pem' },
        token: { kind: 'environment', name: 'shop_token', variable: 'TOKEN', content: 't0ken' },
      },
      configs: { motd: { kind: 'content', name: 'shop_motd', content: 'hello' } },
    },
  );
  expect(files).toEqual([
    { target: '/run/secrets/key', uid: '10', mode: 0o400, kind: 'bind', source: '/srv/shop/key.pem' },
    { target: '/run/secrets/token', kind: 'content', content: 't0ken' },
    { target: '/motd', gid: '20', kind: 'content', content: 'hello' },
  ]);
});

test('a spec survives the way through JSON unchanged', () => {
  const spec = specOf({ command: [], healthcheck: { kind: 'disabled' }, stopGracePeriodMs: 0 });
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  expect(Object.values(spec)).not.toContain(undefined);
});
