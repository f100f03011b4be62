import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, warningsIn, web } from '../load/loading.ts';

describe('runtime', () => {
  it('names an OCI runtime', async () => {
    expect(await canonicalOf(web('runtime: runc'))).toEqual({ runtime: 'runc' });
    expect(await canonicalOf(web('runtime: io.containerd.kata.v2'))).toEqual({
      runtime: 'io.containerd.kata.v2',
    });
  });

  it("is the engine's own when it is empty", async () => {
    expect(await canonicalOf(web('runtime: ""'))).toEqual({});
  });

  it('may be a variable, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('runtime: runc'), web('runtime: ${WITH:-crun}'));
    expect(await canonicalOf(files)).toEqual({ runtime: 'crun' });
    expect(await canonicalOf(extending('runtime: runc', 'runtime: kata'))).toEqual({ runtime: 'kata' });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('runtime: runc'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.runtime',
    ]);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('runtime: 2'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('runtime: {name: runc}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
