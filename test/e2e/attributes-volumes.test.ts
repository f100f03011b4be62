/** What is mounted: named and anonymous volumes, binds, tmpfs; what is copied into them, kept, and taken away. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importImage, said, views } from './attributes.ts';
import { type Stack, sharedStack, stack } from './stack.ts';

/** An image with a directory of somebody's, and another that it declares a volume. */
const files = {
  '/srv/data': { mode: 0o2750, owner: [1000, 1001] },
  '/srv/data/file': { content: 'of the image\n', mode: 0o640, owner: [1000, 50] },
  '/srv/empty': { mode: 0o1777, owner: [7, 8] },
  '/declared': { mode: 0o700 },
  '/declared/file': { content: 'declared\n', mode: 0o644 },
} as const;

describe('a named volume', () => {
  const show =
    "command: [sh, -c, \"stat -c '%u:%g %a' /srv/data; ls -l /srv/data | tail -n +2 | tr -s ' ' | cut -d ' ' -f 1,3,4,9\"]";
  const it = sharedStack(
    `
x-image: &image {image: e2e-volumes}
services:
  filled: {<<: *image, volumes: ["filled:/srv/data"], ${show}}
  again: {<<: *image, volumes: ["filled:/srv/data"], ${show}, depends_on: {filled: {condition: service_completed_successfully}}}
  empty-there: {<<: *image, volumes: ["bare:/srv/empty"], command: stat -c '%u:%g %a' /srv/empty}
  nocopy: {<<: *image, volumes: [{type: volume, source: nocopy, target: /srv/data, volume: {nocopy: true}}], ${show}}
  nocopy-short: {<<: *image, volumes: ["nocopy-short:/srv/data:nocopy"], ${show}}
  writes: {image: busybox, volumes: ["used:/srv/data"], command: [sh, -c, "mkdir /srv/data/part; echo note >/srv/data/part/note; echo own >/srv/data/own"]}
  hides: {<<: *image, volumes: ["bound:/srv/data"], command: ls /srv/data}
  late: {<<: *image, volumes: ["used:/srv/data"], command: ls /srv/data, depends_on: {writes: {condition: service_completed_successfully}}}
  part: {<<: *image, volumes: [{type: volume, source: used, target: /srv/data, volume: {subpath: part}}], command: ls /srv/data, depends_on: {writes: {condition: service_completed_successfully}}}
  read-only: {<<: *image, volumes: ["used:/a:ro", {type: volume, source: used, target: /b, read_only: true}], command: [sh, -c, "exec 2>&1; touch /a/x; touch /b/x; cat /a/own"], depends_on: {writes: {condition: service_completed_successfully}}}
  by-options: {<<: *image, volumes: ["bound:/a", "memory:/b", "quiet:/c"], command: [sh, -c, "cat /a/from-host; stat -f -c %T /b; stat -c '%u %a' /b; grep ' /[bc] ' /proc/mounts | cut -d ' ' -f 2,4 | cut -d , -f 1-2"]}
volumes:
  filled:
  bare:
  nocopy:
  nocopy-short:
  used:
  bound: {driver_opts: {type: none, o: bind, device: "\${HERE}/bound"}}
  memory: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=1m,uid=1000,mode=700,noatime"}}
  quiet: {driver_opts: {type: none, o: "bind,noatime,rprivate", device: "\${HERE}/bound"}}
`,
    { 'bound/from-host': 'bound\n' },
    async (made) => {
      await importImage(made, 'e2e-volumes', ['CMD ["sh"]'], files);
      await made.write('.env', `HERE=${made.directory}\n`);
      await made.ok('up');
    },
  );

  test('gets what the image has there while it is empty, owner and mode of the directory included', async () => {
    const filled = ['1000:1001 2750', '-rw-r----- 1000 50 file'];
    const {
      filled: one,
      again,
      'empty-there': empty,
      nocopy,
      'nocopy-short': short,
      hides,
      late,
    } = await said(it());
    expect({ one, again, empty, nocopy, short, hides, late }).toEqual({
      one: filled,
      again: filled,
      empty: ['7:8 1777'],
      nocopy: ['0:0 755'],
      short: ['0:0 755'],
      hides: ['from-host'],
      // Its container was created before the program that writes was started.
      late: ['file', 'own', 'part'],
    });
  });

  test('is filled once: what programs do to it afterwards stays', async () => {
    const made = await stack(`
services:
  init: {image: busybox, volumes: ["data:/data"], command: [sh, -c, "ls /data; rm -f /data/file; chown 4000:4000 /data"]}
  app:
    image: e2e-volumes
    user: "4000"
    volumes: ["data:/srv/data"]
    command: [sh, -c, "stat -c '%u:%g' /srv/data; ls /srv/data"]
    depends_on: {init: {condition: service_completed_successfully}}
volumes: {data: }
`);
    await made.ok('up');
    await made.ok('up');
    expect(await said(made)).toEqual({ init: ['file'], app: ['4000:4000', '4000:4000'] });
  });

  test('may be mounted in part, read-only, or from where its driver options say', async () => {
    const { part, 'read-only': readOnly, 'by-options': options } = await said(it());
    expect({ part, readOnly, options }).toEqual({
      part: ['note'],
      readOnly: ['touch: /a/x: Read-only file system', 'touch: /b/x: Read-only file system', 'own'],
      options: ['bound', 'tmpfs', '1000 700', '/b rw,noatime', '/c rw,noatime'],
    });
  });

  test('lies where `volume ls` says, readable from the host', async () => {
    const lines = (await it().ok('volume', 'ls', '--format', 'json')).split('\n');
    const line = lines.find((each) => each.includes(`${it().project}_used`)) ?? '{}';
    const { Mountpoint } = JSON.parse(line) as { Mountpoint: string };
    expect(await readFile(join(Mountpoint, 'part/note'), 'utf8')).toBe('note\n');
  });

  test('without that part is refused with its name', async () => {
    const made = await stack(`
services: {job: {image: busybox, command: "true", volumes: [{type: volume, source: data, target: /x, volume: {subpath: absent}}]}}
volumes: {data: }
`);
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('the volume has no "absent"'),
    });
  });
});

describe('an anonymous volume', () => {
  const anonymous = async (made: Stack): Promise<string[]> => {
    const { job } = await views(made);
    return (job?.mounts ?? []).map(({ target, name = '' }) => `${target} ${name}`).sort();
  };
  const stored = async (made: Stack): Promise<string[]> => {
    const lines = await made.ok('volume', 'ls', '--quiet');
    return lines.split('\n').filter((name) => /^[0-9a-f]{64}$/.test(name));
  };

  test('is carried over when its container is replaced, renewed with -V, and goes with down --volumes', async () => {
    const made = await stack(`
services:
  job:
    image: e2e-anonymous
    command: [sh, -c, "cat /declared/file; echo run >>/written/log; cat /written/log; exec sleep 1000"]
    volumes: [/written, {type: volume, target: /long}]
    stop_signal: SIGKILL
`);
    await importImage(made, 'e2e-anonymous', ['VOLUME /declared'], files);
    const before = await stored(made);
    await made.ok('up', '--detach');
    const first = await anonymous(made);
    expect(first).toEqual([
      expect.stringMatching(/^\/declared [0-9a-f]{64}$/),
      expect.stringMatching(/^\/long [0-9a-f]{64}$/),
      expect.stringMatching(/^\/written [0-9a-f]{64}$/),
    ]);
    await made.ok('up', '--detach', '--force-recreate');
    expect(await anonymous(made)).toEqual(first);
    await expect.poll(async () => (await said(made)).job).toEqual(['declared', 'run', 'run']);

    await made.ok('up', '--detach', '--force-recreate', '--renew-anon-volumes');
    const renewed = await anonymous(made);
    expect(renewed.filter((name) => first.includes(name))).toEqual([]);
    await expect.poll(async () => (await said(made)).job).toEqual(['declared', 'run']);
    expect((await stored(made)).filter((name) => !before.includes(name))).toHaveLength(3);

    await made.ok('down', '--volumes');
    expect(await stored(made)).toEqual(before);
  });

  test('is covered by a mount of the service at the place that the image declares', async () => {
    const made = await stack(
      `
services:
  bind: {image: e2e-anonymous, volumes: ["./mine:/declared"], command: ls /declared}
  memory: {image: e2e-anonymous, tmpfs: [/declared/], command: ls /declared}
`,
      { 'mine/own': '' },
    );
    await made.ok('up');
    const { bind, memory } = await views(made);
    expect([bind, memory].map((view) => view?.mounts.map(({ type, target }) => `${type} ${target}`))).toEqual(
      [['bind /declared'], ['tmpfs /declared']],
    );
    expect(await said(made)).toEqual({ bind: ['own'] });
  });
});

describe('a bind', () => {
  const it = sharedStack(
    `
x-box: &box {image: busybox}
services:
  forms:
    <<: *box
    volumes:
      - ./directory:/short
      - ./directory:/short-ro:ro
      - ./file:/file
      - ./file:/file-ro:ro,z
      - {type: bind, source: ./directory, target: /long}
      - {type: bind, source: ./file, target: /deep/down/file, read_only: true}
    command: [sh, -c, "exec 2>&1; cat /file /file-ro /deep/down/file; for f in /short/new /long/new2 /short-ro/new3; do echo new >$$f; done; echo more >>/file; echo less >>/file-ro; echo least >>/deep/down/file"]
  created: {<<: *box, volumes: ["./made/here:/x", {type: bind, source: ./made/there, target: /y, bind: {create_host_path: true}}], command: [sh, -c, "ls /x /y; touch /x/inside"]}
  nested: {<<: *box, volumes: ["./directory/below:/tree/sub/below", "data:/tree", "./directory:/tree/sub"], command: [sh, -c, "cat /tree/sub/below/leaf; ls /tree"]}
  etc: {<<: *box, volumes: ["./etc:/etc"], hostname: named, extra_hosts: ["beyond:192.0.2.1"], command: [sh, -c, "cat /etc/own /etc/hostname; grep -c 192.0.2.1 /etc/hosts; grep ^nameserver /etc/resolv.conf"]}
  live: {<<: *box, volumes: ["./live:/live"], command: [sh, -c, "until grep -q changed /live/text; do sleep 0.1; done; echo seen"]}
volumes: {data: }
`,
    {
      'directory/leaf': '',
      'directory/below/leaf': 'leaf\n',
      file: 'text\n',
      'live/text': 'first\n',
      'etc/own': 'own\n',
    },
    (made) => made.ok('up', '--detach'),
  );
  const on = (path: string): string => join(it().directory, path);

  test('is the host’s own directory or file, writable or not', async () => {
    await it().run('wait', 'forms', 'created', 'nested', 'etc');
    const { forms, created, nested, etc } = await said(it());
    expect({ forms, created, nested, etc }).toEqual({
      forms: [
        'text',
        'text',
        'text',
        "sh: can't create /short-ro/new3: Read-only file system",
        "sh: can't create /file-ro: Read-only file system",
        "sh: can't create /deep/down/file: Read-only file system",
      ],
      created: ['/x:', '', '/y:'],
      nested: ['leaf', 'sub'],
      // The files that are made for every container lie over it.
      etc: ['own', 'named', '1', 'nameserver 127.0.0.11'],
    });
    expect(await readFile(on('file'), 'utf8')).toBe('text\nmore\n');
    expect(await readFile(on('directory/new'), 'utf8')).toBe('new\n');
    expect((await stat(on('made/here/inside'))).isFile()).toBe(true);
    const { uid, gid, mode } = await stat(on('made/there'));
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 0, gid: 0, mode: 0o755 });
  });

  test('shows what is changed on the host at once', async () => {
    await writeFile(on('live/text'), 'changed\n');
    await it().run('wait', 'live');
    expect((await said(it())).live).toEqual(['seen']);
  });

  test('of a missing source is refused with create_host_path: false, before anything is changed', async () => {
    const made = await stack(
      `
services:
  first: {image: busybox, command: sleep 1000, volumes: ["./created:/x"]}
  second:
    image: busybox
    volumes:
      - {type: bind, source: ./absent, target: /x, bind: {create_host_path: false}}
`,
    );
    const { code, stderr } = await made.run('up', '--detach');
    expect(code).toBe(1);
    expect(stderr).toContain(`compose.yaml:7:`);
    expect(stderr).toContain(`the bind source ${made.directory}/absent does not exist`);
    expect(await made.containers()).toEqual([]);
    expect(await made.ok('network', 'ls')).not.toContain(made.project);
    await expect(stat(join(made.directory, 'created'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('of a directory cannot be put on a file, nor a file on a directory', async () => {
    for (const [source, target] of [
      ['./directory', '/etc/passwd'],
      ['./file', '/tmp'],
    ]) {
      const made = await stack(
        `services: {job: {image: busybox, command: "true", volumes: ["${source}:${target}"]}}`,
      );
      await mkdir(join(made.directory, 'directory'));
      await made.write('file', '');
      const { code, stderr } = await made.run('up', '--detach');
      expect(code).not.toBe(0);
      expect(stderr).toContain(join(made.directory, source?.slice(2) ?? ''));
      expect(stderr).toContain(`${target}`);
    }
  });
});

describe('tmpfs', () => {
  const it = sharedStack(
    `
x-box: &box {image: e2e-tmpfs}
services:
  string: {<<: *box, tmpfs: /scratch, command: [sh, -c, "grep ' /scratch ' /proc/mounts | cut -d ' ' -f 3,4; stat -c '%u:%g %a' /scratch"]}
  options: {<<: *box, tmpfs: ["/scratch:size=1m,mode=700,uid=1000,gid=50,exec,ro"], command: [sh, -c, "grep ' /scratch ' /proc/mounts | cut -d ' ' -f 3,4; stat -c '%u:%g %a' /scratch"]}
  long: {<<: *box, volumes: [{type: tmpfs, target: /scratch, tmpfs: {size: 2m, mode: 0o1750}}], command: [sh, -c, "stat -c '%a' /scratch; dd if=/dev/zero of=/scratch/big bs=1M count=3 2>&1 | head -n 1; wc -c </scratch/big"]}
  over: {<<: *box, tmpfs: [/srv/data], command: [sh, -c, "ls /srv/data; stat -c '%a' /srv/data"]}
  shared: {<<: *box, shm_size: 8m, command: [sh, -c, "df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2; stat -c %a /dev/shm"]}
  default: {<<: *box, command: [sh, -c, "df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"]}
`,
    {},
    async (made) => {
      await importImage(made, 'e2e-tmpfs', ['CMD ["sh"]'], files);
      await made.ok('up');
    },
  );

  test('is memory with the size, owner and mode asked for, and Docker’s options where nothing is', async () => {
    const lines = await said(it());
    const [mounted, ...options] = (lines.options?.[0] ?? '').split(/[ ,]/);
    expect([mounted, ...options.sort()].join(' ')).toMatch(
      /^tmpfs gid=50 (inode64 )?mode=700 nodev nosuid relatime ro size=1024k uid=1000$/,
    );
    expect(lines.options?.[1]).toBe('1000:50 700');
    expect(lines.string?.[0]).toMatch(/^tmpfs rw,nosuid,nodev,noexec,relatime/);
    expect(lines.string?.[1]).toBe('0:0 1777');
    expect(lines.long).toEqual([
      '1750',
      "dd: error writing '/scratch/big': No space left on device",
      '2097152',
    ]);
    expect(lines.over).toEqual(['1777']);
    expect([lines.shared, lines.default]).toEqual([['8192', '1777'], ['65536']]);
  });
});
