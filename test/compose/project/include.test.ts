import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, placesIn, projectOf, web } from '../load/loading.ts';

describe('include', () => {
  it('loads another project with its own directory and variables, and copies its parts in', async () => {
    const project = await projectOf(
      {
        '/p/compose.yaml':
          'include: [db/compose.yaml]\nservices: {web: {image: "x:${TAG}", depends_on: [db]}}',
        '/p/.env': 'TAG=mine',
        '/p/db/compose.yaml':
          'services: {db: {image: "y:${TAG}-${ONLY}", volumes: ["./d:/d", "data:/v"]}}\nvolumes: {data: }',
        '/p/db/.env': 'TAG=theirs\nONLY=here',
      },
      {},
    );
    expect(project.services.db!.image).toBe('y:mine-here');
    expect(project.services.web!.image).toBe('x:mine');
    expect(project.services.db!.mounts.map((mount) => ('source' in mount ? mount.source : ''))).toEqual([
      '/p/db/d',
      'data',
    ]);
    expect(project.volumes.data!.name).toBe('p_data');
    expect(project.configFiles).toEqual(['/p/compose.yaml']);
  });

  it('takes a list of files as one project with overrides, and its own env_file and directory', async () => {
    const project = await projectOf({
      '/p/compose.yaml': `include:
  - path: [sub/a.yaml, sub/b.yaml]
    project_directory: other
    env_file: e.env
`,
      '/p/sub/a.yaml': 'services: {inc: {image: "y:${T}", build: ./c, ports: ["1:1"]}}',
      '/p/sub/b.yaml': 'services: {inc: {tty: true, ports: !override ["2:2"]}}',
      '/p/e.env': 'T=tag',
      '/p/other/keep': '',
    });
    expect(project.services.inc).toMatchObject({
      image: 'y:tag',
      tty: true,
      ports: [{ target: 2 }],
      build: { context: '/p/other/c', dockerfile: 'Dockerfile' },
    });
  });

  it('refuses a name that the includer defines otherwise, and takes what is the same once', async () => {
    const including = (own: string) => ({
      '/p/compose.yaml': `include: [a.yaml]\n${own}`,
      '/p/a.yaml': 'services: {web: {image: x}}\nnetworks: {n: {driver: bridge}}',
    });
    expect(
      await mistakesIn(including('services: {web: {tty: true}}\nnetworks: {n: {driver: macvlan}}')),
    ).toEqual([
      '2:12 COMPOSE_CONFLICT: services.web conflicts with imported resource: /p/a.yaml defines it too -> rename it, or change the included one by a file beside it: `include: [{path: [included.yaml, changes.yaml]}]`',
      '3:12 COMPOSE_CONFLICT: networks.n conflicts with imported resource: /p/a.yaml defines it too -> rename it, or change the included one by a file beside it: `include: [{path: [included.yaml, changes.yaml]}]`',
    ]);
    expect(await canonicalOf(including('services: {web: {image: x}}'))).toEqual({});
    expect(await canonicalOf(including('services: {web: !reset {}}'))).toEqual({});
  });

  it('lets an override file lay its own definition over an imported one', async () => {
    const files = {
      '/p/compose.yaml': 'include: [a.yaml]',
      '/p/compose.override.yaml': 'services: {web: {environment: {B: "2"}}}',
      '/p/a.yaml': 'services: {web: {image: x, environment: {A: "1"}}}',
    };
    expect(await canonicalOf(files)).toEqual({ environment: { A: '1', B: '2' } });
  });

  it('refuses a name that two included files define otherwise', async () => {
    const files = {
      '/p/compose.yaml': 'include: [a.yaml, b.yaml]',
      '/p/a.yaml': 'services: {s: {image: x}, same: {image: z}}',
      '/p/b.yaml': 'services: {s: {image: y}, same: {image: z}}',
    };
    expect(await mistakesIn(files)).toEqual([
      '1:19 COMPOSE_CONFLICT: services.s conflicts with imported resource: /p/a.yaml defines it too -> rename one of the two, or include only one of the files',
    ]);
  });

  it.each(['', '[]', '[empty.yaml]', '[comment.yaml]', '[nothing.yaml]'])(
    'includes nothing where nothing is: %s',
    async (include) => {
      const files = {
        '/p/compose.yaml': `include: ${include}\n${web()}`,
        '/p/empty.yaml': '',
        '/p/comment.yaml': '# services:\n',
        '/p/nothing.yaml': '{}',
      };
      expect(await canonicalOf(files)).toEqual({});
    },
  );

  it('refuses cycles, absent and remote files', async () => {
    const files = {
      '/p/compose.yaml': `include:
  - c.yaml
  - none.yaml
  - https://example.com/x.git
services: {web: {image: x}}
`,
      '/p/c.yaml': 'include: [compose.yaml]',
    };
    expect(await mistakesIn(files)).toEqual([
      '3:5 COMPOSE_NO_FILE: open /p/none.yaml: no such file or directory -> check the path',
      '4:5 COMPOSE_REMOTE: include of https://example.com/x.git: remote files are not supported -> fetch it and include the local copy',
      '1:11 COMPOSE_CYCLE: include cycle detected: /p/compose.yaml includes /p/c.yaml includes /p/compose.yaml -> take one of the includes out',
    ]);
  });

  it.each([
    '[sub/compose.yaml]',
    '[{path: sub/compose.yaml}]',
    '[{path: [sub/compose.yaml]}]',
    '["$PLACE/compose.yaml"]',
    '[{path: "$PLACE/compose.yaml"}]',
  ])('names a file, or a mapping with its path: %s', async (include) => {
    const files = {
      '/p/compose.yaml': `include: ${include}\n`,
      '/p/sub/compose.yaml': 'services: {web: {image: x, build: ./app}}',
    };
    expect(await canonicalOf(files, { env: { PLACE: 'sub' } })).toEqual({
      build: { context: '/p/sub/app', dockerfile: 'Dockerfile' },
    });
  });

  it.each([
    ['project_directory: other', '/p/other/app'],
    ['project_directory: ../elsewhere', '/elsewhere/app'],
    ['project_directory: /abs', '/abs/app'],
    ['project_directory: other/keep', '/p/other/app'],
  ])('takes its paths from its own directory: %s', async (directory, context) => {
    const files = {
      '/p/compose.yaml': `include: [{path: sub/compose.yaml, ${directory}}]\n`,
      '/p/sub/compose.yaml': 'services: {web: {image: x, build: ./app}}',
      '/p/other/keep': '',
      '/elsewhere/keep': '',
      '/abs/keep': '',
    };
    expect(await canonicalOf(files)).toEqual({ build: { context, dockerfile: 'Dockerfile' } });
  });

  it.each([
    ['env_file: one.env', 'a-'],
    ['env_file: [one.env, two.env]', 'b-a'],
    ['env_file: two.env', 'b-'],
  ])('takes variables from its own files, under those of the caller: %s', async (written, name) => {
    const files = {
      '/p/compose.yaml': `include: [{path: sub/compose.yaml, ${written}}]\n`,
      '/p/sub/compose.yaml': 'services: {web: {image: x, container_name: "$CALLER-$A-$B"}}',
      '/p/one.env': 'A=a\nCALLER=theirs',
      '/p/two.env': 'B=${A}\nA=b',
    };
    expect(await canonicalOf(files, { env: { CALLER: 'mine' } })).toEqual({ container_name: `mine-${name}` });
  });

  it('copies in resources of every kind, under the name of the project that includes', async () => {
    const files = {
      '/p/compose.yaml': 'name: outer\ninclude: [sub/compose.yaml]',
      '/p/sub/compose.yaml': `name: inner
services:
  web: {image: "x:$COMPOSE_PROJECT_NAME", networks: [n], volumes: ["vv:/v"], secrets: [s], configs: [c], models: [m]}
networks: {n: }
volumes: {vv: }
secrets: {s: {environment: TOKEN}}
configs: {c: {content: text}}
models: {m: {model: ai}}
`,
    };
    const { canonical } = await projectOf(files, { env: { TOKEN: 'hidden' } });
    const { services, ...resources } = canonical;
    expect(services).toMatchObject({ web: { image: 'x:outer' } });
    expect(resources).toEqual({
      name: 'outer',
      networks: { n: { name: 'outer_n', ipam: {} } },
      volumes: { vv: { name: 'outer_vv' } },
      secrets: { s: { name: 'outer_s', environment: 'TOKEN' } },
      configs: { c: { name: 'outer_c', content: 'text' } },
      models: { m: { model: 'ai' } },
    });
  });

  it('may be done by an override file, and by what is included', async () => {
    const { services } = await projectOf({
      '/p/compose.yaml': 'services: {a: {image: x}}',
      '/p/compose.override.yaml': 'include: [sub/compose.yaml]',
      '/p/sub/compose.yaml': 'include: [deep/compose.yaml]\nservices: {b: {image: x}}',
      '/p/sub/deep/compose.yaml': 'services: {c: {image: x, build: .}}',
    });
    expect(Object.keys(services)).toEqual(['a', 'b', 'c']);
    expect(services.c!.build).toEqual({ context: '/p/sub/deep', dockerfile: 'Dockerfile' });
  });

  it('takes the same file twice as once', async () => {
    const files = {
      '/p/compose.yaml': 'include: [sub.yaml, sub.yaml]',
      '/p/sub.yaml': 'services: {web: {image: x}}',
    };
    expect(Object.keys((await projectOf(files)).services)).toEqual(['web']);
  });

  it('asks for a path, and for variables that are there', async () => {
    const yaml = 'include: [{env_file: a.env}, {path: sub.yaml, env_file: none.env}]\n';
    expect(await mistakesIn({ '/p/compose.yaml': yaml, '/p/sub.yaml': 'services: {}' })).toEqual([
      '1:11 COMPOSE_MISSING_KEY: include: "path" is missing -> add `path:`, the file to include',
      "1:57 COMPOSE_ENV_FILE: couldn't find env file: /p/none.env -> make the file, or leave the entry out",
    ]);
  });

  it.each([
    ['sub.yaml', '1:10 COMPOSE_TYPE'],
    ['{path: sub.yaml}', '1:1 COMPOSE_TYPE'],
    ['[5]', '1:11 COMPOSE_TYPE'],
    ['[{path: 5}]', '1:18 COMPOSE_TYPE'],
    ['[{path: [5]}]', '1:19 COMPOSE_TYPE'],
    ['[{path: sub.yaml, env_file: 5}]', '1:38 COMPOSE_TYPE'],
    ['[{path: sub.yaml, project_directory: [a]}]', '1:28 COMPOSE_TYPE'],
    ['[{path: sub.yaml, project_dir: a}]', '1:28 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (include, place) => {
    const files = { '/p/compose.yaml': `include: ${include}\nservices: {}\n`, '/p/sub.yaml': 'services: {}' };
    expect(await placesIn(files)).toEqual([place]);
  });
});
