import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  extending,
  loadFiles,
  mistakesIn,
  overridden,
  placesIn,
  projectOf,
  serviceOf,
  warningsIn,
} from '../load/loading.ts';

const web = (volumes: string, rest = 'volumes: {data: }'): string =>
  `services:\n  web:\n    image: x\n    volumes: ${volumes}\n${rest}\n`;

describe('volumes', () => {
  it('tells host paths from names of volumes and makes paths absolute', async () => {
    expect(
      await canonicalOf(
        web('["./src:/app:ro", "~/d:/d", /anon, "data:/data:nocopy", "/h:/h:z,rslave", "/n:/n:nocopy"]'),
      ),
    ).toEqual({
      volumes: [
        {
          type: 'bind',
          source: '/p/src',
          target: '/app',
          read_only: true,
          bind: { create_host_path: true },
        },
        { type: 'bind', source: '/home/u/d', target: '/d', bind: { create_host_path: true } },
        { type: 'volume', target: '/anon', volume: {} },
        { type: 'volume', source: 'data', target: '/data', volume: { nocopy: true } },
        {
          type: 'bind',
          source: '/h',
          target: '/h',
          bind: { selinux: 'z', propagation: 'rslave', create_host_path: true },
        },
        {
          type: 'bind',
          source: '/n',
          target: '/n',
          bind: { create_host_path: true },
          volume: { nocopy: true },
        },
      ],
    });
  });

  it('reads a one-letter name before a colon as a drive, as the reference does', async () => {
    const yaml = web('["v:/v"]', 'volumes: {v: }');
    const { project } = await loadFiles({ '/p/compose.yaml': yaml }, { purpose: 'read' });
    expect(project!.services.web!.canonical.volumes).toEqual([
      { type: 'volume', target: 'v:/v', volume: {} },
    ]);
    expect(await mistakesIn(yaml)).toEqual([
      '4:15 COMPOSE_VALUE: services.web.volumes[0]: the target "v:/v" is not absolute -> ' +
        'one letter before a colon is read as a drive: give the volume a longer name, or write the long form',
    ]);
  });

  it.each([
    ['./src:/app:rw', { type: 'bind', source: '/p/src', target: '/app', bind: { create_host_path: true } }],
    ['../src/:/app/', { type: 'bind', source: '/src', target: '/app', bind: { create_host_path: true } }],
    ['.:/app:cached', { type: 'bind', source: '/p', target: '/app', bind: { create_host_path: true } }],
    [
      '/h:/h:ro,Z,shared',
      {
        type: 'bind',
        source: '/h',
        target: '/h',
        read_only: true,
        bind: { selinux: 'Z', propagation: 'shared', create_host_path: true },
      },
    ],
    ['C:\\data:/d', { type: 'bind', source: 'C:\\data', target: '/d', bind: { create_host_path: true } }],
    ['data:/d:ro', { type: 'volume', source: 'data', target: '/d', read_only: true, volume: {} }],
    ['data:/d:bogus', { type: 'volume', source: 'data', target: '/d', volume: {} }],
    ['data:/a/../d//e/', { type: 'volume', source: 'data', target: '/d/e', volume: {} }],
  ])('reads %s', async (written, mount) => {
    expect(await canonicalOf(web(`['${written}']`))).toEqual({ volumes: [mount] });
  });

  it('prints the long form with everything that it may say', async () => {
    const yaml = web(`
      - {type: bind, source: ./a, target: /a, read_only: "yes", consistency: cached,
         bind: {propagation: rslave, create_host_path: "no", selinux: z, recursive: readonly}}
      - {type: volume, source: data, target: /b, volume: {nocopy: "yes", subpath: sub, labels: [l=1]}}
      - {type: tmpfs, target: /c, tmpfs: {size: 64m, mode: 0770}}
      - {type: image, source: "alpine:3", target: /d, image: {subpath: etc}}
      - {type: cluster, source: data, target: /e}
      - {type: npipe, source: pipe, target: /f}`);
    expect(await canonicalOf(yaml, { purpose: 'read' })).toEqual({
      volumes: [
        {
          type: 'bind',
          source: '/p/a',
          target: '/a',
          read_only: true,
          consistency: 'cached',
          bind: { selinux: 'z', propagation: 'rslave', create_host_path: false, recursive: 'readonly' },
        },
        {
          type: 'volume',
          source: 'data',
          target: '/b',
          volume: { labels: { l: '1' }, nocopy: true, subpath: 'sub' },
        },
        { type: 'tmpfs', target: '/c', tmpfs: { size: '67108864', mode: 0o770 } },
        { type: 'image', source: 'alpine:3', target: '/d', image: { subpath: 'etc' } },
        { type: 'cluster', source: 'data', target: '/e' },
        { type: 'npipe', source: 'pipe', target: '/f' },
      ],
    });
    expect(await placesIn(yaml)).toEqual([
      '9:16 COMPOSE_UNSUPPORTED',
      '10:16 COMPOSE_UNSUPPORTED',
      '11:16 COMPOSE_UNSUPPORTED',
    ]);
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web('[]'))).toEqual({});
    expect((await serviceOf(web('[]'))).mounts).toEqual([]);
  });

  it('may hold variables, which are cast', async () => {
    const env = { FROM: './src', TO: '/app', RO: 'true' };
    const yaml = web('["$FROM:$TO", {type: volume, target: /v, read_only: $RO}]');
    expect(await canonicalOf(yaml, { env })).toEqual({
      volumes: [
        { type: 'bind', source: '/p/src', target: '/app', bind: { create_host_path: true } },
        { type: 'volume', target: '/v', read_only: true },
      ],
    });
    expect(await placesIn(yaml, { env: { ...env, RO: 'never' } })).toEqual(['4:66 COMPOSE_TYPE']);
  });

  it('are added to by a service that extends, which keeps the paths of the other file', async () => {
    expect(await canonicalOf(extending('volumes: [./a:/x, ./b:/y]', 'volumes: [./c:/x]'))).toMatchObject({
      volumes: [{ source: '/p/c' }, { source: '/p/b' }],
    });
    const files = {
      '/p/compose.yaml': 'services: {web: {extends: {file: sub/base.yaml, service: web}, volumes: [./a:/a]}}',
      '/p/sub/base.yaml': web('[./b:/b]', ''),
    };
    expect(await canonicalOf(files)).toMatchObject({ volumes: [{ source: '/p/sub/b' }, { source: '/p/a' }] });
  });

  it('take the long form of an override over a short one for the same target', async () => {
    const files = overridden(web('["./a:/x:ro"]'), web('[{type: volume, source: data, target: /x}]', ''));
    expect(await canonicalOf(files)).toEqual({
      volumes: [{ type: 'volume', source: 'data', target: '/x' }],
    });
  });

  it('are warned of for what has no effect in this version', async () => {
    const yaml = web('[{type: bind, source: /a, target: /a, consistency: cached, bind: {selinux: z}}]');
    expect(await warningsIn(yaml)).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.volumes.bind.selinux, services.volumes.consistency',
    ]);
  });

  it.each([
    ['/a:/b', '4:14 COMPOSE_TYPE'],
    ['{a: /b}', '4:5 COMPOSE_TYPE'],
    ['[5]', '4:15 COMPOSE_TYPE'],
    ['[{source: data, target: /d}]', '4:15 COMPOSE_MISSING_KEY'],
    ['[{type: volume, target: [/d]}]', '4:30 COMPOSE_TYPE'],
    ['[{type: volume, target: /d, volume: data}]', '4:50 COMPOSE_TYPE'],
    ['[{type: bind, source: /a, target: /d, bind: {selinux: x}}]', '4:68 COMPOSE_VALUE'],
    ['[{type: bind, source: /a, target: /d, bind: {recursive: some}}]', '4:70 COMPOSE_VALUE'],
    ['[{type: tmpfs, target: /d, tmpfs: {size: -1}}]', '4:55 COMPOSE_VALUE'],
    ['[{type: tmpfs, target: /d, tmpfs: {size: big}}]', '4:55 COMPOSE_SIZE'],
    ['[{type: volume, target: /d, readonly: true}]', '4:42 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (volumes, place) => {
    expect(await placesIn(web(volumes))).toEqual([place]);
  });

  it('takes up to two letters for a target, as the reference does', async () => {
    expect(await canonicalOf('services: {web: {image: x, volumes: [/d, /ab]}}')).toEqual({
      volumes: [
        { type: 'volume', target: '/d' },
        { type: 'volume', target: '/ab', volume: {} },
      ],
    });
  });

  it('makes the typed mounts of long forms and tmpfs alike', async () => {
    const yaml = `services:
  web:
    image: x
    volumes:
      - {type: bind, source: /h, target: /b, bind: {create_host_path: false, recursive: disabled}}
      - {type: volume, source: data, target: /v/, volume: {subpath: a/b}}
      - {type: tmpfs, target: /t, tmpfs: {size: 64m, mode: 0700}}
    tmpfs: ["/run:size=1k,mode=755,uid=7,ro"]
volumes: {data: }
`;
    expect((await serviceOf(yaml)).mounts).toEqual([
      {
        type: 'bind',
        source: '/h',
        target: '/b',
        readOnly: false,
        createHostPath: false,
        recursive: 'disabled',
      },
      { type: 'volume', source: 'data', target: '/v', readOnly: false, nocopy: false, subpath: 'a/b' },
      { type: 'tmpfs', target: '/t', readOnly: false, sizeBytes: 67108864, mode: 0o700 },
      {
        type: 'tmpfs',
        target: '/run',
        readOnly: true,
        sizeBytes: 1024,
        mode: 0o755,
        options: ['uid=7'],
      },
    ]);
  });

  it('lets an override replace the mount with the same target, in the place of the first', async () => {
    const files = {
      '/p/compose.yaml': web('["./a:/x", "./b:/y"]'),
      '/p/compose.override.yaml': 'services: {web: {volumes: ["./c:/x", "./d:/z"]}}',
    };
    const mounts = (await projectOf(files)).services.web!.mounts;
    expect(mounts.map((mount) => ('source' in mount ? `${mount.source}:${mount.target}` : ''))).toEqual([
      '/p/c:/x',
      '/p/b:/y',
      '/p/d:/z',
    ]);
  });

  it('names real volumes after the project, keeps `name:` and leaves external ones their key', async () => {
    const yaml = `services: {web: {image: x, volumes: ["/a", "bb:/b", "cc:/c", "dd:/d"]}}
volumes:
  bb: {labels: [x=1], driver_opts: {type: tmpfs, size: 5}}
  cc: {name: real}
  dd: {external: true}
  ee: {}
`;
    expect((await projectOf(yaml, { cwd: '/p' })).volumes).toEqual({
      bb: {
        name: 'p_bb',
        external: false,
        driver: 'local',
        driverOptions: { size: '5', type: 'tmpfs' },
        labels: { x: '1' },
      },
      cc: { name: 'real', external: false, driver: 'local', driverOptions: {}, labels: {} },
      dd: { name: 'dd', external: true, driver: 'local', driverOptions: {}, labels: {} },
    });
  });

  it('refuses what is not declared, with the nearest name', async () => {
    expect(await mistakesIn(web('["dat:/d"]'))).toEqual([
      '4:16 COMPOSE_UNDEFINED: service "web" refers to undefined volume dat -> did you mean "data"?',
    ]);
  });

  it.each([
    [
      '["/d:/d:ro:z"]',
      '4:15 COMPOSE_VOLUME: services.web.volumes[0]: invalid spec: /d:/d:ro:z: too many colons -> write "source:target[:ro]": a path that starts with . or /, or the name of a volume',
    ],
    [
      '\n    - /d:/d:ro\n      - /e:/e',
      '5:7 COMPOSE_VOLUME: services.web.volumes[0]: invalid spec: /d:/d:ro - /e:/e: too many colons -> if these are several items, give all their dashes the same indentation',
    ],
    [
      '[":/d"]',
      '4:15 COMPOSE_VOLUME: services.web.volumes[0]: invalid spec: :/d: empty section between colons -> write "source:target[:ro]": a path that starts with . or /, or the name of a volume',
    ],
    [
      '[{type: bind, target: /x}]',
      '4:15 COMPOSE_MISSING_KEY: services.web.volumes[0]: invalid mount config for type "bind": field Source must not be empty -> add `source:`, the path on the host',
    ],
    [
      '[{type: volume, source: data}]',
      '4:15 COMPOSE_MISSING_KEY: service volume services.web.volumes[0] is missing a mount target -> add `target:`, the path in the container',
    ],
    [
      '[{type: bnd, source: /a, target: /b}]',
      '4:22 COMPOSE_VALUE: services.web.volumes[0].type: "bnd" is none of bind, volume, tmpfs, cluster, npipe, image -> did you mean "bind"?',
    ],
    [
      '["./a:/x", "./b:/x/"]',
      '4:30 COMPOSE_CONFLICT: services.web.volumes[1]: target /x already mounted as services.web.volumes[0] -> give one of the two another target, or take it out',
    ],
  ])('refuses %s', async (volumes, mistake) => {
    expect(await mistakesIn(web(volumes))).toEqual([mistake]);
  });
});
