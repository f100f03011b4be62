import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('cgroup', () => {
  it('is host or private', async () => {
    expect(await canonicalOf(web('cgroup: host'))).toEqual({ cgroup: 'host' });
    expect(await canonicalOf(web('cgroup: private'))).toEqual({ cgroup: 'private' });
  });

  it('may be a variable, and is absent when nothing is said', async () => {
    expect(await canonicalOf(web('cgroup: ${CGROUP:-host}'))).toEqual({ cgroup: 'host' });
    expect(await canonicalOf(web())).toEqual({});
  });

  it('is replaced by an override and by a service that extends', async () => {
    const host = { cgroup: 'host' };
    expect(await mergedOf('cgroup: private', 'cgroup: host')).toEqual(host);
  });

  it('is carried along and warned of: it has no effect in this version', async () => {
    expect(await withoutEffectIn(web('cgroup: host'))).toEqual(['services.cgroup']);
  });

  it('is refused where it is another word: the cgroup of another service cannot be joined', async () => {
    expect(await placesIn(web('cgroup: hosst'))).toEqual(['4:13 COMPOSE_VALUE']);
    expect(await placesIn(web('cgroup: "service:db"'))).toEqual(['4:13 COMPOSE_VALUE']);
    expect(await placesIn(web('cgroup: ""'))).toEqual(['4:13 COMPOSE_VALUE']);
    expect(await placesIn(web('cgroup: [host]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
