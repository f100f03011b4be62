import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  loadFiles,
  mergedOf,
  mistakesIn,
  placesIn,
  projectOf,
  serviceOf,
  web,
} from '../load/loading.ts';

describe('depends_on', () => {
  it('takes a list as started and required', async () => {
    expect(await canonicalOf('services: {web: {image: x, depends_on: [db]}, db: {image: y}}')).toEqual({
      depends_on: { db: { condition: 'service_started', required: true } },
    });
  });

  it('takes a mapping with a condition for each, which may be optional and may restart the service', async () => {
    const yaml = `services:
  web:
    image: x
    depends_on:
      migration: {condition: service_completed_successfully, required: false}
      db: {condition: service_healthy, restart: true}
  db: {image: y}
  migration: {image: y}
`;
    expect(await canonicalOf(yaml)).toEqual({
      depends_on: {
        db: { condition: 'service_healthy', restart: true, required: true },
        migration: { condition: 'service_completed_successfully', required: false },
      },
    });
  });

  it('is nothing when nothing is said', async () => {
    expect(await canonicalOf(web('depends_on: []'))).toEqual({});
    expect((await serviceOf(web())).dependsOn).toEqual({});
  });

  it('takes variables: a name in a list, a condition, and text for booleans', async () => {
    const db = `  db: {image: y}\n`;
    const env = { DB: 'db', WAIT: 'service_healthy', NO: 'false' };
    expect(await canonicalOf(web('depends_on: ["${DB}"]') + db, { env })).toEqual({
      depends_on: { db: { condition: 'service_started', required: true } },
    });
    const long = 'depends_on: {db: {condition: "${WAIT}", required: "${NO}", restart: "${YES:-true}"}}';
    expect(await canonicalOf(web(long) + db, { env })).toEqual({
      depends_on: { db: { condition: 'service_healthy', restart: true, required: false } },
    });
    expect(
      await mistakesIn(web('depends_on: {db: {condition: service_started, restart: maybe}}') + db),
    ).toEqual([
      '4:60 COMPOSE_TYPE: services.web.depends_on.db.restart: "maybe" is no boolean -> write true or false',
    ]);
  });

  it('merges by service, key by key, across both forms', async () => {
    const declared = '  a: {image: y}\n  b: {image: y}\n';
    expect(
      await mergedOf('depends_on: [a, b]', 'depends_on: {b: {condition: service_healthy, restart: true}}', {
        declared,
      }),
    ).toEqual({
      depends_on: {
        a: { condition: 'service_started', required: true },
        b: { condition: 'service_healthy', restart: true, required: true },
      },
    });
  });

  it('is what an override that only lists it says, except for restart', async () => {
    const declared = '  db: {image: y}\n';
    const long = 'depends_on: {db: {condition: service_healthy, restart: true, required: false}}';
    expect(await mergedOf(long, 'depends_on: [db]', { declared })).toEqual({
      depends_on: { db: { condition: 'service_started', restart: true, required: true } },
    });
  });

  it('keeps a dependency that is optional and off, without turning it on', async () => {
    const yaml = `services:
  web: {image: x, depends_on: {debug: {condition: service_started, required: false}}}
  debug: {image: y, profiles: [dev]}
`;
    const project = await projectOf(yaml);
    expect(Object.keys(project.services)).toEqual(['web']);
    expect(project.services.web!.canonical.depends_on).toEqual({
      debug: { condition: 'service_started', required: false },
    });
    expect(Object.keys((await projectOf(yaml, { profiles: ['dev'] })).services)).toEqual(['debug', 'web']);
  });

  it('adds the services whose links, namespaces and volumes are used', async () => {
    const yaml = `services:
  web: {image: x, links: ["a:alias"], network_mode: "service:b", pid: "service:c", volumes_from: ["d:ro"], depends_on: {c: {condition: service_healthy}}}
  a: {image: x}
  b: {image: x}
  c: {image: x}
  d: {image: x}
`;
    const { dependsOn, links, networkMode, pid, networks } = await serviceOf(yaml);
    expect({ dependsOn, links, networkMode, pid, networks }).toEqual({
      dependsOn: {
        a: { condition: 'service_started', required: true, restart: true },
        b: { condition: 'service_started', required: true, restart: true },
        c: { condition: 'service_healthy', required: true, restart: false },
        d: { condition: 'service_started', required: true, restart: false },
      },
      links: { alias: 'a' },
      networkMode: { kind: 'service', service: 'b' },
      pid: { kind: 'service', service: 'c' },
      networks: {},
    });
  });

  it('shows a cycle as a path, once', async () => {
    const yaml = `services:
  a: {image: x, depends_on: [b]}
  b: {image: x, depends_on: [c]}
  c: {image: x, depends_on: [a]}
  d: {image: x, depends_on: [d]}
`;
    expect(await mistakesIn(yaml)).toEqual([
      '4:30 COMPOSE_CYCLE: dependency cycle detected: a -> b -> c -> a -> none of them could ever start; take one of these dependencies out',
      '5:30 COMPOSE_CYCLE: dependency cycle detected: d -> d -> none of them could ever start; take one of these dependencies out',
    ]);
  });

  it('survives a circle of three thousand services', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, n) => `  s${n}: {image: x, depends_on: [s${(n + 1) % 3000}]}`,
    );
    const { problems } = await loadFiles({ '/p/compose.yaml': `services:\n${lines.join('\n')}\n` });
    expect(problems.map(({ code }) => code)).toEqual(['COMPOSE_CYCLE']);
  });

  it('refuses services that are undefined or off, unless off and not required', async () => {
    const yaml = `services:
  web:
    image: x
    depends_on:
      dbb: {condition: service_started}
      off: {condition: service_started}
      maybe: {condition: service_started, required: false}
      none: {condition: service_started, required: false}
  db: {image: x}
  off: {image: x, profiles: [p]}
  maybe: {image: x, profiles: [p]}
`;
    expect(await mistakesIn(yaml)).toEqual([
      '5:7 COMPOSE_UNDEFINED: service "web" depends on undefined service "dbb" -> did you mean "db"?',
      '6:7 COMPOSE_UNDEFINED: service "web" depends on undefined service "off" -> "off" is off: ask for one of its profiles, or write required: false',
      '8:7 COMPOSE_UNDEFINED: service "web" depends on undefined service "none" -> define it under `services:`, or take it out',
    ]);
  });

  it('refuses unknown conditions and missing ones', async () => {
    const yaml = `services:
  web:
    image: x
    depends_on:
      a: {condition: service_healty}
      b: {restart: true}
  a: {image: x}
  b: {image: x}
`;
    expect(await mistakesIn(yaml)).toEqual([
      '5:22 COMPOSE_VALUE: services.web.depends_on.a.condition: "service_healty" is none of service_started, service_healthy, service_completed_successfully -> did you mean "service_healthy"?',
      '6:7 COMPOSE_MISSING_KEY: services.web.depends_on.b: "condition" is missing -> add `condition:`',
    ]);
  });

  it('is refused where it is neither a list of names nor a mapping of mappings', async () => {
    expect(await placesIn(web('depends_on: db'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('depends_on: [1]'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('depends_on: {db: }') + '  db: {image: y}\n')).toEqual(['4:18 COMPOSE_TYPE']);
    const unknown = 'depends_on: {db: {condition: service_started, requird: false}}';
    expect(await placesIn(web(unknown) + '  db: {image: y}\n')).toEqual(['4:51 COMPOSE_UNKNOWN_KEY']);
  });
});
