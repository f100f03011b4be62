import { describe, expect, it } from 'vitest';
import { problemsAsJson, problemsForGitHub } from '../../src/cli/views/problem-formats.ts';
import { run } from './world.ts';

const bad = `version: "3"
services:
  web:
    image: nginx
    imag: x
    environment:
      DB_PASSWORD: hunter2
`;
const fine = 'services:\n  web:\n    image: nginx:1.27\n';
const files = {
  '/shop/compose.yaml': bad,
  '/shop/fine.yaml': fine,
  '/shop/warned.yaml': 'services: {a: {image: a}}\n',
};

describe('lint', () => {
  it('tells every error and warning in file order, each with its line and code, and how many there are', async () => {
    expect(await run('lint', { files })).toMatchObject({
      code: 1,
      err: '',
      out: `compose.yaml:1:1: warning: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion [COMPOSE_OBSOLETE_VERSION]
  1 | version: "3"
    | ^^^^^^^
  hint: take the line out
compose.yaml:4:12: warning: services.web.image: nginx has no tag, which means latest [COMPOSE_LATEST_TAG]
  4 |     image: nginx
    |            ^^^^^
  hint: write a version
compose.yaml:5:5: error: services.web: unknown attribute "imag" [COMPOSE_UNKNOWN_KEY]
  5 |     imag: x
    |     ^^^^
  hint: did you mean "image"?
compose.yaml:7:7: warning: services.web.environment.DB_PASSWORD: its value stands in the file for everybody to read [COMPOSE_PLAIN_SECRET]
  7 |       DB_PASSWORD: *******
    |       ^^^^^^^^^^^
  hint: write \${DB_PASSWORD} and set it elsewhere, or mount a secret

1 error, 3 warnings
`,
    });
  });

  it('ends well when nothing is wrong, and at warnings unless they are too many', async () => {
    const outcome = async (line: string) => {
      const { code, out } = await run(line, { files });
      return [code, out.trimEnd().split('\n').at(-1)];
    };
    expect(await outcome('lint fine.yaml')).toEqual([0, 'no problems']);
    expect(await outcome('lint warned.yaml')).toEqual([0, '0 errors, 1 warning']);
    expect(await outcome('lint --strict warned.yaml')).toEqual([1, '0 errors, 1 warning']);
    expect(await outcome('lint --max-warnings 1 warned.yaml')).toEqual([0, '0 errors, 1 warning']);
    expect(await outcome('lint --max-warnings 0 warned.yaml')).toEqual([1, '0 errors, 1 warning']);
    expect(await outcome('lint --strict --ignore COMPOSE_LATEST_TAG warned.yaml')).toEqual([
      0,
      'no problems',
    ]);
  });

  it('takes each file that is named as a project, and those after -f as one', async () => {
    const over = {
      ...files,
      '/shop/a.yaml': 'services: {web: {image: "a:1"}}\n',
      '/shop/b.yaml': 'services: {web: {tty: true}}\n',
    };
    expect((await run('-f a.yaml -f b.yaml lint', { files: over })).out).toBe('no problems\n');
    expect((await run('lint a.yaml b.yaml', { files: over })).out.split('\n')[0]).toBe(
      'b.yaml:1:12: error: service "web" has neither an image nor a build context specified [COMPOSE_NO_IMAGE]',
    );
  });

  it('knows which codes there are', async () => {
    expect(await run('lint --ignore COMPOSE_LATEST_TAGS', { files })).toMatchObject({
      code: 1,
      err: 'tscompose: no warning has the code "COMPOSE_LATEST_TAGS"\nhint: did you mean "COMPOSE_LATEST_TAG"?\n',
    });
    const { out } = await run('lint --codes');
    expect(out).toContain(
      '\nCOMPOSE_UNUSED\n  A network, volume, secret, config or model is declared at the top level and no\n',
    );
  });

  it('prints one JSON document for programs', async () => {
    const { code, out } = await run('lint --format json warned.yaml', { files });
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        problems: [
          {
            severity: 'warning',
            code: 'COMPOSE_LATEST_TAG',
            message: 'services.a.image: a has no tag, which means latest',
            file: '/shop/warned.yaml',
            line: 1,
            column: 23,
            endLine: 1,
            endColumn: 24,
            hint: 'write a version',
          },
        ],
      },
    ]);
    expect(JSON.parse((await run('lint --format json fine.yaml', { files })).out)).toEqual({ problems: [] });
  });

  it('prints annotations for GitHub, with paths from the current directory', async () => {
    expect((await run('lint --format github warned.yaml', { files })).out).toBe(
      '::warning file=warned.yaml,line=1,col=23,endLine=1,endColumn=24,title=COMPOSE_LATEST_TAG::services.a.image: a has no tag, which means latest%0Ahint: write a version\n',
    );
  });
});

describe('a problem for programs', () => {
  const at = { file: 'a,b:c.yaml', line: 1, column: 2, endLine: 3, endColumn: 4 };
  const via = [{ message: 'set here', at: { ...at, file: '.env' } }, { message: 'included' }];
  const problem = {
    severity: 'error',
    code: 'COMPOSE_X',
    message: '100%\nwrong',
    at,
    hint: 'so',
    via,
  } as const;

  it('has the places that it came by', () => {
    expect(JSON.parse(problemsAsJson([problem])).problems[0].via).toEqual([
      { message: 'set here', file: '.env', line: 1, column: 2, endLine: 3, endColumn: 4 },
      { message: 'included' },
    ]);
  });

  it('is escaped as GitHub wants it, with columns only within one line', () => {
    expect(problemsForGitHub([problem])).toBe(
      '::error file=a%2Cb%3Ac.yaml,line=1,endLine=3,title=COMPOSE_X::100%25%0Awrong%0Ahint: so%0Afrom: .env:1:2: set here%0Afrom: included\n',
    );
  });

  it('may have no place', () => {
    expect(problemsForGitHub([{ severity: 'warning', code: 'COMPOSE_X', message: 'x' }])).toBe(
      '::warning title=COMPOSE_X::x\n',
    );
  });
});
