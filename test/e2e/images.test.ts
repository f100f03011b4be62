/** Images as a user handles them: archives in and out, names, and Debian's registry on this machine. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  busyboxArchive,
  busyboxRootfs,
  directory,
  dockerArchive,
  file,
  imageConfig,
  sha256,
  tar,
} from '../image/fixtures.ts';
import { invoke, onTerminal, until } from './commands.ts';
import { type Registry, startRegistry } from './registry.ts';
import { sharedStack, stack } from './stack.ts';

const shared = sharedStack('services: {}', {}, async () => undefined);

const image = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await invoke(shared(), ['image', ...words], { named: false });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

const layer = (content: string): Buffer => tar([directory('etc/'), file('etc/layer', content)]);

/** Image ids of the references, by `image inspect`. */
const idOf = async (reference: string): Promise<string> =>
  (await image('inspect', '-f', '{{.Id}}', reference)).trim();

beforeEach(() =>
  // Every test names its own images and takes them away itself; a failed one must not trouble the next.
  invoke(shared(), ['image', 'rm', '-f', 'e2e/app:1', 'e2e/app:2', 'e2e/other:1'], { named: false }),
);

describe('archives', () => {
  test('of docker save are loaded, from a file and from standard input, compressed or not', async () => {
    const archive = busyboxArchive('e2e/app:1', { Cmd: ['echo', 'loaded'] });
    const path = join(shared().directory, 'app.tar');
    await writeFile(path, archive);
    expect(await image('load', '-i', 'app.tar')).toBe('Loaded image: e2e/app:1\n');
    await image('rm', 'e2e/app:1');
    const piped = await invoke(shared(), ['image', 'load'], { input: gzipSync(archive), named: false });
    expect(piped).toEqual({ code: 0, stdout: 'Loaded image: e2e/app:1\n', stderr: '' });
    const todo = await stack('services: {app: {image: "e2e/app:1"}}');
    expect(await todo.ok('run', '--rm', '-T', 'app')).toBe('loaded\n');
    await image('rm', 'e2e/app:1');
  });

  test('in OCI layout, as skopeo writes them, are loaded under the name they carry', async () => {
    const layers = [busyboxRootfs(), layer('from an OCI layout')];
    const config = imageConfig(layers, { Cmd: ['cat', '/etc/layer'] });
    const blobs = new Map<string, Buffer>();
    const keep = (bytes: Buffer, mediaType: string) => {
      blobs.set(sha256(bytes), bytes);
      return { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length };
    };
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: keep(config, 'application/vnd.oci.image.config.v1+json'),
        layers: layers.map((bytes) => keep(gzipSync(bytes), 'application/vnd.oci.image.layer.v1.tar+gzip')),
      }),
    );
    const index = {
      schemaVersion: 2,
      manifests: [
        {
          ...keep(manifest, 'application/vnd.oci.image.manifest.v1+json'),
          annotations: {
            'io.containerd.image.name': 'docker.io/e2e/app:1',
            'org.opencontainers.image.ref.name': '1',
          },
        },
      ],
    };
    const archive = tar([
      directory('blobs/'),
      directory('blobs/sha256/'),
      ...[...blobs].map(([digest, bytes]) => file(`blobs/sha256/${digest}`, bytes)),
      file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
      file('index.json', JSON.stringify(index)),
    ]);
    const { stdout } = await invoke(shared(), ['image', 'load'], { input: archive, named: false });
    expect(stdout).toBe('Loaded image: e2e/app:1\n');
    expect(await idOf('e2e/app:1')).toBe(`sha256:${sha256(config)}`);
    const todo = await stack('services: {app: {image: "e2e/app:1"}}');
    expect(await todo.ok('run', '--rm', '-T', 'app')).toBe('from an OCI layout');
    await image('rm', 'e2e/app:1');
  });

  test('keep ids, names and shared layers through save and load', async () => {
    const base = layer('base');
    const archive = dockerArchive([
      { references: ['e2e/app:1', 'e2e/app:2'], layers: [base, layer('one')] },
      { references: ['e2e/other:1'], layers: [base, layer('two')], config: { Env: ['A=1'] } },
    ]);
    await invoke(shared(), ['image', 'load'], { input: archive, named: false });
    const before = [await idOf('e2e/app:1'), await idOf('e2e/other:1')];
    expect(await image('save', '-o', 'saved.tar', 'e2e/app:1', 'e2e/app:2', 'e2e/other:1')).toBe('');
    await image('rm', 'e2e/app:1', 'e2e/app:2', 'e2e/other:1');
    expect((await image('load', '-i', 'saved.tar')).split('\n').toSorted()).toEqual([
      '',
      'Loaded image: e2e/app:1',
      'Loaded image: e2e/app:2',
      'Loaded image: e2e/other:1',
    ]);
    expect([await idOf('e2e/app:1'), await idOf('e2e/other:1')]).toEqual(before);
    expect(await idOf('e2e/app:2')).toBe(before[0]);
    await image('save', '-o', 'again.tar', 'e2e/app:1', 'e2e/app:2', 'e2e/other:1');
    const [saved, again] = await Promise.all(
      ['saved.tar', 'again.tar'].map((name) => readFile(join(shared().directory, name))),
    );
    expect(again?.equals(saved as Buffer)).toBe(true);
    await image('rm', 'e2e/app:1', 'e2e/app:2', 'e2e/other:1');
  });

  test('go to standard output where that is no terminal', async () => {
    const saved = await invoke(shared(), ['image', 'save', 'busybox'], { named: false });
    expect(saved).toMatchObject({ code: 0, stderr: '' });
    expect(saved.stdout).toContain('manifest.json');
    const refused = onTerminal(shared(), ['image', 'save', 'busybox']);
    expect((await refused.ended).code).toBe(1);
    expect(refused.text()).toContain('cowardly refusing to save to a terminal');
  });

  test('that are none, or damaged, are refused and leave nothing', async () => {
    const before = await image('ls', '-q');
    for (const [input, complaint] of [
      [Buffer.from('this is no archive'), /archive/],
      [tar([file('hello', 'world')]), /neither manifest\.json nor index\.json/],
      [busyboxArchive('e2e/app:1').subarray(0, 700_000), /./],
    ] as const) {
      const { code, stdout, stderr } = await invoke(shared(), ['image', 'load'], { input, named: false });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(complaint);
    }
    expect(await image('ls', '-q')).toBe(before);
  });

  test('of a root file system become an image, with instructions laid over it', async () => {
    await writeFile(join(shared().directory, 'rootfs.tar'), busyboxRootfs());
    const id = await image(
      ...['import', '-c', 'CMD ["sh", "-c", "echo $GREETING from $(pwd)"]', '-c', 'ENV GREETING=hello'],
      ...['-c', 'WORKDIR /srv', '-m', 'made by hand', 'rootfs.tar', 'e2e/app:1'],
    );
    expect(await idOf('e2e/app:1')).toBe(id.trim());
    const todo = await stack('services: {app: {image: "e2e/app:1"}}');
    expect(await todo.ok('run', '--rm', '-T', 'app')).toBe('hello from /srv\n');
    expect(await image('history', '--format', '{{.ID}} {{.Comment}}', 'e2e/app:1')).toBe(
      `${id.slice(7, 19)} made by hand\n`,
    );
    await image('rm', 'e2e/app:1');
  });
});

describe('names', () => {
  test('are listed, added, and go one by one; the image goes with the last', async () => {
    await invoke(shared(), ['image', 'load'], { input: busyboxArchive('e2e/app:1'), named: false });
    const id = await idOf('e2e/app:1');
    await image('tag', 'e2e/app:1', 'e2e/app:2');
    const listed = (await image('ls', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}', 'e2e/app')).split('\n');
    expect(listed.toSorted()).toEqual(['', `e2e/app:1 ${id.slice(7, 19)}`, `e2e/app:2 ${id.slice(7, 19)}`]);
    expect(await image('ls', 'e2e/app:2')).toMatch(
      /^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE\ne2e\/app +2 +[0-9a-f]{12} +.* ago +\d.*MB\n$/,
    );
    expect(await image('rm', 'e2e/app:1')).toBe('Untagged: e2e/app:1\n');
    expect(await image('rm', 'e2e/app:2')).toMatch(
      new RegExp(`^Untagged: e2e/app:2\nDeleted: ${id}\n(Deleted: sha256:[0-9a-f]{64}\n)*$`),
    );
    const gone = await invoke(shared(), ['image', 'inspect', 'e2e/app:1'], { named: false });
    expect(gone).toEqual({
      code: 1,
      stdout: '[]\n',
      stderr: 'tscompose: no such image: e2e/app:1\nhint: see what there is with: tscompose image ls\n',
    });
  });

  test('of an image that a container uses stay', async () => {
    await invoke(shared(), ['image', 'load'], { input: busyboxArchive('e2e/app:1'), named: false });
    const todo = await stack('services: {app: {image: "e2e/app:1", command: "true"}}');
    await todo.ok('create');
    const { code, stderr } = await todo.run('image', 'rm', 'e2e/app:1');
    expect(code).toBe(1);
    expect(stderr).toContain(`${todo.project}-app-1`);
    await todo.ok('down');
    await image('rm', 'e2e/app:1');
  });

  test('lead to what is known of the image', async () => {
    const [inspected] = JSON.parse(await image('inspect', 'busybox'));
    expect(inspected).toMatchObject({
      Id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      RepoTags: ['busybox:latest'],
      Os: 'linux',
      Config: { Cmd: ['sh'] },
      RootFS: { Type: 'layers', Layers: [expect.stringMatching(/^sha256:/)] },
    });
    expect(await image('inspect', '--format', '{{json .Config.Cmd}}', 'busybox')).toBe('["sh"]\n');
    expect(await image('inspect', '-f', '{{.Id}}', inspected.Id.slice(7, 19))).toBe(`${inspected.Id}\n`);
    expect(await image('history', 'busybox')).toMatch(
      /^IMAGE +CREATED +CREATED BY +SIZE +COMMENT\n[0-9a-f]{12} /,
    );
  });
});

describe('a registry', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.stop());

  const service = (reference: string, more = ''): string => `
services:
  app:
    image: ${reference}
    command: sh -c 'cat /etc/layer; exec sleep 1000'
    stop_signal: SIGKILL
${more}`;

  test('gives up what is missing, told as it happens, and nothing a second time', async () => {
    const reference = `${registry.host}/team/app:1`;
    await registry.push('team/app', '1', [busyboxRootfs(), layer('first\n')]);
    const todo = await stack(service(reference));
    const up = await todo.run('up', '-d');
    expect(up.code).toBe(0);
    expect(up.stderr.split('\n').slice(0, 3)).toEqual([
      ` Image ${reference}  Pulling`,
      ` Image ${reference}  Pulled`,
      expect.stringContaining('Network'),
    ]);
    await until(async () => expect(await todo.ok('logs', '--no-log-prefix')).toBe('first\n'));
    await todo.ok('down');
    expect((await todo.run('up', '-d')).stderr).not.toContain('Pull');
    await todo.ok('down');
    await image('rm', reference);
  });

  test('is asked again with --pull always, and a newer image replaces the container', async () => {
    const reference = `${registry.host}/team/moving:latest`;
    await registry.push('team/moving', 'latest', [busyboxRootfs(), layer('old\n')]);
    const todo = await stack(service(reference));
    await todo.ok('up', '-d');
    const [before] = await todo.containers();
    await todo.ok('up', '-d', '--pull', 'always');
    expect((await todo.containers())[0]?.ID).toBe(before?.ID);
    await registry.push('team/moving', 'latest', [busyboxRootfs(), layer('new\n')]);
    await todo.ok('up', '-d');
    expect((await todo.containers())[0]?.ID).toBe(before?.ID);
    await todo.ok('up', '-d', '--pull', 'always');
    expect((await todo.containers())[0]?.ID).not.toBe(before?.ID);
    await until(async () => expect(await todo.ok('logs', '--no-log-prefix')).toBe('new\n'));
    await todo.ok('down');
    await image('rm', '-f', reference);
  });

  test('is asked again by pull_policy when the image was pulled too long ago, or came in another way', async () => {
    const reference = `${registry.host}/team/aging:1`;
    await registry.push('team/aging', '1', [busyboxRootfs()]);
    const todo = await stack(service(reference, '    pull_policy: every_1h\n'));
    await todo.ok('pull');
    expect(await todo.ok('plan')).not.toContain('image:');
    await image('tag', reference, 'e2e/app:1');
    await image('tag', 'e2e/app:1', reference);
    expect(await todo.ok('plan')).toContain('to be pulled again: every_1h');
    const hasty = await stack(service(reference, '    pull_policy: every_0s\n'));
    await hasty.ok('pull');
    expect((await hasty.run('up', '-d')).stderr).toContain(`Image ${reference}  Pulled`);
    await hasty.ok('down');
    await image('rm', '-f', reference, 'e2e/app:1');
  });

  test('is asked by pull, which leaves out what is built, and by image pull', async () => {
    const reference = `${registry.host}/team/pulled:1`;
    const digest = await registry.push('team/pulled', '1', [busyboxRootfs()]);
    const todo = await stack(service(reference, '  built: {build: .}\n'));
    expect(await todo.run('pull')).toEqual({
      code: 0,
      stdout: '',
      stderr: ` Image ${reference}  Pulling\n Image ${reference}  Pulled\n`,
    });
    expect(await todo.run('pull', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await todo.run('pull', '--policy', 'missing')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await image('inspect', '-f', '{{json .RepoDigests}}', reference)).toBe(
      `["${registry.host}/team/pulled@${digest}"]\n`,
    );
    await image('rm', reference);
    const pulled = await invoke(shared(), ['image', 'pull', reference], { named: false });
    expect(pulled).toMatchObject({ code: 0, stdout: `${reference}\n` });
    expect(await image('pull', '-q', `${registry.host}/team/pulled@${digest}`)).toContain('team/pulled');
    await image('rm', '-f', reference);
  });

  test('shows how far a large layer has come on a terminal', async () => {
    const reference = `${registry.host}/team/large:1`;
    const large = tar([file('noise', randomBytes(60_000_000))]);
    await registry.push('team/large', '1', [busyboxRootfs(), large]);
    const todo = await stack(service(reference));
    const pull = onTerminal(todo, ['pull']);
    expect((await pull.ended).code).toBe(0);
    expect(pull.text()).toMatch(/Pulling .*\d+(\.\d+)?MB \/ 60(\.\d)?MB/);
    expect(pull.text().trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^✔ Image ${reference} +Pulled +\\d+\\.\\ds$`),
    );
    await image('rm', reference);
  });

  test('that lacks the tag, or does not answer, stops everything with a reason', async () => {
    await registry.push('team/tags', '1', [busyboxRootfs()]);
    const todo = await stack(service(`${registry.host}/team/tags:2`));
    const lacking = await todo.run('up', '-d');
    expect(lacking.code).toBe(1);
    expect(lacking.stderr).toContain(`${registry.host}/team/tags:2`);
    expect(lacking.stderr).not.toContain('Creating');
    await todo.write('compose.yaml', service('127.0.0.1:9/team/app:1'));
    const silent = await todo.run('up', '-d');
    expect(silent.code).toBe(1);
    expect(silent.stderr).toContain('no registry could be reached at 127.0.0.1:9');
    expect(await todo.containers()).toEqual([]);
  });

  test('is left alone with --pull never', async () => {
    const reference = `${registry.host}/team/never:1`;
    await registry.push('team/never', '1', [busyboxRootfs()]);
    const todo = await stack(service(reference));
    const { code, stderr } = await todo.run('up', '-d', '--pull', 'never');
    expect(code).toBe(1);
    expect(stderr).toContain(reference);
    expect(await image('ls', '-q', `${registry.host}/team/never`)).toBe('');
  });
});
