import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { run } from './world.ts';

const files = {
  '/shop/compose.yaml': `services:
  web:
    image: \${REGISTRY:-docker.io}/nginx:\${TAG}
    env_file: web.env
    environment:
      LOG: info
`,
  '/shop/compose.override.yaml': `services:
  web:
    image: nginx:\${TAG}
    environment: [LOG=debug]
`,
  '/shop/web.env': 'LOG=trace\nMODE=fast\n',
  '/shop/.env': 'TAG=1.27\n',
};

describe('config --explain', () => {
  it('shows where a value is from, what its variables are, and what it stands in place of', async () => {
    expect(await run('config --explain services.web.image', { files })).toMatchObject({
      code: 0,
      err: '',
      out: `services.web.image: nginx:1.27     compose.override.yaml:3:12
  written nginx:\${TAG}
  TAG=1.27                         .env:1:1
  instead of docker.io/nginx:1.27  compose.yaml:3:12
`,
    });
  });

  it('explains everything, or the services that are named', async () => {
    const { out } = await run('config --explain', { files });
    expect(out).toBe(`name: shop                           name of the directory
networks.default.name: shop_default  follows from the key
services.web.environment.LOG: debug  compose.override.yaml:4:19
  instead of info                    compose.yaml:6:7
  instead of trace                   web.env:1:1
services.web.environment.MODE: fast  web.env:2:1
  through env_file                   compose.yaml:4:15
services.web.image: nginx:1.27       compose.override.yaml:3:12
  written nginx:\${TAG}
  TAG=1.27                           .env:1:1
  instead of docker.io/nginx:1.27    compose.yaml:3:12
services.web.networks.default: null  default of Compose
`);
    const web = await run('config web --explain', { files });
    expect(web.out).toBe(out.split('\n').slice(2).join('\n'));
    expect((await run('config --explain web', { files })).out).toBe(web.out);
  });

  it('prints JSON, with whole places', async () => {
    const { out } = await run('config --format json --explain services.web.environment.MODE', { files });
    const at = (file: string, line: number, column: number, endColumn: number): object => ({
      file: `/shop/${file}`,
      line,
      column,
      endLine: line,
      endColumn,
    });
    expect(JSON.parse(out)).toEqual([
      {
        path: 'services.web.environment.MODE',
        value: 'fast',
        at: at('web.env', 2, 1, 10),
        through: [{ how: 'env_file', at: at('compose.yaml', 4, 15, 22) }],
      },
    ]);
  });

  it('refuses a path that leads nowhere, a broken file, and lists beside it', async () => {
    expect(await run('config --explain services.web.imag', { files })).toMatchObject({
      code: 1,
      out: '',
      err: 'tscompose: nothing sets services.web.imag\nhint: did you mean "image"?\n',
    });
    expect(
      await run('config --explain', { files: { '/shop/compose.yaml': 'services: {a: {}}' } }),
    ).toMatchObject({
      code: 1,
      out: '',
    });
    expect(await run('config --explain --hash a', { files })).toMatchObject({
      err: 'tscompose: --explain and --hash cannot be combined\n',
    });
  });
});

describe('env', () => {
  it('prints what a service gets, without names that have no value', async () => {
    expect(await run('env web', { files })).toMatchObject({
      code: 0,
      err: '',
      out: 'LOG=debug\nMODE=fast\n',
    });
    const unset = { '/shop/compose.yaml': 'services: {web: {image: x, environment: [A, B=]}}' };
    expect((await run('env web', { files: unset })).out).toBe('B=\n');
    expect((await run('env web --format json', { files: unset, environment: { A: 'a' } })).out).toBe(
      '{\n  "A": "a",\n  "B": ""\n}\n',
    );
  });

  it('shows where each variable is set', async () => {
    expect(
      (await run('env web --explain', { files })).out,
    ).toBe(`LOG=debug           compose.override.yaml:4:19
  instead of info   compose.yaml:6:7
  instead of trace  web.env:1:1
MODE=fast           web.env:2:1
  through env_file  compose.yaml:4:15
`);
    const unset = { '/shop/compose.yaml': 'services: {web: {image: x, environment: [A]}}' };
    expect((await run('env web --explain', { files: unset })).out).toBe('A is not set  compose.yaml:1:42\n');
  });

  it('says nothing of a service without any, and refuses one that is not there', async () => {
    const bare = { '/shop/compose.yaml': 'services: {web: {image: x}}' };
    expect(await run('env web', { files: bare })).toMatchObject({ code: 0, out: '', err: '' });
    expect(await run('env web --explain', { files: bare })).toMatchObject({ code: 0, out: '', err: '' });
    for (const flag of ['', ' --explain'])
      expect(await run(`env wbe${flag}`, { files })).toMatchObject({
        code: 1,
        out: '',
        err: 'tscompose: no such service: wbe\nhint: did you mean "web"?\n',
      });
  });

  it('works for a service whose profile is off', async () => {
    const off = { '/shop/compose.yaml': 'services: {web: {image: x, profiles: [p], environment: {A: b}}}' };
    expect((await run('env web', { files: off })).out).toBe('A=b\n');
    expect((await run('env web --explain', { files: off })).out).toBe('A=b  compose.yaml:1:60\n');
  });
});

describe('docs/explain.md', () => {
  it.each(['config --explain services.web.image', 'env web --explain'])(
    'shows what %s prints',
    async (line) => {
      const { out } = await run(line, { files });
      const document = await readFile(new URL('../../docs/explain.md', import.meta.url), 'utf8');
      expect(document).toContain(`$ tscompose ${line}\n${out}\`\`\``);
    },
  );
});
