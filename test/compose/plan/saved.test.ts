import { describe, expect, test } from 'vitest';
import type { Project } from '../../../src/compose/model/project.ts';
import {
  plan,
  refuseOther,
  refuseOtherSteps,
  refuseStale,
  savePlan,
} from '../../../src/compose/plan/index.ts';
import type { Observed, ObservedState } from '../../../src/compose/plan/observed.ts';
import { ComposeError } from '../../../src/errors.ts';
import { carryOut } from './machine.ts';
import { empty, healthy, type ProjectSketch, project, up } from './model.ts';

const sketch = {
  services: {
    db: {
      environment: { PASSWORD: 'hunter2' },
      secrets: [
        { source: 'key', target: '/run/secrets/key' },
        { source: 'token', target: '/run/secrets/token' },
      ],
    },
    web: { dependsOn: { db: healthy } },
  },
  secrets: {
    key: { kind: 'file', name: 'shop_key', file: '/srv/shop/key' },
    token: { kind: 'environment', name: 'shop_token', variable: 'TOKEN', content: 'correct horse' },
  },
  positions: {
    'services.web': { file: '/srv/shop/compose.yaml', line: 9, column: 3, endLine: 9, endColumn: 6 },
  },
} as const satisfies ProjectSketch;

const shop = project(sketch);
const machine: Observed = { ...empty, fileDigests: { '/srv/shop/key': 'a'.repeat(64) } };
const command = up({ recreate: 'force' });

const planned = (of: Project, observed: Observed) =>
  plan({ project: of, projectName: 'shop', observed, command });

const there = carryOut(planned(shop, machine), machine);
const saved = savePlan(planned(shop, there), { project: shop, observed: there }, '0123456789ab');

/** What a person is told: the heading apart, and each change at its line. */
function refusal(check: () => void): readonly string[] {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    expect(error.problems.every(({ code }) => code === 'PLAN_STALE')).toBe(true);
    return error.problems.map(({ at, message }) => (at ? `${at.line}:${at.column} ${message}` : message));
  }
  return [];
}

describe('a saved plan', () => {
  test('crosses a file as JSON, and what secrets and variables say is not in it', () => {
    const text = JSON.stringify(saved);
    expect(text).not.toMatch(/hunter2|correct horse|a{64}/);
    expect(JSON.parse(text)).toEqual(saved);
  });

  test('fits the files and the machine that it was made for, and is the same plan again', () => {
    const read = JSON.parse(JSON.stringify(saved)) as typeof saved;
    expect(refusal(() => refuseStale(read, { project: shop, observed: there }))).toEqual([]);
    const then = { ...read.grounds.observed, fileDigests: there.fileDigests };
    expect(refusal(() => refuseOther(read, planned(shop, then)))).toEqual([]);
  });

  test('is no other plan', () => {
    const other = plan({ project: shop, projectName: 'shop', observed: there, command: up() });
    expect(refusal(() => refuseOther(saved, other))).toEqual([
      'the saved plan was made by another version of tscompose, so nothing was changed',
    ]);
  });
});

describe('a saved plan is refused', () => {
  const web = there.containers.find(({ service }) => service === 'web')!;
  const others = there.containers.filter((container) => container !== web);
  const changed = (change: Partial<typeof web>): Observed => ({
    ...there,
    containers: [...others, { ...web, ...change }],
  });
  const [network] = there.networks;
  const withoutWeb = {
    ...there,
    containers: others,
    networks: [{ ...network!, containers: others.map(({ name }) => name) }],
  };

  test.each<[string, Observed, string]>([
    ['that is gone', withoutWeb, 'container shop-web-1 is gone'],
    ['that has another of its name', changed({ id: 'other' }), 'container shop-web-1 is another one'],
    [
      'that is new',
      { ...there, containers: [...there.containers, { ...web, id: 'x', name: 'shop-web-2', number: 2 }] },
      'container shop-web-2 is new',
    ],
    [
      'that has ended',
      changed({ state: { status: 'exited', exitCode: 3 } }),
      'container shop-web-1 is exited (3), and was running (healthy)',
    ],
    [
      'that has become unhealthy',
      changed({ state: { status: 'running', health: 'unhealthy' } }),
      'container shop-web-1 is running (unhealthy), and was running (healthy)',
    ],
    ['that was made otherwise', changed({ labels: { a: 'b' } }), 'container shop-web-1 changed'],
  ])('for a container %s', (_, observed, message) => {
    expect(refusal(() => refuseStale(saved, { project: shop, observed }))).toEqual([
      'the saved plan no longer fits, so nothing was changed',
      message,
    ]);
  });

  test.each<[string, Partial<Observed>, string]>([
    ['an image', { images: { app: 'sha256:newer' } }, 'image app is another one'],
    ['an image', { images: {} }, 'image app is gone'],
    ['a network', { networks: [] }, 'network shop_default is gone'],
    [
      'a network with a guest',
      { networks: [{ ...network!, containers: [...network!.containers, 'guest-1'] }] },
      'network shop_default is another one',
    ],
    ['a volume', { volumes: [{ name: 'shop_data', labels: {}, containers: [] }] }, 'volume shop_data is new'],
    ['a file', { fileDigests: { '/srv/shop/key': 'b' } }, 'secrets.key changed'],
    [
      'a container of others',
      { foreignContainers: { vpn: { id: 'x', running: true } } },
      'container vpn is new',
    ],
  ])('for %s', (_, change, message) => {
    expect(refusal(() => refuseStale(saved, { project: shop, observed: { ...there, ...change } }))).toEqual([
      'the saved plan no longer fits, so nothing was changed',
      message,
    ]);
  });

  test('for what the files say now, at its place', () => {
    const { web: _, ...services } = sketch.services;
    const news = project({
      ...sketch,
      services: { ...services, db: { ...services.db, environment: { PASSWORD: 'else' } }, cache: {} },
      networks: { back: {} },
      secrets: { ...sketch.secrets, token: { ...sketch.secrets.token, content: 'battery staple' } },
    });
    expect(refusal(() => refuseStale(saved, { project: news, observed: there }))).toEqual([
      'the saved plan no longer fits, so nothing was changed',
      'networks.back is new',
      'secrets.token changed',
      'services.cache is new',
      'services.db.environment changed',
      '9:3 services.web is gone',
    ]);
  });

  test('but not because a container has become healthy', () => {
    const starting: ObservedState = { status: 'running', health: 'starting' };
    const before = { ...there, containers: there.containers.map((one) => ({ ...one, state: starting })) };
    const early = savePlan(planned(shop, before), { project: shop, observed: before }, 'salt');
    expect(refusal(() => refuseStale(early, { project: shop, observed: there }))).toEqual([]);
  });

  test('when the images that were fetched lead to other steps', () => {
    const whole = plan({ project: shop, projectName: 'shop', observed: there, command: up() });
    const rest = plan({
      project: shop,
      projectName: 'shop',
      observed: { ...there, images: { app: 'sha256:newer' } },
      command: up({ services: ['web'], noDeps: true }),
    });
    expect(refusal(() => refuseOtherSteps(whole, whole))).toEqual([]);
    expect(refusal(() => refuseOtherSteps(whole, rest))).toEqual([
      'the images that were fetched lead to other steps than the saved plan has, so nothing else was changed',
      'stop container shop-web-1 is not in the saved plan',
      'recreate container shop-web-1 is not in the saved plan',
      'start container shop-web-1 is not in the saved plan',
    ]);
    expect(refusal(() => refuseOtherSteps(rest, whole)).at(-1)).toBe(
      'start container shop-web-1 is no longer asked for',
    );
  });
});
