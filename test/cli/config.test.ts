import { describe, expect, it } from 'vitest';
import { TscomposeError } from '../../src/errors.ts';
import { run, shop } from './world.ts';

const files = {
  '/shop/compose.yaml':
    `name: shop
services:
  web:
    image: $` +
    `{WEB:-nginx}
    environment: { PRICE: "5$$" }
    depends_on: [db]
    networks: [front]
  db:
    image: postgres
    volumes: [data:/data]
  tool:
    build: .
    profiles: [debug]
volumes: { data: {} }
networks: { front: {} }
`,
};

describe('config', () => {
  it('prints the project in full, as YAML that loads to the same', async () => {
    const { code, out, err } = await run('config', { files });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('name: shop\nservices:\n');
    expect(out).toContain('PRICE: 5$$\n');
    const again = await run('config', { files: { '/shop/compose.yaml': out } });
    expect(again.out).toBe(out);
    expect((await run('convert', { files })).out).toBe(out);
  });

  it('prints JSON', async () => {
    const { out } = await run('config --format json', { files });
    expect(JSON.parse(out)).toMatchObject({
      name: 'shop',
      services: { web: { image: 'nginx', environment: { PRICE: '5$$' } } },
    });
    expect(Object.keys((JSON.parse(out) as { services: object }).services)).toEqual(['db', 'web']);
  });

  it('keeps to the services that are named and what they need', async () => {
    const { out } = await run('config --format json db', { files });
    const project = JSON.parse(out) as Record<string, object>;
    expect(Object.keys(project.services ?? {})).toEqual(['db']);
    expect(Object.keys(project.networks ?? {})).toEqual(['default']);
    expect(Object.keys(project.volumes ?? {})).toEqual(['data']);
    const web = JSON.parse((await run('config --format json web', { files })).out) as Record<string, object>;
    expect(Object.keys(web.services ?? {})).toEqual(['db', 'web']);
    expect(await run('config nobody', { files })).toMatchObject({
      code: 1,
      err: 'tscompose: no such service: nobody\nhint: the services are db, tool and web\n',
    });
  });

  it.each([
    ['--services', 'db\nweb\n'],
    ['--volumes', 'data\n'],
    ['--networks', 'default\nfront\n'],
    ['--images', 'postgres\nnginx\n'],
    ['--profiles', 'debug\n'],
    ['--models', ''],
    [
      '--variables',
      'NAME                REQUIRED            DEFAULT VALUE       ALTERNATE VALUE\nWEB                 false               nginx\n',
    ],
    ['--quiet', ''],
  ])('prints a list with %s', async (flag, out) => {
    expect(await run(`config ${flag}`, { files })).toMatchObject({ code: 0, out, err: '' });
  });

  it.each(['--services', '--volumes', '--networks', '--images', '--profiles', '--models'])(
    'needs no env_file for %s',
    async (flag) => {
      const lacking = { '/shop/compose.yaml': 'services: {web: {image: x, env_file: none.env}}' };
      expect(await run(`config ${flag}`, { files: lacking })).toMatchObject({ code: 0, err: '' });
      expect(await run('config --quiet', { files: lacking })).toMatchObject({ code: 1 });
    },
  );

  it('prints the images of the services that are named, and of what they need', async () => {
    expect((await run('config --images db', { files })).out).toBe('postgres\n');
    expect((await run('config --images web', { files })).out).toBe('postgres\nnginx\n');
  });

  it('follows a chain of ten thousand dependencies', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
    const services = names.map((name, index) => {
      const next = names[index + 1];
      return [name, { image: name, ...(next === undefined ? {} : { depends_on: [next] }) }];
    });
    const long = { '/shop/compose.yaml': JSON.stringify({ services: Object.fromEntries(services) }) };
    expect((await run('config --services', { files: long })).out).toBe(`${names.toReversed().join('\n')}\n`);
    expect((await run('config --images s9990', { files: long })).out.split('\n')).toHaveLength(11);
  });

  it('prints the models by what they are', async () => {
    const yaml =
      'services: {web: {image: x, models: [small]}}\nmodels: {small: {model: ai/smollm2}, big: {model: ai/big}}\n';
    expect((await run('config --models', { files: { '/shop/compose.yaml': yaml } })).out).toBe(
      'ai/smollm2\n',
    );
  });

  it('counts a service of an enabled profile, with the name that its image will have', async () => {
    expect((await run('--profile debug config --images', { files })).out).toBe(
      'postgres\nshop-tool\nnginx\n',
    );
    expect((await run('config --services', { files, environment: { COMPOSE_PROFILES: 'debug' } })).out).toBe(
      'db\ntool\nweb\n',
    );
  });

  it('prints a hash for each service, that changes with the service alone', async () => {
    const { out } = await run(['config', '--hash', '*'], { files });
    expect(out).toMatch(/^db [0-9a-f]{64}\nweb [0-9a-f]{64}\n$/);
    const other = await run(['config', '--hash', 'web,db'], { files, environment: { WEB: 'caddy' } });
    expect(other.out.split('\n')[0]).toBe(out.split('\n')[0]);
    expect(other.out.split('\n')[1]).not.toBe(out.split('\n')[1]);
    expect(await run('config --hash nobody', { files })).toMatchObject({
      code: 1,
      err: 'tscompose: no such service: nobody\n',
    });
  });

  it('prints the variables that the files see', async () => {
    const environment = { WEB: 'caddy' };
    expect(
      (await run('config --environment', { files: { ...files, '/shop/.env': 'A=1\n' }, environment })).out,
    ).toBe('A=1\nCOMPOSE_PROJECT_NAME=shop\nWEB=caddy\n');
  });

  it('leaves variables alone with --no-interpolate', async () => {
    const { out } = await run('config --format json --no-interpolate', { files });
    expect(JSON.parse(out)).toMatchObject({
      services: { web: { image: '$' + '{WEB:-nginx}', environment: { PRICE: '5$$' } } },
    });
  });

  it('adds nothing that the files do not say under --compatibility', async () => {
    const { out } = await run('--compatibility config --format json', { files });
    expect(JSON.parse(out)).toMatchObject({ name: 'shop', networks: { front: {} } });
    expect(Object.keys((JSON.parse(out) as { networks: object }).networks)).toEqual(['front']);
  });

  it('writes to a file', async () => {
    const { calls, out } = await run('config -o full.yaml', { files });
    expect(calls).toEqual(['writeText(/shop/full.yaml)']);
    expect(out).toContain('name: shop');
  });

  it('prints one list at a time', async () => {
    expect(await run('config --services --volumes', { files })).toMatchObject({
      code: 1,
      err: 'tscompose: --services and --volumes cannot be combined\nhint: print one list at a time\n',
    });
  });

  describe('with the digests of a registry', () => {
    const client = {
      imageResolve: async (images: readonly string[]) =>
        images.map((image) => `docker.io/library/${image}@sha256:${'0'.repeat(64)}`),
    };

    it('pins every image that is named, and asks for each once', async () => {
      const twice = {
        '/shop/compose.yaml': files['/shop/compose.yaml'].replace('build: .', 'image: postgres'),
      };
      const { out, calls } = await run('--profile debug config --resolve-image-digests --format json', {
        files: twice,
        client,
      });
      const { services } = JSON.parse(out) as { services: Record<string, { image?: string }> };
      expect(Object.entries(services).map(([name, { image }]) => [name, image])).toEqual([
        ['db', `docker.io/library/postgres@sha256:${'0'.repeat(64)}`],
        ['tool', `docker.io/library/postgres@sha256:${'0'.repeat(64)}`],
        ['web', `docker.io/library/nginx@sha256:${'0'.repeat(64)}`],
      ]);
      expect(calls).toEqual(['imageResolve(["postgres","nginx"])']);
    });

    it('prints an override file that says nothing else', async () => {
      const { out, code } = await run('--profile debug config --lock-image-digests', { files, client });
      expect({ out, code }).toEqual({
        code: 0,
        out: `services:
  db:
    image: docker.io/library/postgres@sha256:${'0'.repeat(64)}
  web:
    image: docker.io/library/nginx@sha256:${'0'.repeat(64)}
`,
      });
    });

    it('fails as the registry does', async () => {
      const refusing = {
        imageResolve: async () => {
          throw new TscomposeError('IMAGE_NOT_FOUND', 'the registry r has no image r/none');
        },
      };
      expect(await run('config --resolve-image-digests', { files, client: refusing })).toMatchObject({
        code: 1,
        out: '',
        err: 'tscompose: the registry r has no image r/none\n',
      });
    });
  });

  it('reads the files that are named, in order', async () => {
    const more = { ...shop, '/shop/b.yaml': 'services:\n  web:\n    image: caddy\n' };
    expect((await run('-f compose.yaml -f b.yaml config --images', { files: more })).out).toBe(
      'postgres:17\ncaddy\n',
    );
    const environment = { COMPOSE_FILE: 'compose.yaml:b.yaml' };
    expect((await run('config --images', { files: more, environment })).out).toBe('postgres:17\ncaddy\n');
    expect((await run('-p other config --format json', { files: more })).out).toContain('"name": "other"');
  });
});
