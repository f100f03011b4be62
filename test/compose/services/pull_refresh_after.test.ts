import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, warningsIn, web } from '../load/loading.ts';

describe('pull_refresh_after', () => {
  it('stands beside pull_policy: refresh and is printed as it is written', async () => {
    expect(await canonicalOf(web('pull_policy: refresh', 'pull_refresh_after: 24h'))).toEqual({
      pull_policy: 'refresh',
      pull_refresh_after: '24h',
    });
  });

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('pull_refresh_after: 1h'), web('pull_refresh_after: ${HOURS}h'));
    expect(await canonicalOf(files, { env: { HOURS: '6' } })).toEqual({ pull_refresh_after: '6h' });
    const extended = extending('pull_refresh_after: 1h', 'pull_refresh_after: 2h');
    expect(await canonicalOf(extended)).toEqual({ pull_refresh_after: '2h' });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('pull_refresh_after: 24h'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.pull_refresh_after',
    ]);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('pull_refresh_after: 24'))).toEqual(['4:25 COMPOSE_TYPE']);
    expect(await placesIn(web('pull_refresh_after: {hours: 1}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
