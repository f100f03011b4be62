import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ComposeError, HostError, TscomposeError } from '../../src/errors.ts';
import { run, shop } from './world.ts';

const failing = (error: Error) => ({ files: shop, client: { apply: () => Promise.reject(error) } });

describe('errors', () => {
  it('show every mistake of the file with its line, a caret and a hint', async () => {
    const files = {
      '/shop/compose.yaml':
        'services:\n  web:\n    imag: nginx\n    image: nginx\n  db:\n    image: pg\n    prots: []\n',
    };
    expect(await run('up -d', { files })).toMatchObject({
      code: 1,
      out: '',
      err: `compose.yaml:3:5: services.web: unknown attribute "imag"
  3 |     imag: nginx
    |     ^^^^
  hint: did you mean "image"?
compose.yaml:7:5: services.db: unknown attribute "prots"
  7 |     prots: []
    |     ^^^^^
  hint: did you mean "ports"?
`,
    });
  });

  it('show what the machine refuses at the line that asked for it', async () => {
    const at = { file: '/shop/compose.yaml', line: 5, column: 13, endLine: 5, endColumn: 22 };
    const refused = new ComposeError([
      {
        code: 'PORT_IN_USE',
        message: 'port 8080 is in use by nginx (pid 812)',
        at,
        hint: 'publish another one',
      },
    ]);
    expect(await run('up -d', failing(refused))).toMatchObject({
      code: 1,
      err: `compose.yaml:5:13: port 8080 is in use by nginx (pid 812)
  5 |     ports: ["8080:80"]
    |             ^^^^^^^^^
  hint: publish another one
`,
    });
  });

  it('look as README.md shows them', async () => {
    const yaml = `services:
  web:
    image: nginx
    ports: ["8080:80"]
    depends_on:
      db:
        condition: service_healty
  db:
    image: mariadb
    enviroment:
      MARIADB_ROOT_PASSWORD: todo
`;
    const { err } = await run('up -d', { files: { '/shop/compose.yaml': yaml } });
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`\n${err}\`\`\`\n`);
  });

  it('show a file that lies elsewhere with its whole path', async () => {
    const yaml = 'services:\n  web:\n    image: nginx\n    prots: []\n';
    const files = { '/shop/site/compose.yaml': yaml, '/shopping/compose.yaml': yaml };
    const place = async (path: string) => (await run(`-f ${path} config -q`, { files })).err.split(': ')[0];
    expect(await place('site/compose.yaml')).toBe('site/compose.yaml:4:5');
    expect(await place('../shopping/compose.yaml')).toBe('/shopping/compose.yaml:4:5');
  });

  it('say what was refused and the way out, with the exit code of a failure', async () => {
    const refused = new HostError('HOST_TOOL_MISSING', 'the program "crun" is not on this machine', {
      hint: 'install the package "crun": apt-get install crun',
      exitCode: 125,
    });
    expect(await run('up -d', failing(refused))).toMatchObject({
      code: 1,
      err: 'tscompose: the program "crun" is not on this machine\nhint: install the package "crun": apt-get install crun\n',
    });
  });

  it('are coloured on a terminal, and only there', async () => {
    const refused = new TscomposeError('X', 'no', { hint: 'yes' });
    const colourful = await run('--progress quiet down', { ...failing(refused), tty: true });
    expect(colourful.err).toBe('\u001b[31mtscompose:\u001b[39m no\n\u001b[36mhint:\u001b[39m yes\n');
    const plain = await run('--progress quiet down', {
      ...failing(refused),
      tty: true,
      environment: { NO_COLOR: '1' },
    });
    expect(plain.err).toBe('tscompose: no\nhint: yes\n');
  });

  it('name the missing file and where to look', async () => {
    expect(await run('up')).toMatchObject({
      code: 1,
      err: 'tscompose: no configuration file provided: not found\nhint: run in a directory with compose.yaml, or name the file with -f\n',
    });
  });

  it('are preceded by the warnings of the loader', async () => {
    const files = { '/shop/compose.yaml': 'services:\n  web:\n    image: $' + 'WEB_IMAGE\n' };
    const { err } = await run('config -q', { files });
    expect(err.split('\n')[0]).toBe(
      'time="2024-05-01T10:00:00Z" level=warning msg="The \\"WEB_IMAGE\\" variable is not set. Defaulting to a blank string."',
    );
    expect(
      (await run('config -q', { files, tty: true, environment: { NO_COLOR: '1' } })).err.split('\n')[0],
    ).toBe('warning: The "WEB_IMAGE" variable is not set. Defaulting to a blank string.');
  });
});
