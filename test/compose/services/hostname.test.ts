import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('hostname', () => {
  it('is text that is printed as it is written', async () => {
    expect(await canonicalOf(web('hostname: db-1.internal'))).toEqual({ hostname: 'db-1.internal' });
    expect(await canonicalOf(web('hostname: Not_A-Name'))).toEqual({ hostname: 'Not_A-Name' });
  });

  it('is absent when nothing is said: the container has the name the engine gives it', async () => {
    expect(await canonicalOf(web('hostname: ""'))).toEqual({});
    expect((await serviceOf(web())).hostname).toBeUndefined();
    expect((await serviceOf(web('hostname: db'))).hostname).toBe('db');
  });

  it('may hold variables', async () => {
    const env = { SHARD: '7' };
    expect(await canonicalOf(web('hostname: db-${SHARD}'), { env })).toEqual({ hostname: 'db-7' });
  });

  it('is replaced by an override and by a service that extends, and kept by one that says null', async () => {
    expect(await canonicalOf(overridden(web('hostname: a'), web('hostname: b')))).toEqual({ hostname: 'b' });
    expect(await canonicalOf(overridden(web('hostname: a'), web('hostname: null')))).toEqual({
      hostname: 'a',
    });
    expect(await canonicalOf(extending('hostname: a', 'hostname: b'))).toEqual({ hostname: 'b' });
  });

  it('is refused where it is no text, or longer than a kernel takes', async () => {
    expect(await placesIn(web('hostname: 7'))).toEqual(['4:15 COMPOSE_TYPE']);
    expect(await placesIn(web('hostname: [a]'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await mistakesIn(web(`hostname: ${'a'.repeat(65)}`))).toEqual([
      '4:15 COMPOSE_VALUE: services.web.hostname: the name has 65 bytes -> the kernel takes 64 at most',
    ]);
  });
});
