import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, warningsIn, web } from '../../load/loading.ts';

const placement = (written: string): string => web(`deploy: {placement: ${written}}`);

describe('deploy.placement', () => {
  it('says where a cluster puts containers', async () => {
    const yaml = placement(
      '{constraints: [node.role == manager, "node.labels.disk == $DISK"], preferences: [{spread: node.labels.zone}], max_replicas_per_node: "2"}',
    );
    expect(await canonicalOf(yaml, { env: { DISK: 'ssd' } })).toEqual({
      deploy: {
        resources: {},
        placement: {
          constraints: ['node.role == manager', 'node.labels.disk == ssd'],
          preferences: [{ spread: 'node.labels.zone' }],
          max_replicas_per_node: 2,
        },
      },
    });
  });

  it('is appended to by later lists', async () => {
    expect(
      await mergedOf(
        'deploy: {placement: {constraints: [a], preferences: [{spread: a}], max_replicas_per_node: 1}}',
        'deploy: {placement: {constraints: [b], preferences: [{spread: b}], max_replicas_per_node: 2}}',
      ),
    ).toEqual({
      deploy: {
        resources: {},
        placement: {
          constraints: ['a', 'b'],
          preferences: [{ spread: 'a' }, { spread: 'b' }],
          max_replicas_per_node: 2,
        },
      },
    });
  });

  it("is a cluster's, and has no effect on one machine", async () => {
    expect(await warningsIn(placement('{constraints: [a]}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.placement',
    ]);
  });

  it.each([
    ['{constraints: a}', '4:39 COMPOSE_TYPE'],
    ['{preferences: [a]}', '4:40 COMPOSE_TYPE'],
    ['{preferences: [{spred: a}]}', '4:41 COMPOSE_UNKNOWN_KEY'],
    ['{max_replicas_per_node: x}', '4:49 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(placement(written))).toEqual([place]);
  });

  it('counts nothing that is less than nothing', async () => {
    expect(await mistakesIn(web('deploy: {placement: {max_replicas_per_node: -1}}'))).toEqual([
      '4:49 COMPOSE_TYPE: services.web.deploy.placement.max_replicas_per_node: -1 is too low: 0 is the least -> write how many',
    ]);
  });
});
