import { describe, expect, test } from 'vitest';
import type { Service } from '../../../src/compose/model/project.ts';
import { plan, planImages, printPlan } from '../../../src/compose/plan/index.ts';
import { carryOut } from './machine.ts';
import { empty, planText, project, up } from './model.ts';

const bare = { ...empty, images: {} };

/** Only the lines about images. */
function images(service: Partial<Service>, observed = bare, pull?: 'always' | 'missing' | 'never'): string {
  const command = up(pull === undefined ? {} : { pull });
  const text = planText({ project: project({ services: { web: service } }), observed, command });
  return text
    .split('\n')
    .filter((line) => /^ +image:|^warning/.test(line))
    .map((line) => line.trim().replace(/ {2,}/g, ' | '))
    .join('\n');
}

describe('an image', () => {
  test('is pulled when it is not stored', () => {
    expect(images({ image: 'nginx' })).toBe('image:nginx | pull image nginx | not stored yet');
  });

  test('is left alone when it is stored', () => {
    expect(images({ image: 'app' }, empty)).toBe('');
  });

  test('is built when it has a build, under the name of project and service or the one given', () => {
    expect(images({ build: {} })).toBe('image:shop-web | build image shop-web | not built yet');
    expect(images({ build: {}, image: 'mine' })).toBe('image:mine | build image mine | not built yet');
  });

  test.each([
    ['always', 'image:app | pull image app | to be pulled always'],
    ['missing', ''],
    ['if_not_present', ''],
    ['never', ''],
  ])('follows pull_policy: %s', (pullPolicy, line) => {
    expect(images({ image: 'app', pullPolicy }, empty)).toBe(line);
  });

  test('is expected to be there with pull_policy: never', () => {
    expect(images({ image: 'nginx', pullPolicy: 'never' })).toBe(
      'image:nginx | expect image nginx | not stored yet',
    );
  });

  test('follows --pull before pull_policy', () => {
    expect(images({ image: 'app', pullPolicy: 'never' }, empty, 'always')).toBe(
      'image:app | pull image app | to be pulled always',
    );
    expect(images({ image: 'app', pullPolicy: 'always' }, empty, 'missing')).toBe('');
  });

  test('is never pulled when it is only built', () => {
    expect(images({ build: {} }, bare, 'always')).toBe(
      'image:shop-web | build image shop-web | not built yet',
    );
  });

  test('with pull_policy: build is used as it is stored, and a warning says so', () => {
    expect(images({ build: {}, image: 'app', pullPolicy: 'build' }, empty)).toBe(
      'warning: service "web": pull_policy build: the stored image app is used as it is, because building is not part of this version',
    );
    expect(images({ image: 'app', pullPolicy: 'build' }, empty)).toBe('');
  });

  test.each([
    ['daily', 24],
    ['weekly', 7 * 24],
    ['every_12h', 12],
    ['every_1w2d3h', (7 + 2) * 24 + 3],
  ])('follows pull_policy: %s', (pullPolicy, hours) => {
    const pulledBefore = (ageMs: number) => ({ ...empty, imageAgesMs: { app: ageMs } });
    const again = `image:app | pull image app | to be pulled again: ${pullPolicy}`;
    expect(images({ image: 'app', pullPolicy }, pulledBefore(hours * 3_600_000))).toBe('');
    expect(images({ image: 'app', pullPolicy }, pulledBefore(hours * 3_600_000 + 1))).toBe(again);
    expect(images({ image: 'app', pullPolicy }, empty)).toBe(again);
    expect(images({ image: 'app', pullPolicy }, empty, 'missing')).toBe('');
    expect(images({ image: 'app', pullPolicy }, bare)).toBe('image:app | pull image app | not stored yet');
  });

  test('that has a build is built when missing and pulled when due, with a pull_policy by age', () => {
    const service = { image: 'app', build: {}, pullPolicy: 'daily' };
    expect(images(service, bare)).toBe('image:app | build image app | not built yet');
    expect(images(service, empty)).toBe('image:app | pull image app | to be pulled again: daily');
  });

  test.each(['refresh', 'every_'])(
    'with pull_policy: %s is pulled when missing, and a warning says so',
    (pullPolicy) => {
      expect(images({ image: 'app', pullPolicy }, empty)).toBe(
        `warning: service "web": pull_policy ${pullPolicy} is taken as missing: write how often to pull, such as every_12h`,
      );
    },
  );

  test('of several services is fetched once, by the one that builds it', () => {
    const shop = project({ services: { a: { image: 'mine' }, b: { image: 'mine', build: {} } } });
    const { nodes } = plan({ project: shop, projectName: 'shop', observed: bare, command: up() });
    expect(nodes.filter(({ action }) => action.kind === 'EnsureImage').map(({ action }) => action)).toEqual([
      { kind: 'EnsureImage', image: 'mine', policy: 'build', service: 'b' },
    ]);
  });

  test('for a platform is another one', () => {
    expect(images({ image: 'nginx', platform: 'linux/arm64' })).toBe(
      'image:nginx:linux/arm64 | pull image nginx for linux/arm64 | not stored yet',
    );
  });
});

describe('images that have to be fetched', () => {
  const shop = project({ services: { web: { pullPolicy: 'always' } } });
  const input = { project: shop, projectName: 'shop', command: up() };
  const there = carryOut(plan({ ...input, observed: empty }), empty);

  test('are a plan of their own, to be carried out before the rest is planned', () => {
    expect(printPlan(planImages({ ...input, observed: there }))).toMatchInlineSnapshot(`
      "shop: 1 step
        image:app  pull image app  to be pulled always"
    `);
  });

  test('are not fetched again in the second plan, which acts on what the first one brought', () => {
    const same = plan({ ...input, observed: there, freshImages: ['app'] });
    expect(printPlan(same)).toBe('shop: nothing to do');
    const newer = { ...there, images: { app: 'sha256:newer' } };
    expect(printPlan(plan({ ...input, observed: newer, freshImages: ['app'] }))).toMatchInlineSnapshot(`
      "shop: 3 steps
        stop:web-1    stop container shop-web-1      the image is another one
        create:web-1  recreate container shop-web-1  the image is another one  after stop:web-1
        start:web-1   start container shop-web-1     replaced                  after create:web-1"
    `);
  });

  test('are fetched before anything is made, and nothing is when all are there', () => {
    const missing = planImages({ ...input, observed: bare });
    expect(missing.nodes.map(({ id }) => id)).toEqual(['image:app']);
    const plain = project({ services: { web: {} } });
    expect(planImages({ ...input, project: plain, observed: empty }).nodes).toEqual([]);
  });
});

describe('pull', () => {
  const shop = project({
    services: {
      a: { image: 'nginx' },
      b: { image: 'nginx' },
      c: { build: {} },
      d: { image: 'mine', build: {} },
      e: { image: 'local', pullPolicy: 'never' },
      f: { image: 'app' },
    },
  });
  const pull = {
    kind: 'pull',
    services: [],
    policy: 'always',
    includeDeps: false,
    ignoreBuildable: false,
  } as const;

  test('fetches every image once, and none that is only built or never pulled', () => {
    expect(planText({ project: shop, observed: empty, command: pull })).toMatchInlineSnapshot(`
      "
      shop: 3 steps
        image:nginx  pull image nginx  not stored yet
        image:mine   pull image mine   not stored yet
        image:app    pull image app    look for a newer one
      "
    `);
  });

  test('leaves out what is stored with --policy missing and what can be built with --ignore-buildable', () => {
    expect(
      planText({
        project: shop,
        observed: empty,
        command: { ...pull, policy: 'missing', ignoreBuildable: true },
      }),
    ).toMatchInlineSnapshot(`
      "
      shop: 1 step
        image:nginx  pull image nginx  not stored yet
      "
    `);
  });
});
