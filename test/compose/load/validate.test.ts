import { describe, expect, it } from 'vitest';
import schema from '../../../schemas/compose.json' with { type: 'json' };
import { renderProblem } from '../../../src/compose/index.ts';
import { loadFiles, mistakesIn, projectOf, warningsIn } from './loading.ts';

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
      `2:1 COMPOSE_UNKNOWN_KEY: unknown attribute "sevices" at the top level -> did you mean "services"?`,
      '5:12 COMPOSE_TYPE: services.web.image must be a string, not 5 -> put it in quotes: "5"',
      `6:5 COMPOSE_UNKNOWN_KEY: services.web: unknown attribute "comand" -> did you mean "command"?`,
      `8:22 COMPOSE_UNKNOWN_KEY: services.web.ports[0]: unknown attribute "publised" -> did you mean "published"?`,
      '9:9 COMPOSE_TYPE: services.web.ports[1] must be a number, a string or a mapping, not a list -> write it like "8080:80" or {target: 80, published: 8080}',
      '11:7 COMPOSE_TYPE: services.web.environment.A must be a single value, not a mapping',
      `13:19 COMPOSE_UNKNOWN_KEY: services.web.deploy.resources: unknown attribute "limit" -> did you mean "limits"?`,
      '14:13 COMPOSE_VALUE: services.web.cgroup: "hostt" is none of host, private -> did you mean "host"?',
      '15:3 COMPOSE_NAME: services: "a b" cannot be a name -> use letters, digits, dots, dashes and underscores',
      '16:3 COMPOSE_TYPE: services.nothing is empty and must be a mapping -> indent what belongs to it, at least `image:` or `build:`',
      '18:6 COMPOSE_TYPE: volumes.v must be a mapping, not 5 -> write keys and values: {key: value}',
    ]);
  });

  it('refuses what is in a list already, where that means nothing, and where an override brings it again', async () => {
    const files = {
      '/p/compose.yaml': `services:
  web: {image: x, security_opt: [label=a, label=b], depends_on: [db, db], command: [a, a]}
  db: {image: x}
`,
      '/p/compose.override.yaml': 'services: {web: {security_opt: [label=a]}}',
    };
    expect(await mistakesIn(files)).toEqual([
      '2:70 COMPOSE_REPEATED: services.web.depends_on[1]: "db" is there already -> take one of the two out',
      '1:33 COMPOSE_REPEATED: services.web.security_opt[2]: "label=a" is there already -> take one of the two out',
    ]);
  });

  it('does not miss a key that is there under a misspelt name', async () => {
    const yaml = `services:
  web: {image: x, depends_on: {db: {conditon: service_started}, cache: {restart: true}}}
  db: {image: x}
  cache: {image: x}
`;
    expect(await mistakesIn(yaml)).toEqual([
      `2:37 COMPOSE_UNKNOWN_KEY: services.web.depends_on.db: unknown attribute "conditon" -> did you mean "condition"?`,
      '2:65 COMPOSE_MISSING_KEY: services.web.depends_on.cache: "condition" is missing -> add `condition:`',
    ]);
  });

  it('says where services stand when they are at the top', async () => {
    expect(await mistakesIn('web: {image: x}\n')).toEqual([
      `1:1 COMPOSE_UNKNOWN_KEY: unknown attribute "web" at the top level -> a service is indented below \`services:\`; keys of your own start with x-`,
    ]);
  });

  it('takes extensions anywhere, and warns of an obsolete version and of keys without effect, once', async () => {
    const yaml = `version: "3"
x-top: {a: 1}
services:
  a: {image: x, x-own: 1, runtime: r, deploy: {placement: {}, x-d: 1}, logging: {driver: none}}
  c: {image: x, logging: {driver: syslog, options: {max-size: 1m, tag: t}}}
  d: {image: x, logging: {driver: local, options: {max-size: 1m, max-file: 3}}}
  b: {image: x, runtime: r, ports: [{target: 1, x-p: 2}]}
`;
    expect(await warningsIn(yaml)).toEqual([
      '1:1 COMPOSE_OBSOLETE_VERSION: /p/compose.yaml: the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion -> take the line out',
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.placement, services.logging.driver, services.logging.options, services.runtime',
    ]);
    expect((await projectOf(yaml)).canonical['x-top']).toEqual({ a: 1 });
  });

  it('shows a mistake with its line, a caret and the hint', async () => {
    const yaml = 'services:\n  web:\n    image: x\n    comand: run\n';
    const { problems } = await loadFiles({ '/p/compose.yaml': yaml });
    expect(
      renderProblem(problems[0]!, yaml),
    ).toBe(`/p/compose.yaml:4:5: services.web: unknown attribute "comand"
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

describe('an item of a list', () => {
  it('is counted as it is written, whatever was refused before it', async () => {
    const yaml = `services:
  web:
    image: x
    ports: [[80], "80:x", {target: 80, protocol: icmp}]
    volumes: [5, "/a:", "/b"]
    environment: [5, "A =1", "B =2"]
    extra_hosts: [{}, "a"]
`;
    const mistakes = await mistakesIn(yaml);
    expect(mistakes.map((mistake) => mistake.split(' -> ')[0])).toEqual([
      '4:13 COMPOSE_TYPE: services.web.ports[0] must be a number, a string or a mapping, not a list',
      '4:19 COMPOSE_PORT: services.web.ports[1]: Invalid containerPort: x',
      '4:50 COMPOSE_PORT: services.web.ports[2].protocol: "icmp" is no protocol',
      '5:15 COMPOSE_TYPE: services.web.volumes[0] must be a string or a mapping, not 5',
      '5:18 COMPOSE_VOLUME: services.web.volumes[1]: invalid spec: /a:: empty section between colons',
      '6:19 COMPOSE_TYPE: services.web.environment[0] must be a string, not 5',
      '6:22 COMPOSE_VALUE: services.web.environment[1]: the name "A " ends with a blank',
      '6:30 COMPOSE_VALUE: services.web.environment[2]: the name "B " ends with a blank',
      '7:19 COMPOSE_TYPE: services.web.extra_hosts[0] must be a string, not a mapping',
      '7:23 COMPOSE_VALUE: services.web.extra_hosts[1]: "a" has no address',
    ]);
  });
});

describe('a project that is to be started', () => {
  const yaml = `services:
  web:
    image: x
    network_mode: hosts
    container_name: "ab c"
    ports: [{target: 80, published: some, protocol: icmp}]
    volumes: [{type: image, source: y, target: /i}, "./a:/x"]
  other: {provider: {type: p}}
`;
  it('is refused for what the engine could not start, and nothing of that matters for reading', async () => {
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
    expect(await mistakesIn(yaml)).toEqual([
      '4:19 COMPOSE_VALUE: services.web.network_mode: "hosts" is no mode -> did you mean "host"?',
      '5:21 COMPOSE_NAME: services.web.container_name: "ab c" cannot be the name of a container -> use letters, digits, dots, dashes and underscores, at least two',
      '6:37 COMPOSE_PORT: services.web.ports[0].published: "some" is no port -> write a port or a range such as 8000-8003',
      '6:53 COMPOSE_PORT: services.web.ports[0].protocol: "icmp" is no protocol -> write tcp, udp or sctp',
      '7:22 COMPOSE_UNSUPPORTED: services.web.volumes[0]: mounts of type image are not supported -> write one of bind, volume, tmpfs',
      '8:3 COMPOSE_UNSUPPORTED: services.other: services that a program provides are not supported -> take `provider:` out, or give the service a profile that is off',
    ]);
  });

  it('warns of entries of one list that hide each other', async () => {
    const twice =
      'services: {web: {image: x, volumes: ["./a:/x", "./b:/x", "./b:/x"], environment: [A=1, A=2]}}';
    expect(await warningsIn(twice)).toEqual([
      '1:38 COMPOSE_WRITTEN_TWICE: /p/compose.yaml: services.web.volumes: "/x" is written twice, only the last one counts -> take it out, or the other one',
      '1:83 COMPOSE_WRITTEN_TWICE: /p/compose.yaml: services.web.environment: "A" is written twice, only the last one counts -> take it out, or the other one',
    ]);
  });
});
