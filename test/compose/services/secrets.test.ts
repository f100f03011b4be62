import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, projectOf, serviceOf, web } from '../load/loading.ts';

const declared = 'secrets: {s: {external: true}, t: {external: true}}\n';

describe('secrets of a service', () => {
  it('are names, or say in full where the file stands, whose it is and who may read it', async () => {
    const yaml = web(
      'secrets: [s, {source: t, target: /etc/t, uid: "7", gid: "8", mode: 0440}, {source: t}]',
    );
    expect(await canonicalOf(yaml + declared)).toEqual({
      secrets: [
        { source: 's', target: '/run/secrets/s' },
        { source: 't', target: '/etc/t', uid: '7', gid: '8', mode: '0440' },
        { source: 't', target: '/run/secrets/t' },
      ],
    });
  });

  it.each([
    ['0440', '0440'],
    ['"440"', '0440'],
    ['"0o440"', '0440'],
    ['288', '0440'],
    ['$MODE', '0400'],
  ])('have mode %s printed as octal digits: %s', async (written, mode) => {
    const yaml = web(`secrets: [{source: s, mode: ${written}}]`) + declared;
    expect(await canonicalOf(yaml, { env: { MODE: '0400' } })).toEqual({
      secrets: [{ source: 's', target: '/run/secrets/s', mode }],
    });
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web('secrets: []'))).toEqual({});
    expect((await serviceOf(web())).secrets).toEqual([]);
  });

  it('are added to by what is laid over them; the same place in the container is taken by the later', async () => {
    const merged = await mergedOf(
      'secrets: [s, t]',
      'secrets: [{source: s, uid: "5"}, {source: t, target: /t}]',
      {
        declared,
      },
    );
    expect(merged).toEqual({
      secrets: [
        { source: 's', target: '/run/secrets/s', uid: '5' },
        { source: 't', target: '/run/secrets/t' },
        { source: 't', target: '/t' },
      ],
    });
  });

  it.each([
    ['s', '4:14 COMPOSE_TYPE'],
    ['[5]', '4:15 COMPOSE_TYPE'],
    ['{s: /t}', '4:5 COMPOSE_TYPE'],
    ['[{source: s, uid: 7}]', '4:32 COMPOSE_TYPE'],
    ['[{source: s, mode: "0999"}]', '4:33 COMPOSE_TYPE'],
    ['[{source: s, path: /t}]', '4:27 COMPOSE_UNKNOWN_KEY'],
    ['[{target: /t}]', '4:15 COMPOSE_MISSING_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`secrets: ${written}`) + declared)).toEqual([place]);
  });
});

describe('secrets and configs', () => {
  const yaml = `services:
  web:
    image: x
    secrets: [s, {source: v, target: named, uid: "7", mode: 0400}]
    configs: [c, {source: d, target: /etc/d.conf, mode: "0440"}]
secrets: {s: {file: ./s.txt}, v: {environment: TOKEN}}
configs: {c: {content: "text $$x"}, d: {external: true}}
`;
  const files = { '/p/compose.yaml': yaml, '/p/s.txt': 'secret' };

  it('prints sources in long form, with octal modes', async () => {
    expect(await canonicalOf(files, { env: { TOKEN: 'hidden' } })).toEqual({
      configs: [{ source: 'c' }, { source: 'd', target: '/etc/d.conf', mode: '0440' }],
      secrets: [
        { source: 's', target: '/run/secrets/s' },
        { source: 'v', target: 'named', uid: '7', mode: '0400' },
      ],
    });
  });

  it('gives mounts their places and objects their content', async () => {
    const project = await projectOf(files, { env: { TOKEN: 'hidden' } });
    expect(project.services.web).toMatchObject({
      secrets: [
        { source: 's', target: '/run/secrets/s' },
        { source: 'v', target: '/run/secrets/named', uid: '7', mode: 0o400 },
      ],
      configs: [
        { source: 'c', target: '/c' },
        { source: 'd', target: '/etc/d.conf', mode: 0o440 },
      ],
    });
    expect(project.secrets).toEqual({
      s: { kind: 'file', name: 'p_s', file: '/p/s.txt' },
      v: { kind: 'environment', name: 'p_v', variable: 'TOKEN', content: 'hidden' },
    });
    expect(project.configs).toEqual({
      c: { kind: 'content', name: 'p_c', content: 'text $x' },
      d: { kind: 'external', name: 'd' },
    });
    expect(JSON.stringify(project.canonical)).not.toContain('hidden');
  });

  it('refuses none or several sources, and what nobody declares', async () => {
    const bad = `services:
  web:
    image: x
    secrets: [a, b, typo]
    configs: [{source: typp}]
secrets:
  a: {file: x, environment: Y}
  b: {}
  typos: {file: z}
`;
    expect(await mistakesIn(bad)).toEqual([
      '4:21 COMPOSE_UNDEFINED: service "web" refers to undefined secret typo -> did you mean "typos"?',
      '5:24 COMPOSE_UNDEFINED: service "web" refers to undefined config typp -> declare it: `configs: {typp: …}` at the top level',
      '7:13 COMPOSE_FILE_MISSING: secrets.a: the file /p/x does not exist -> make the file, or name another one',
      '7:16 COMPOSE_CONFLICT: secrets.a: file|environment attributes are mutually exclusive -> keep one of them',
      '8:3 COMPOSE_MISSING_KEY: secrets.b: one of file|environment must be set -> add one of file, environment',
    ]);
  });

  it('may lack their files when nothing that uses them is started', async () => {
    const yaml = `services:
  web: {image: x}
  db: {image: x, secrets: [s]}
secrets: {s: {file: s.txt}}
`;
    expect(await mistakesIn(yaml, { services: ['web'] })).toEqual([]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
    expect(await mistakesIn(yaml)).toEqual([
      '4:21 COMPOSE_FILE_MISSING: secrets.s: the file /p/s.txt does not exist -> make the file, or name another one',
    ]);
  });
});
