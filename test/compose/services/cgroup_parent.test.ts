import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('cgroup_parent', () => {
  it('is text that is printed as it is written: no path of the project', async () => {
    expect(await canonicalOf(web('cgroup_parent: m-executor-abcd'))).toEqual({
      cgroup_parent: 'm-executor-abcd',
    });
    expect(await canonicalOf(web('cgroup_parent: ./machine.slice'))).toEqual({
      cgroup_parent: './machine.slice',
    });
  });

  it('may hold variables, and is absent when nothing is said', async () => {
    const env = { TEAM: 'blue' };
    expect(await canonicalOf(web('cgroup_parent: /${TEAM}'), { env })).toEqual({ cgroup_parent: '/blue' });
    expect(await canonicalOf(web('cgroup_parent: ""'))).toEqual({});
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cgroup_parent: a', 'cgroup_parent: b')).toEqual({ cgroup_parent: 'b' });
  });

  it('is carried along and warned of: it has no effect in this version', async () => {
    expect(await withoutEffectIn(web('cgroup_parent: a'))).toEqual(['services.cgroup_parent']);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('cgroup_parent: 1'))).toEqual(['4:20 COMPOSE_TYPE']);
    expect(await placesIn(web('cgroup_parent: {a: b}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
