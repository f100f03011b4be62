import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, warningsIn, web } from '../load/loading.ts';

describe('userns_mode', () => {
  it.each(['host', 'private', 'keep-id:uid=1000'])('%s is printed as it is written', async (mode) => {
    expect(await canonicalOf(web(`userns_mode: ${mode}`))).toEqual({ userns_mode: mode });
  });

  it('is not printed when it is empty', async () => {
    expect(await canonicalOf(web('userns_mode: ""'))).toEqual({});
  });

  it('may be a variable, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('userns_mode: a'), web('userns_mode: ${USERS:-host}'));
    expect(await canonicalOf(files)).toEqual({ userns_mode: 'host' });
    expect(await canonicalOf(extending('userns_mode: a', 'userns_mode: b'))).toEqual({ userns_mode: 'b' });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('userns_mode: host'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.userns_mode',
    ]);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('userns_mode: 1000'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('userns_mode: {mode: host}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
