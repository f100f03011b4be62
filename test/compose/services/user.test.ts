import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('user', () => {
  it.each(['postgres', 'postgres:postgres', '"1000"', '"1000:1000"', '1000:1000', '"0"'])(
    '%s is printed as text, not as a number',
    async (written) => {
      const user = written.replaceAll('"', '');
      expect(await canonicalOf(web(`user: ${written}`))).toEqual({ user });
      expect((await serviceOf(web(`user: ${written}`))).user).toBe(user);
    },
  );

  it("is the image's when nothing is said", async () => {
    expect(await canonicalOf(web('user: ""'))).toEqual({});
    expect((await serviceOf(web())).user).toBeUndefined();
  });

  it('may hold variables', async () => {
    const env = { UID: '501', GID: '20' };
    expect(await canonicalOf(web('user: ${UID}:${GID}'), { env })).toEqual({ user: '501:20' });
    expect(await canonicalOf(web('user: ${UID}'), { env })).toEqual({ user: '501' });
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('user: a'), web('user: b')))).toEqual({ user: 'b' });
    expect(await canonicalOf(extending('user: a', 'user: b'))).toEqual({ user: 'b' });
  });

  it('is refused where it is a number without quotes, or no single value', async () => {
    expect(await placesIn(web('user: 1000'))).toEqual(['4:11 COMPOSE_TYPE']);
    expect(await placesIn(web('user: [a]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
