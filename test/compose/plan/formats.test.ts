import { expect, test } from 'vitest';
import { formatPlan, type PlanFormat, plan } from '../../../src/compose/plan/index.ts';
import type { Plan } from '../../../src/compose/plan/plan.ts';
import { dependency, empty, healthy, project, up } from './model.ts';

const shop = plan({
  project: project({ services: { db: {}, web: { dependsOn: { db: healthy } } } }),
  projectName: 'shop',
  observed: empty,
  command: up(),
});

/** With line breaks before and after, so that it stands by itself. */
const formatted = (format: PlanFormat, of: Plan = shop): string => `\n${formatPlan(of, format)}\n`;

test('as Mermaid, a plan is a flow chart from what is done first to what waits for it', () => {
  expect(formatted('mermaid')).toBe(`
%% shop: 6 steps
flowchart TD
  n1["create network shop_default<br>does not exist"]
  n2["create container shop-db-1<br>does not exist"]
  n3["create container shop-web-1<br>does not exist"]
  n4["start container shop-db-1<br>new"]
  n5["wait until shop-db-1 is healthy<br>web depends on it"]
  n6["start container shop-web-1<br>new"]
  n1 --> n2
  n1 --> n3
  n2 --> n4
  n4 --> n5
  n3 --> n6
  n5 --> n6
`);
});

test('as DOT, it is a directed graph of boxes', () => {
  expect(formatted('dot')).toBe(`
digraph "shop" {
  label="shop: 6 steps";
  node [shape=box];
  n1 [label="create network shop_default\\ndoes not exist"];
  n2 [label="create container shop-db-1\\ndoes not exist"];
  n3 [label="create container shop-web-1\\ndoes not exist"];
  n4 [label="start container shop-db-1\\nnew"];
  n5 [label="wait until shop-db-1 is healthy\\nweb depends on it"];
  n6 [label="start container shop-web-1\\nnew"];
  n1 -> n2;
  n1 -> n3;
  n2 -> n4;
  n4 -> n5;
  n3 -> n6;
  n5 -> n6;
}
`);
});

test('an empty plan is a drawing of nothing', () => {
  const nothing = { project: 'shop', nodes: [], warnings: [] };
  expect(formatted('mermaid', nothing)).toBe('\n%% shop: nothing to do\nflowchart TD\n');
  expect(formatted('dot', nothing)).toBe(`
digraph "shop" {
  label="shop: nothing to do";
  node [shape=box];
}
`);
});

test('names keep their signs, whatever a language of graphs takes them for', () => {
  const odd: Plan = {
    project: 'shop',
    nodes: [
      {
        id: 'volume:odd' as Plan['nodes'][number]['id'],
        action: { kind: 'RemoveVolume', name: '`a"b\\N#quot;&lt;<i>\nc' },
        after: [],
        because: 'odd',
      },
    ],
    warnings: [],
  };
  expect(formatted('mermaid', odd)).toContain(
    'n1["remove volume #96;a#34;b#92;N#35;quot;#38;lt;#60;i#62; c<br>odd"]',
  );
  expect(formatted('dot', odd)).toContain('n1 [label="remove volume `a\\"b\\\\N#quot;&lt;<i> c\\nodd"];');
});

test('as JSON, it is the whole plan without the text of secrets and configs', () => {
  const secretive = plan({
    project: project({
      services: {
        db: { secrets: [{ source: 'password', target: '/run/secrets/password' }] },
        web: { dependsOn: { db: dependency() } },
      },
      secrets: {
        password: { kind: 'environment', name: 'shop_password', variable: 'PASSWORD', content: 'hunter2' },
      },
    }),
    projectName: 'shop',
    observed: empty,
    command: up(),
  });
  const printed = formatPlan(secretive, 'json');
  expect(printed).not.toContain('hunter2');
  expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(secretive).replaceAll('"hunter2"', '"***"')));
});
