import { describe, expect, it } from 'vitest';
import { explain, printExplanations } from '../../../src/compose/index.ts';
import { type Given, optionsFor, overridden, web } from '../load/loading.ts';

/** What is said of the values at a path, as lines. */
async function told(
  files: string | Readonly<Record<string, string>>,
  path: string,
  given: Given = {},
): Promise<readonly string[]> {
  const options = optionsFor(typeof files === 'string' ? { '/p/compose.yaml': files } : files, given);
  const { explanations, problems } = await explain(options, path === '' ? [] : [path]);
  if (problems.length > 0) return problems.map(({ code, message, hint }) => `${code}: ${message} -> ${hint}`);
  const text = printExplanations(explanations, { nameFile: (file) => file.replace('/p/', '') });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/(?<=\S) {2,}/g, ' | '));
}

describe('a variable', () => {
  const yaml = web('hostname: h-${V:-d}');

  it('is explained by the shell, and what .env says of it instead', async () => {
    const files = { '/p/compose.yaml': yaml, '/p/.env': '# first\nV=file\n' };
    expect(await told(files, 'services.web.hostname', { env: { V: 'shell' } })).toEqual([
      'services.web.hostname: h-shell | compose.yaml:4:15',
      '  written h-${V:-d}',
      '  V=shell | shell',
      '  instead of V=file | .env:2:1',
    ]);
  });

  it('is explained by the line of .env, with the variables of that line', async () => {
    const files = { '/p/compose.yaml': yaml, '/p/.env': 'A=1\nV=${A}-${A}\nA=2\n' };
    expect(await told(files, 'services.web.hostname')).toEqual([
      'services.web.hostname: h-1-1 | compose.yaml:4:15',
      '  written h-${V:-d}',
      '  V=1-1 | .env:2:1',
      '  A=1 | .env:1:1',
    ]);
  });

  it('is explained by the last --env-file, over those before it', async () => {
    const files = { '/p/compose.yaml': yaml, '/p/.env': 'V=no', '/p/a.env': 'V=a\nV=aa', '/p/b.env': 'V=b' };
    expect(await told(files, 'services.web.hostname', { envFiles: ['a.env', 'b.env'] })).toEqual([
      'services.web.hostname: h-b | compose.yaml:4:15',
      '  written h-${V:-d}',
      '  V=b | b.env:1:1',
      '  instead of V=aa | a.env:2:1',
      '  instead of V=a | a.env:1:1',
    ]);
  });

  it('is explained by its default, and the variables in that', async () => {
    const files = web('hostname: ${V:-${W-x}}');
    expect(await told(files, 'services.web.hostname', { env: { V: '' } })).toEqual([
      'services.web.hostname: x | compose.yaml:4:15',
      '  written ${V:-${W-x}}',
      '  V="", default ${W-x} | shell',
      '  W is not set, default x',
    ]);
    expect(await told(files, 'services.web.hostname', { env: { V: 'v' } })).toEqual([
      'services.web.hostname: v | compose.yaml:4:15',
      '  written ${V:-${W-x}}',
      '  V=v | shell',
    ]);
  });

  it('is explained by its alternate', async () => {
    const files = web('hostname: h${V:+-alt}');
    expect(await told(files, 'services.web.hostname', { env: { V: 'v' } })).toEqual([
      'services.web.hostname: h-alt | compose.yaml:4:15',
      '  written h${V:+-alt}',
      '  V=v, alternate -alt | shell',
    ]);
    expect(await told(files, 'services.web.hostname')).toEqual([
      'services.web.hostname: h | compose.yaml:4:15',
      '  written h${V:+-alt}',
      '  V is not set',
    ]);
  });

  it('is explained by the name of the project, which is explained itself', async () => {
    const yaml = 'name: Shop\nservices: {web: {image: "x:$COMPOSE_PROJECT_NAME"}}';
    expect(await told(yaml, 'services.web.image')).toEqual([
      'services.web.image: x:shop | compose.yaml:2:25',
      '  written x:$COMPOSE_PROJECT_NAME',
      "  COMPOSE_PROJECT_NAME=shop | project's name",
    ]);
    expect(await told(yaml, 'name')).toEqual(['name: shop | compose.yaml:1:7']);
    expect(await told(yaml, 'name', { projectName: 'other' })).toEqual([
      'name: other | given with the command',
      '  instead of Shop | compose.yaml:1:7',
    ]);
    expect(await told(yaml, 'name', { env: { COMPOSE_PROJECT_NAME: 'env' } })).toEqual([
      'name: env | COMPOSE_PROJECT_NAME',
      '  COMPOSE_PROJECT_NAME=env | shell',
      '  instead of Shop | compose.yaml:1:7',
    ]);
    expect(await told(web(), 'name')).toEqual(['name: p | name of the directory']);
  });
});

describe('the environment of a service', () => {
  it('is explained by the last env_file, under what is written in environment', async () => {
    const files = {
      '/p/compose.yaml': web('env_file: [a.env, b.env]', 'environment: {A: own, D: }'),
      '/p/a.env': 'A=a\nB=a\nC=${B}c\n',
      '/p/b.env': '\nB="b"\n',
    };
    expect(await told(files, 'services.web.environment', { env: { D: 'd' } })).toEqual([
      'services.web.environment.A: own | compose.yaml:5:22',
      '  instead of a | a.env:1:1',
      'services.web.environment.B: b | b.env:2:1',
      '  through env_file | compose.yaml:4:23',
      '  instead of a | a.env:2:1',
      'services.web.environment.C: ac | a.env:3:1',
      '  written ${B}c',
      '  B=a | a.env:2:1',
      '  through env_file | compose.yaml:4:16',
      'services.web.environment.D: d | compose.yaml:5:27',
      '  D=d | shell',
    ]);
  });

  it('is explained across its forms, and across files', async () => {
    const files = overridden(web('environment: {A: 1, B: x}'), web('environment: [A=2, C]'));
    expect(await told(files, 'web.environment', { env: { C: 'c' } })).toEqual([
      'services.web.environment.A: 2 | compose.override.yaml:4:19',
      '  instead of 1 | compose.yaml:4:19',
      'services.web.environment.B: x | compose.yaml:4:25',
      'services.web.environment.C: c | compose.override.yaml:4:24',
      '  C=c | shell',
    ]);
  });

  it('tells labels of a label_file as well', async () => {
    const files = {
      '/p/compose.yaml': web('label_file: l', 'labels: {a.b: own}'),
      '/p/l': 'a.b=file\nc=d\n',
    };
    expect(await told(files, 'services.web.labels')).toEqual([
      'services.web.labels.a.b: own | compose.yaml:5:19',
      '  instead of file | l:1:1',
      'services.web.labels.c: d | l:2:1',
      '  through label_file | compose.yaml:4:17',
    ]);
  });
});

describe('an included file', () => {
  it('is told with the entry that includes it, and sees the variables of its own env_file', async () => {
    const files = {
      '/p/compose.yaml': 'include:\n  - path: in/a.yaml\n    env_file: in/x.env\n',
      '/p/in/a.yaml': 'include: [b.yaml]\n',
      '/p/in/b.yaml': 'services:\n  db:\n    image: y:${T}-${U}\n',
      '/p/in/x.env': 'T=theirs\nU=u\n',
      '/p/.env': 'T=mine\n',
    };
    expect(await told(files, 'services.db.image')).toEqual([
      'services.db.image: y:mine-u | in/b.yaml:3:12',
      '  written y:${T}-${U}',
      '  T=mine | .env:1:1',
      '  instead of T=theirs | in/x.env:1:1',
      '  U=u | in/x.env:2:1',
      '  through include | in/a.yaml:1:11',
      '  through include | compose.yaml:2:11',
    ]);
  });

  it('stands under what an override of the includer says', async () => {
    const files = {
      '/p/compose.yaml': 'include: [a.yaml]\n',
      '/p/compose.override.yaml': 'services: {s: {image: mine}}\n',
      '/p/a.yaml': 'services: {s: {image: theirs, user: u}}',
    };
    expect(await told(files, 's')).toEqual([
      'services.s.image: mine | compose.override.yaml:1:23',
      '  instead of theirs | a.yaml:1:23',
      'services.s.networks.default: null | default of Compose',
      'services.s.user: u | a.yaml:1:37',
      '  through include | compose.yaml:1:11',
    ]);
  });
});

describe('extends', () => {
  it('is followed within a file, step by step', async () => {
    const yaml = `services:
  web: {extends: middle, environment: {C: 3}}
  middle: {extends: {service: base}, environment: {B: 2, A: 2}}
  base: {image: x, environment: {A: 1}}
`;
    expect(await told(yaml, 'services.web')).toEqual([
      'services.web.environment.A: 2 | compose.yaml:3:58',
      '  through extends | compose.yaml:2:18',
      '  instead of 1 | compose.yaml:4:34',
      'services.web.environment.B: 2 | compose.yaml:3:52',
      '  through extends | compose.yaml:2:18',
      'services.web.environment.C: 3 | compose.yaml:2:40',
      'services.web.image: x | compose.yaml:4:17',
      '  through extends | compose.yaml:3:31',
      '  through extends | compose.yaml:2:18',
      'services.web.networks.default: null | default of Compose',
    ]);
  });

  it('is followed into other files, and through the include that led to the first', async () => {
    const files = {
      '/p/compose.yaml': 'include: [a.yaml]',
      '/p/a.yaml': 'services: {web: {extends: {file: base.yaml, service: app}}}',
      '/p/base.yaml': 'services: {app: {extends: {file: root.yaml, service: r}, user: u}}',
      '/p/root.yaml': 'services: {r: {image: x}, other: {image: y}}',
    };
    expect(await told(files, 'services.web.image')).toEqual([
      'services.web.image: x | root.yaml:1:23',
      '  through extends | base.yaml:1:54',
      '  through extends | a.yaml:1:54',
      '  through include | compose.yaml:1:11',
    ]);
  });
});

describe('several files', () => {
  it('show what each said, the nearest first', async () => {
    const files = {
      '/p/a.yaml': web('hostname: a', 'command: run -a', 'ports: ["80:80"]'),
      '/p/b.yaml': web('hostname: b', 'ports: ["81:81"]'),
      '/p/c.yaml': web('hostname: c', 'command: [run, -c]'),
    };
    const given = { files: ['a.yaml', 'b.yaml', 'c.yaml'] };
    expect(await told(files, 'web.hostname', given)).toEqual([
      'services.web.hostname: c | c.yaml:4:15',
      '  instead of b | b.yaml:4:15',
      '  instead of a | a.yaml:4:15',
    ]);
    expect(await told(files, 'web.command', given)).toEqual([
      'services.web.command: [run, "-c"] | c.yaml:5:5',
      '  instead of run -a | a.yaml:5:14',
    ]);
    expect(await told(files, 'web.ports', given)).toEqual([
      'services.web.ports[0]: {mode: ingress, target: 80, published: "80", protocol: tcp}',
      ' '.repeat(48) + 'a.yaml:6:13',
      'services.web.ports[1]: {mode: ingress, target: 81, published: "81", protocol: tcp}',
      ' '.repeat(48) + 'b.yaml:5:13',
    ]);
  });

  it('show an item that takes the place of another one', async () => {
    const files = overridden(web('volumes: ["./a:/d"]'), web('volumes: ["./b:/d"]'));
    const [, place, ...rest] = await told(files, 'web.volumes');
    expect([place, rest[1]].map((line) => line?.trim())).toEqual([
      'compose.override.yaml:4:15',
      'compose.yaml:4:15',
    ]);
  });

  it('show what !override replaced and !reset took away', async () => {
    const files = overridden(
      web('dns: [1.1.1.1]', 'user: me'),
      web('dns: !override [8.8.8.8]', 'user: !reset null'),
    );
    expect(await told(files, 'web.dns')).toEqual([
      'services.web.dns: [8.8.8.8] | compose.override.yaml:4:5',
      '  instead of [1.1.1.1] | compose.yaml:4:10',
    ]);
    expect(await told(files, 'web.user')).toEqual([
      'services.web.user: not set',
      '  !reset | compose.override.yaml:5:5',
      '  instead of me | compose.yaml:5:11',
    ]);
  });
});

describe('anchors', () => {
  it('are told with the alias and the merge key that bring them in', async () => {
    const yaml = `x-env: &env {A: 1, B: 1}
x-web: &web
  image: x
  environment: *env
services:
  one: {<<: *web, image: y}
  two: {image: z, environment: {<<: *env, A: 2}}
`;
    expect(await told(yaml, 'services.one')).toEqual([
      'services.one.environment.A: 1 | compose.yaml:1:17',
      '  through an alias | compose.yaml:4:16',
      '  through << | compose.yaml:6:9',
      'services.one.environment.B: 1 | compose.yaml:1:23',
      '  through an alias | compose.yaml:4:16',
      '  through << | compose.yaml:6:9',
      'services.one.image: y | compose.yaml:6:26',
      '  instead of x | compose.yaml:3:10',
      'services.one.networks.default: null | default of Compose',
    ]);
    expect(await told(yaml, 'services.two.environment')).toEqual([
      'services.two.environment.A: 2 | compose.yaml:7:46',
      '  instead of 1 | compose.yaml:1:17',
      'services.two.environment.B: 1 | compose.yaml:1:23',
      '  through << | compose.yaml:7:33',
    ]);
  });
});

describe('what nobody wrote', () => {
  it('is a default, or follows from what is written', async () => {
    const yaml =
      web('build: {target: t}', 'links: [db]').replace('    image: x\n', '') + '  db: {image: x}\n';
    expect(await told(yaml, '')).toEqual([
      'name: p | name of the directory',
      'networks.default.name: p_default | follows from the key',
      'services.db.image: x | compose.yaml:5:15',
      'services.db.networks.default: null | default of Compose',
      'services.web.build.context: /p | default of Compose',
      'services.web.build.dockerfile: Dockerfile | default of Compose',
      'services.web.build.target: t | compose.yaml:3:21',
      'services.web.depends_on.db: {condition: service_started, restart: true, required: true}',
      ' '.repeat(48) + 'follows from another attribute',
      'services.web.links[0]: db | compose.yaml:4:13',
      'services.web.networks.default: null | default of Compose',
    ]);
  });
});

describe('a secret', () => {
  it('is never told, wherever its variable is used', async () => {
    const yaml = `services:
  web: {image: x, environment: {PW: "${'${PW}'}", U: "${'${USER}'}"}}
secrets: {pw: {environment: PW}}
`;
    const files = { '/p/compose.yaml': yaml, '/p/.env': 'PW=hunter2\nUSER=u\n' };
    expect(await told(files, 'web.environment', { env: { PW: 'hunter3' } })).toEqual([
      'services.web.environment.PW: (secret) | compose.yaml:2:37',
      '  PW=(secret) | shell',
      '  instead of PW=(secret) | .env:1:1',
      'services.web.environment.U: u | compose.yaml:2:49',
      '  written ${USER}',
      '  USER=u | .env:2:1',
    ]);
    const options = optionsFor(files, { env: { PW: 'hunter3' }, allResources: true });
    const { explanations } = await explain(options);
    expect(JSON.stringify(explanations)).not.toContain('hunter');
    expect(explanations.find(({ path }) => path === 'secrets.pw.environment')).toMatchObject({
      value: 'PW',
      variables: [{ name: 'PW', set: { from: 'shell' }, over: [{ from: 'file', at: { line: 1 } }] }],
    });
  });
});

describe('a path', () => {
  it('may begin with a service, and name a part of a value', async () => {
    const yaml = web('labels: {a.b: "1", a.b.c: "2"}', 'tmpfs: [/t, /u]');
    expect(await told(yaml, 'web.labels.a.b.c')).toEqual([
      'services.web.labels.a.b.c: 2 | compose.yaml:4:31',
    ]);
    expect(await told(yaml, 'services.web.tmpfs[1]')).toEqual([
      'services.web.tmpfs[1]: /u | compose.yaml:5:17',
    ]);
  });

  it('is refused where nothing is, with what was probably meant', async () => {
    const yaml = web('labels: {a: b}');
    expect(await told(yaml, 'services.web.label')).toEqual([
      'COMPOSE_NO_SUCH_VALUE: nothing sets services.web.label -> did you mean "labels"?',
    ]);
    expect(await told(yaml, 'wbe.labels')).toEqual([
      'COMPOSE_NO_SUCH_VALUE: nothing sets wbe.labels -> did you mean "web"?',
    ]);
  });
});

describe('text for a terminal', () => {
  it('keeps places in one column and cuts values that are too long', async () => {
    const files = {
      '/p/compose.yaml': web('command: echo a very long line of words that goes on', 'user: u'),
    };
    const { explanations } = await explain(optionsFor(files), ['web.command', 'web.user']);
    expect(printExplanations(explanations, { width: 60 })).toBe(
      `services.web.command: [echo, a, very, long, line, of, words…
                                                /p/compose.yaml:4:14
services.web.user: u                            /p/compose.yaml:5:11
`,
    );
  });
});
