import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/compose/plan/command.ts';
import { plan } from '../../../src/compose/plan/index.ts';
import { ComposeError, type SourceRange, TscomposeError } from '../../../src/errors.ts';
import { attached, dependency, down, empty, type ProjectSketch, project, run, up } from './model.ts';

/** What the error tells: code, message, hint and line for each problem. */
function refusal(sketch: ProjectSketch | undefined, command: Command): readonly string[] {
  const input = { projectName: 'shop', observed: empty, command };
  try {
    plan(sketch ? { ...input, project: project(sketch) } : input);
  } catch (error) {
    if (!(error instanceof TscomposeError)) throw error;
    const problems = error instanceof ComposeError ? error.problems : [error];
    return problems.map(({ code, message, hint, at }) =>
      [code, message, hint ?? '-', at ? `line ${at.line}` : '-'].join(' | '),
    );
  }
  throw new Error('nothing was refused');
}

function line(number: number): SourceRange {
  return { file: '/srv/shop/compose.yaml', line: number, column: 3, endLine: number, endColumn: 9 };
}

describe('planning refuses', () => {
  test('a service that does not exist, and names the one that was probably meant', () => {
    const shop = { services: { web: {}, worker: {} } };
    expect(refusal(shop, up({ services: ['wrker'] }))).toEqual([
      'NO_SUCH_SERVICE | no such service: wrker | did you mean "worker"? | -',
    ]);
    expect(refusal(shop, down({ services: ['database'] }))).toEqual([
      'NO_SUCH_SERVICE | no such service: database | the services are web and worker | -',
    ]);
    expect(refusal(shop, run('wbe'))).toEqual([
      'NO_SUCH_SERVICE | no such service: wbe | did you mean "web"? | -',
    ]);
    expect(refusal(shop, up({ scale: { wbe: 2 } }))).toEqual([
      'NO_SUCH_SERVICE | no such service: wbe | did you mean "web"? | -',
    ]);
  });

  test('a required dependency that its profiles hold back, at the place that asks for it', () => {
    expect(
      refusal(
        {
          services: { web: { dependsOn: { db: dependency() } } },
          disabledServices: { db: { profiles: ['data'] } },
          positions: { 'services.web': line(2), 'services.web.depends_on.db': line(7) },
        },
        up(),
      ),
    ).toEqual([
      'COMPOSE_DEPENDENCY_DISABLED | service "web" depends on "db", which is not enabled | enable it with --profile data, name it on the command line too, or write required: false | line 7',
    ]);
  });

  test.each([
    ['up --build', up({ build: true })],
    ['up --pull build', up({ pull: 'build' })],
    ['run --build', run('web', {}, { build: true })],
  ])('%s where an image would have to be made, each at its build', (_words, command) => {
    const shop = {
      services: {
        db: { build: {}, image: 'app' },
        web: { build: {}, dependsOn: { db: dependency(), cache: dependency() } },
        cache: {},
      },
      positions: { 'services.db.build': line(4), 'services.web.build': line(9) },
    };
    const hint = 'build it elsewhere and bring it as a file: `tscompose image load -i IMAGE.tar`';
    const because = 'cannot be built: building is not part of this version';
    expect(refusal(shop, command).toSorted()).toEqual([
      `BUILD_UNSUPPORTED | service "db": the image app ${because} | ${hint} | line 4`,
      `BUILD_UNSUPPORTED | service "web": the image shop-web ${because} | ${hint} | line 9`,
    ]);
  });

  test('nothing for --build where no selected service has a build', () => {
    const shop = project({ services: { web: { build: {} }, cache: {} } });
    const { nodes } = plan({
      project: shop,
      projectName: 'shop',
      observed: empty,
      command: up({ services: ['cache'], build: true }),
    });
    expect(nodes.at(-1)?.id).toBe('start:cache-1');
  });

  test('a cycle, with the way round', () => {
    expect(
      refusal(
        {
          services: { a: { dependsOn: { b: dependency() } }, b: { dependsOn: { a: dependency() } } },
          positions: { 'services.a.depends_on': line(4) },
        },
        up(),
      ),
    ).toEqual([
      'COMPOSE_CYCLE | dependency cycle detected: a -> b -> a | one of these services has to start without waiting for the next | line 4',
    ]);
  });

  test('external networks, volumes and containers that do not exist, all at once', () => {
    expect(
      refusal(
        {
          services: {
            web: {
              networks: { net: attached() },
              mounts: [{ type: 'volume', source: 'data', target: '/d', readOnly: false, nocopy: false }],
            },
            spy: { networkMode: { kind: 'container', container: 'gone' } },
          },
          networks: { net: { external: true, name: 'corp' } },
          volumes: { data: { external: true, name: 'depot' } },
          positions: { 'networks.net': line(9), volumes: line(11), 'services.spy.network_mode': line(5) },
        },
        up(),
      ),
    ).toEqual([
      'COMPOSE_EXTERNAL_MISSING | service "spy" joins container "gone", which does not exist | start that container first | line 5',
      'COMPOSE_EXTERNAL_MISSING | network corp declared as external, but could not be found | bring up the project that makes it, or write `name: corp` without `external` to have it made | line 9',
      'COMPOSE_EXTERNAL_MISSING | external volume "depot" not found | bring up the project that makes it, or write `name: depot` without `external` to have it made | line 11',
    ]);
  });

  test('secrets and configs that are kept elsewhere', () => {
    expect(
      refusal(
        {
          services: { web: { secrets: [{ source: 'key', target: '/run/secrets/key' }] } },
          secrets: { key: { kind: 'external', name: 'key' } },
          positions: { 'secrets.key': line(8) },
        },
        up(),
      ),
    ).toEqual([
      'COMPOSE_EXTERNAL_UNSUPPORTED | service "web" uses "key", and external secrets are kept nowhere on this machine | give it a `file` or an `environment` variable | line 8',
    ]);
  });

  test('several containers of one name', () => {
    expect(refusal({ services: { web: { containerName: 'edge' } } }, up({ scale: { web: 2 } }))).toEqual([
      'COMPOSE_SCALE_NAMED | service "web" cannot have 2 containers, because all would be named "edge" | remove container_name to scale the service | -',
    ]);
  });

  test('a link alias with two meanings', () => {
    expect(
      refusal(
        {
          services: { db1: {}, db2: {}, a: { links: { db: 'db1' } }, b: { links: { db: 'db2', a: 'db1' } } },
          positions: { 'services.b.links': line(12) },
        },
        up(),
      ),
    ).toEqual([
      'COMPOSE_LINK_AMBIGUOUS | service "b" links "db2" as "db", but "db" also stands for "db1" in service "a" | choose another alias, or reach the service by its own name | line 12',
      'COMPOSE_LINK_AMBIGUOUS | service "b" links "db1" as "a", but "a" also stands for service "a" | choose another alias, or reach the service by its own name | line 12',
    ]);
  });

  test('to share a namespace with a service that has no container', () => {
    const shop = {
      services: { web: { networkMode: { kind: 'service', service: 'vpn' } } },
      disabledServices: { vpn: {} },
    } as const;
    expect(refusal(shop, up())).toEqual([
      'NO_CONTAINER | service "web" shares a namespace with "vpn", which has no container | start "vpn" too | -',
    ]);
  });

  test.each([
    [
      up({ recreate: 'never', renewAnonymousVolumes: true }),
      '--no-recreate and --renew-anon-volumes are incompatible',
    ],
    [
      up({ recreate: 'never', recreateDependencies: true }),
      '--always-recreate-deps and --no-recreate are incompatible',
    ],
    [up({ wait: true, start: false }), '--wait and --no-start are incompatible'],
    [
      up({ removeOrphans: true, ignoreOrphans: true }),
      'cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans',
    ],
  ])('options that contradict each other (%#)', (command, message) => {
    expect(refusal({ services: { web: {} } }, command)).toEqual([`CONFLICTING_OPTIONS | ${message} | - | -`]);
  });

  test('numbers of replicas that are none', () => {
    expect(refusal({ services: { web: {} } }, up({ scale: { web: -1 } }))).toEqual([
      'SCALE_INVALID | --scale web=-1 is not a number of containers | give a whole number from 0 | -',
    ]);
  });

  test('to make containers without a file, and to start or kill where nothing is', () => {
    expect(refusal(undefined, up())).toEqual([
      "NO_PROJECT | `up` needs the project's compose file | run it in the directory of the file, or name the file with -f | -",
    ]);
    expect(refusal(undefined, { kind: 'start', services: [], wait: false })).toEqual([
      'NO_CONTAINER | project "shop" has no container to start | `tscompose ps -a` shows what is there | -',
    ]);
    expect(refusal({ services: { web: {} } }, { kind: 'start', services: ['web'], wait: false })).toEqual([
      'NO_CONTAINER | service "web" has no container to start | `tscompose up -d web` makes one | -',
    ]);
    expect(
      refusal(undefined, { kind: 'kill', services: [], signal: 'SIGKILL', removeOrphans: false }),
    ).toEqual([
      'NO_CONTAINER | project "shop" has no container to kill | `tscompose ps -a` shows what is there | -',
    ]);
  });
});
