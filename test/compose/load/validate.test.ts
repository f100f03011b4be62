import { describe, expect, it } from 'vitest';
import schema from '../../../schemas/compose.json' with { type: 'json' };
import { renderProblem } from '../../../src/compose/index.ts';
import { loadFiles, mistakesIn } from './loading.ts';

describe('validation', () => {
  it('tells every mistake of a file at once, in order, at the narrowest place, without consequences', async () => {
    const yaml = `name: p
sevices: {}
services:
  web:
    image: 5
    comand: x
    ports:
      - {target: 80, publised: 80}
      - [80]
    environment:
      A: {b: c}
    deploy:
      resources: {limit: {}}
    cgroup: hostt
  "a b": {image: x}
  nothing:
volumes:
  v: 5
`;
    expect(await mistakesIn(yaml)).toEqual([
      `2:1 COMPOSE_UNKNOWN_KEY: additional properties 'sevices' not allowed -> did you mean "services"?`,
      '5:12 COMPOSE_TYPE: services.web.image must be a string -> put it in quotes: "5"',
      `6:5 COMPOSE_UNKNOWN_KEY: services.web: additional properties 'comand' not allowed -> did you mean "command"?`,
      `8:22 COMPOSE_UNKNOWN_KEY: services.web.ports[0]: additional properties 'publised' not allowed -> did you mean "published"?`,
      '9:9 COMPOSE_TYPE: services.web.ports[1] must be a number or string or mapping',
      '11:7 COMPOSE_TYPE: services.web.environment.A must be a string or number or boolean or null',
      `13:19 COMPOSE_UNKNOWN_KEY: services.web.deploy.resources: additional properties 'limit' not allowed -> did you mean "limits"?`,
      '14:13 COMPOSE_VALUE: services.web.cgroup is hostt, which is not one of its values -> did you mean "host"?',
      '15:3 COMPOSE_NAME: services: "a b" cannot be a name -> use letters, digits, dots, dashes and underscores',
      '16:3 COMPOSE_TYPE: services.nothing must be a mapping',
      '18:6 COMPOSE_TYPE: volumes.v must be a mapping or null',
    ]);
  });

  it('says where services stand when they are at the top', async () => {
    expect(await mistakesIn('web: {image: x}\n')).toEqual([
      `1:1 COMPOSE_UNKNOWN_KEY: additional properties 'web' not allowed -> services stand under \`services:\`; own keys start with x-`,
    ]);
  });

  it('takes extensions anywhere, and warns of an obsolete version and of keys without effect, once', async () => {
    const yaml = `version: "3"
x-top: {a: 1}
services:
  a: {image: x, x-own: 1, runtime: r, deploy: {placement: {}, x-d: 1}, logging: {driver: none}}
  b: {image: x, runtime: r, ports: [{target: 1, x-p: 2}]}
`;
    const { project, warnings } = await loadFiles({ '/p/compose.yaml': yaml });
    expect(warnings).toEqual([
      '/p/compose.yaml: the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion',
      'these attributes have no effect in this version: services.deploy.placement, services.logging, services.runtime',
    ]);
    expect(project!.canonical['x-top']).toEqual({ a: 1 });
  });

  it('shows a mistake with its line, a caret and the hint', async () => {
    const yaml = 'services:\n  web:\n    image: x\n    comand: run\n';
    const { problems } = await loadFiles({ '/p/compose.yaml': yaml });
    expect(
      renderProblem(problems[0]!, yaml),
    ).toBe(`/p/compose.yaml:4:5: services.web: additional properties 'comand' not allowed
  4 |     comand: run
    |     ^^^^^^
  hint: did you mean "command"?`);
    expect(renderProblem({ code: 'X', message: 'plain' })).toBe('plain');
  });

  it('describes every attribute in the schema', () => {
    const bare: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (node === null || typeof node !== 'object') return;
      for (const [name, property] of Object.entries((node as { properties?: object }).properties ?? {})) {
        if (!('description' in property)) bare.push(`${path}.${name}`);
      }
      for (const [key, child] of Object.entries(node)) visit(child, `${path}/${key}`);
    };
    visit(schema, '');
    expect(bare).toEqual([]);
  });
});
