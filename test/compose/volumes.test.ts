import { describe, expect, it } from 'vitest';
import { canonicalOf, loadFiles, mistakesIn, projectOf, serviceOf } from './load/loading.ts';

const web = (volumes: string, rest = 'volumes: {data: }'): string =>
  `services:\n  web:\n    image: x\n    volumes: ${volumes}\n${rest}\n`;

describe('volumes', () => {
  it('tells host paths from names of volumes and makes paths absolute', async () => {
    expect(
      await canonicalOf(web('["./src:/app:ro", "~/d:/d", /anon, "data:/data:nocopy", "/h:/h:z,rslave"]')),
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
      '4:22 COMPOSE_VALUE: services.web.volumes[0].type is bnd, which is not one of its values -> did you mean "bind"?',
    ],
    [
      '["./a:/x", "./b:/x/"]',
      '4:30 COMPOSE_CONFLICT: services.web.volumes[1]: target /x already mounted as services.web.volumes[0] -> give one of the two another target, or take it out',
    ],
  ])('refuses %s', async (volumes, mistake) => {
    expect(await mistakesIn(web(volumes))).toEqual([mistake]);
  });

  it('refuses options beside external', async () => {
    expect(
      await mistakesIn(web('["data:/d"]', 'volumes:\n  data:\n    external: true\n    driver: x')),
    ).toEqual([
      '8:5 COMPOSE_CONFLICT: volumes.data: conflicting parameters "external" and "driver" specified -> what is external is not made here; take this key out',
    ]);
  });
});
