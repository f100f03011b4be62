import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, placesIn, projectOf } from '../load/loading.ts';

describe('extends', () => {
  it('starts from a service of the same file, through a chain', async () => {
    const yaml = `services:
  web: {extends: middle, environment: {C: 3}}
  middle: {extends: {service: base}, environment: {B: 2}}
  base: {image: x, environment: {A: 1}, profiles: [p], scale: 2}
`;
    expect(await canonicalOf(yaml, { profiles: ['p'] })).toEqual({
      environment: { A: '1', B: '2', C: '3' },
      profiles: ['p'],
      scale: 2,
    });
  });

  it('takes paths of another file relative to that file', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {extends: {file: common/base.yaml, service: app}}}',
      '/p/common/base.yaml':
        'services: {app: {extends: {file: deep/root.yaml, service: r}, volumes: ["./d:/d"]}}',
      '/p/common/deep/root.yaml': 'services: {r: {image: x, build: ./ctx, env_file: e.env}}',
      '/p/common/deep/e.env': 'E=1',
    };
    expect(await canonicalOf(files)).toEqual({
      build: { context: '/p/common/deep/ctx', dockerfile: 'Dockerfile' },
      environment: { E: '1' },
      volumes: [{ type: 'bind', source: '/p/common/d', target: '/d', bind: { create_host_path: true } }],
    });
  });

  it('blames what is wrong in the base at the file that it stands in', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {extends: {file: base.yaml, service: app}}}',
      '/p/base.yaml': 'services:\n  app:\n    image: x\n    comand: y\n',
    };
    expect(await mistakesIn(files)).toEqual([
      `4:5 COMPOSE_UNKNOWN_KEY: services.web: unknown attribute "comand" -> did you mean "command"?`,
    ]);
  });

  it('refuses cycles, absent services, absent files and a missing name', async () => {
    const files = {
      '/p/compose.yaml': `services:
  a: {image: x, extends: b}
  b: {image: x, extends: a}
  c: {image: x, extends: aa}
  d: {image: x, extends: {file: none.yaml, service: x}}
  e: {image: x, extends: {file: f.yaml}}
`,
    };
    expect(await mistakesIn(files)).toEqual([
      '2:26 COMPOSE_CYCLE: Circular reference: a in /p/compose.yaml extends b in /p/compose.yaml extends a in /p/compose.yaml -> a service cannot be built on itself; take one `extends` out',
      '3:26 COMPOSE_CYCLE: Circular reference: b in /p/compose.yaml extends a in /p/compose.yaml extends b in /p/compose.yaml -> a service cannot be built on itself; take one `extends` out',
      '4:26 COMPOSE_EXTENDS: cannot extend service "c": service "aa" not found -> did you mean "a"?',
      '5:33 COMPOSE_NO_FILE: open /p/none.yaml: no such file or directory -> check the path',
      '6:26 COMPOSE_EXTENDS: extends.e.service is required -> name the service to start from: `service: NAME`',
    ]);
  });

  it('lets the service reset what it inherits', async () => {
    const yaml = `services:
  web: {extends: base, ports: !reset null, labels: !override {b: "2"}}
  base: {image: x, ports: ["80"], labels: {a: "1"}}
`;
    expect((await projectOf(yaml)).services.web).toMatchObject({ ports: [], labels: { b: '2' } });
  });

  it('is gone from what is printed', async () => {
    expect(await canonicalOf('services: {web: {extends: base}, base: {image: x}}')).toEqual({});
  });

  it('may be named by variables', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {extends: {file: "${DIR}/base.yaml", service: "${NAME}"}}}',
      '/p/base/base.yaml': 'services: {app: {image: x, tty: true}}',
    };
    expect(await canonicalOf(files, { env: { DIR: 'base', NAME: 'app' } })).toEqual({ tty: true });
  });

  it('brings along what the service depends on, which the project must have', async () => {
    const files = {
      '/p/base.yaml': 'services: {app: {image: x, depends_on: [db], networks: [back], secrets: [s]}}',
      '/p/compose.yaml': `services:
  web: {extends: {file: base.yaml, service: app}}
  db: {image: y}
networks: {back: {}}
secrets: {s: {external: true}}
`,
    };
    expect(await canonicalOf(files)).toEqual({
      depends_on: { db: { condition: 'service_started', required: true } },
      networks: { back: null },
      secrets: [{ source: 's', target: '/run/secrets/s' }],
    });
    const alone = 'services: {web: {extends: {file: base.yaml, service: app}}}';
    expect(await placesIn({ ...files, '/p/compose.yaml': alone })).toEqual([
      '1:41 COMPOSE_UNDEFINED',
      '1:57 COMPOSE_UNDEFINED',
      '1:74 COMPOSE_UNDEFINED',
    ]);
  });

  it('does not bring along the top level of another file', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {extends: {file: base.yaml, service: app}}}',
      '/p/base.yaml': 'services: {app: {image: x, volumes: ["data:/d"]}}\nvolumes: {data: {}}',
    };
    expect(await placesIn(files)).toEqual(['1:39 COMPOSE_UNDEFINED']);
  });

  it('is extended again by an override of the file that says it', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {extends: base}, base: {image: x, labels: {a: 1}}}',
      '/p/compose.override.yaml': 'services: {base: {labels: {b: 2}}, web: {labels: {c: 3}}}',
    };
    expect(await canonicalOf(files)).toEqual({ labels: { a: '1', c: '3' } });
  });

  it('is refused where it is neither text nor a mapping, and no image is missed then', async () => {
    const written = (value: string): string => `services:\n  web: {extends: ${value}}\n  base: {image: x}\n`;
    expect(await placesIn(written('5'))).toEqual(['2:18 COMPOSE_TYPE']);
    expect(await placesIn(written('[base]'))).toEqual(['2:9 COMPOSE_TYPE']);
    expect(await placesIn(written(''))).toEqual(['2:9 COMPOSE_TYPE']);
    expect(await placesIn(written('{servce: base}'))).toEqual(['2:19 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(written('{service: base, fil: base.yaml}'))).toEqual(['2:34 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(written('{service: base, file: 5}'))).toEqual(['2:40 COMPOSE_TYPE']);
  });

  it('names the services there are where none is near', async () => {
    const yaml = 'services:\n  web: {extends: other}\n  base: {image: x}\n  db: {image: x}\n';
    expect(await mistakesIn(yaml)).toEqual([
      '2:18 COMPOSE_EXTENDS: cannot extend service "web": service "other" not found -> the services are base and db',
    ]);
  });
});
