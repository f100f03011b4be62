import { describe, expect, it } from 'vitest';
import { printConfig } from '../../../src/compose/index.ts';
import { projectOf } from './loading.ts';

const yaml = `name: demo
services:
  web:
    image: nginx
    command: echo $$HOME
    ports: ["8080:80"]
    deploy: {replicas: 2}
    restart: "no"
    mem_limit: 64m
  db: {image: pg, networks: [back], volumes: ["data:/d"]}
networks: {back: , unused: }
volumes: {data: , other: }
x-note: {b: 1, a: yes}
`;

describe('printing', () => {
  it('prints YAML with what says something, dollars doubled, used resources only', async () => {
    expect(await printConfig(await projectOf(yaml), 'yaml')).toBe(`name: demo
services:
  db:
    image: pg
    networks:
      back: null
    volumes:
      - type: volume
        source: data
        target: /d
        volume: {}
  web:
    command:
      - echo
      - $$HOME
    deploy:
      replicas: 2
    image: nginx
    mem_limit: "67108864"
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: "8080"
        protocol: tcp
    restart: "no"
networks:
  back:
    name: demo_back
  default:
    name: demo_default
volumes:
  data:
    name: demo_data
x-note:
  a: "yes"
  b: 1
`);
  });

  it('prints JSON with every section the reference has', async () => {
    const project = await projectOf('services: {web: {image: x, deploy: {}}}');
    expect(await printConfig(project, 'json')).toBe(
      `${JSON.stringify(
        {
          name: 'p',
          networks: { default: { name: 'p_default', ipam: {} } },
          services: {
            web: {
              command: null,
              deploy: { resources: {}, placement: {} },
              entrypoint: null,
              image: 'x',
              networks: { default: null },
            },
          },
        },
        null,
        2,
      )}\n`,
    );
  });

  it('keeps unused resources, short forms and relative paths when asked to', async () => {
    const all = await projectOf(yaml, { allResources: true });
    expect(Object.keys(all.networks)).toEqual(['back', 'default', 'unused']);
    const bare = await projectOf('services: {web: {image: x, volumes: ["./d:/d"]}}', {
      normalize: false,
      resolvePaths: false,
    });
    expect(bare.canonical.services).toEqual({
      web: {
        command: null,
        entrypoint: null,
        image: 'x',
        volumes: [{ type: 'bind', source: './d', target: '/d', bind: { create_host_path: true } }],
      },
    });
  });

  it('prints a command of watch in YAML only where there is one', async () => {
    const rules = await projectOf(`services:
  web:
    image: x
    develop:
      watch:
        - {path: /a, action: rebuild}
        - {path: /b, action: sync+exec, target: /c, exec: {command: reload}}
`);
    expect(await printConfig(rules, 'yaml')).toContain(`      watch:
        - path: /a
          action: rebuild
        - path: /b
          action: sync+exec
          target: /c
          exec:
            command:
              - reload
`);
    expect(await printConfig(rules, 'json')).toContain('"command": null');
  });

  it('prints what has no types in order of the keys, and an empty list as null in JSON unless its items are told apart', async () => {
    const bare = await projectOf(
      `services:
  web: {image: $I, command: [], environment: [], ports: [], cap_add: [], group_add: [], networks: {default: {aliases: []}}}
volumes: {data: {labels: []}}
`,
      { interpolate: false, normalize: false },
    );
    const given = { escapeDollars: false };
    expect(JSON.parse(await printConfig(bare, 'json', given))).toEqual({
      services: {
        web: {
          cap_add: [],
          command: null,
          environment: null,
          group_add: null,
          image: '$I',
          networks: { default: { aliases: [] } },
          ports: [],
        },
      },
      volumes: { data: { labels: null } },
    });
    expect(await printConfig(bare, 'yaml', given)).toBe(`services:
  web:
    cap_add: []
    command: []
    environment: []
    group_add: []
    image: $I
    networks:
      default:
        aliases: []
    ports: []
volumes:
  data:
    labels: []
`);
  });
});
