import { describe, expect, it } from 'vitest';
import { mistakesIn, projectOf, warningsIn } from './loading.ts';

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

  it('lets the includer lay its own definition over an imported one', async () => {
    const project = await projectOf({
      '/p/compose.yaml': 'include: [a.yaml]\nservices: {s: {environment: {B: "2"}}}',
      '/p/a.yaml': 'services: {s: {image: x, environment: {A: "1"}}}',
    });
    expect(project.services.s).toMatchObject({ image: 'x', environment: { A: '1', B: '2' } });
  });

  it('lays the definition that is included first over a later one of the same name, with a warning', async () => {
    const files = {
      '/p/compose.yaml': 'include: [a.yaml, b.yaml]\nservices: {s: {tty: true}}',
      '/p/a.yaml': 'services: {s: {image: x, environment: {A: a}, ports: ["1:1"]}, same: {image: z}}',
      '/p/b.yaml':
        'services: {s: {image: y, environment: {A: b, B: b}, ports: ["1:1", "2:2"]}, same: {image: z}}',
    };
    expect((await projectOf(files)).services.s).toMatchObject({
      image: 'x',
      tty: true,
      environment: { A: 'a', B: 'b' },
      ports: [{ target: 1 }, { target: 2 }],
    });
    expect(await warningsIn(files)).toEqual([
      '1:19 COMPOSE_INCLUDED_TWICE: services.s is also defined by /p/a.yaml, which was included before and lies over it -> rename one of the two, or include only one of the files',
    ]);
  });

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
});
