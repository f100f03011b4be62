import { describe, expect, it } from 'vitest';
import { printConfig } from '../../../src/compose/load/print.ts';
import { configOf, mistakesIn, overridden, projectOf } from '../load/loading.ts';

describe('x-*', () => {
  it('is printed as it is written, with its variables replaced and its keys in order', async () => {
    const yaml = 'x-own: {b: [1, "$WORD", true], a: {d: null, c: "$$e"}}\nservices: {}';
    expect(await configOf(yaml, { env: { WORD: 'w' } })).toEqual({
      name: 'p',
      services: {},
      'x-own': { a: { c: '$e', d: null }, b: [1, 'w', true] },
    });
  });

  it('may be any value', async () => {
    expect(await configOf('x-a: text\nx-b: 1.5\nx-c: [a]\nx-d: false\nservices: {}')).toEqual({
      name: 'p',
      services: {},
      'x-a': 'text',
      'x-b': 1.5,
      'x-c': ['a'],
      'x-d': false,
    });
  });

  it('merges like everything else: key by key, lists appended, values replaced', async () => {
    const files = overridden('x-own: {a: 1, b: [1], c: 1}\nservices: {}', 'x-own: {b: [2], c: 2}\nx-new: 1');
    expect(await configOf(files)).toEqual({
      name: 'p',
      services: {},
      'x-own': { a: 1, b: [1, 2], c: 2 },
      'x-new': 1,
    });
  });

  it('holds fragments, which anchors and merge keys take elsewhere', async () => {
    const { services } = await projectOf(`
x-base: &base
  image: x
  environment: &env {A: "1"}
services:
  a: {<<: *base, tty: true}
  b: {<<: *base, environment: {<<: *env, B: "2"}}
`);
    expect(services.a).toMatchObject({ image: 'x', tty: true, environment: { A: '1' } });
    expect(services.b).toMatchObject({ image: 'x', tty: false, environment: { A: '1', B: '2' } });
  });

  it('is printed behind the rest of what it stands in, in YAML alone', async () => {
    const yaml = `services:
  web:
    x-b: {d: "$$1", c: null}
    x-a: [1]
    image: x
    deploy: {restart_policy: {x-own: 1}}
    networks: {back: {x-own: 1}}
networks: {back: {x-own: 1}}
`;
    const project = await projectOf(yaml);
    const printed = await printConfig(project, 'yaml');
    expect(printed).toBe(`name: p
services:
  web:
    deploy:
      restart_policy:
        x-own: 1
    image: x
    networks:
      back:
        x-own: 1
    x-a:
      - 1
    x-b:
      c: null
      d: $$1
networks:
  back:
    name: p_back
    x-own: 1
`);
    expect(await printConfig(await projectOf(printed), 'yaml')).toBe(printed);
    expect(await printConfig(project, 'json')).not.toContain('x-');
  });

  it('may stand in every section, where it changes nothing', async () => {
    const yaml = `services:
  web:
    x-own: 1
    image: x
    build: {context: ., x-own: 1}
    deploy: {x-own: 1, resources: {x-own: 1, limits: {x-own: 1}}}
    develop: {x-own: 1, watch: [{path: a, action: rebuild, x-own: 1}]}
    healthcheck: {x-own: 1, test: a}
    logging: {x-own: 1}
networks: {default: {x-own: 1, ipam: {x-own: 1, config: [{subnet: 10.9.0.0/24, x-own: 1}]}}}
volumes: {v: {x-own: 1}}
secrets: {s: {environment: A, x-own: 1}}
configs: {c: {content: a, x-own: 1}}
models: {m: {model: a, x-own: 1}}
`;
    expect(await mistakesIn(yaml)).toEqual([]);
    expect((await projectOf(yaml)).services.web!.healthcheck).toEqual({
      kind: 'enabled',
      test: ['CMD-SHELL', 'a'],
    });
  });

  it("is how keys of one's own begin", async () => {
    expect(await mistakesIn('own: 1\nservices: {}')).toEqual([
      '1:1 COMPOSE_UNKNOWN_KEY: unknown attribute "own" at the top level -> keys of your own start with x-',
    ]);
  });
});
