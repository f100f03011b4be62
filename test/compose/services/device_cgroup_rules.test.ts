import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('device_cgroup_rules', () => {
  it('is a list of rules, which are printed as they are written', async () => {
    expect(await canonicalOf(web('device_cgroup_rules: ["c 1:3 mr", "a 7:* rmw"]'))).toEqual({
      device_cgroup_rules: ['c 1:3 mr', 'a 7:* rmw'],
    });
  });

  it('may hold variables, and is absent when nothing is said', async () => {
    const yaml = web('device_cgroup_rules: ["c ${MAJOR}:* rmw"]');
    expect(await canonicalOf(yaml, { env: { MAJOR: '81' } })).toEqual({
      device_cgroup_rules: ['c 81:* rmw'],
    });
    expect(await canonicalOf(web('device_cgroup_rules: []'))).toEqual({});
  });

  it('is appended to by an override and by a service that extends', async () => {
    expect(await mergedOf('device_cgroup_rules: ["c 1:3 mr"]', 'device_cgroup_rules: ["a 7:* rmw"]')).toEqual(
      { device_cgroup_rules: ['c 1:3 mr', 'a 7:* rmw'] },
    );
  });

  it('is carried along and warned of: it has no effect in this version', async () => {
    expect(await withoutEffectIn(web('device_cgroup_rules: ["c 1:3 mr"]'))).toEqual([
      'services.device_cgroup_rules',
    ]);
  });

  it('is refused where it is no list of text', async () => {
    expect(await placesIn(web('device_cgroup_rules: "c 1:3 mr"'))).toEqual(['4:26 COMPOSE_TYPE']);
    expect(await placesIn(web('device_cgroup_rules: [{c: "1:3"}]'))).toEqual(['4:27 COMPOSE_TYPE']);
  });
});
