import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('pull_policy', () => {
  it.each(['always', 'never', 'missing', 'build', 'daily', 'weekly', 'every_12h', 'every_1d2h', 'refresh'])(
    '%s is printed as it is written',
    async (policy) => {
      expect(await canonicalOf(web(`pull_policy: ${policy}`))).toEqual({ pull_policy: policy });
      expect((await serviceOf(web(`pull_policy: ${policy}`))).pullPolicy).toBe(policy);
    },
  );

  it('if_not_present is another word for missing', async () => {
    expect(await canonicalOf(web('pull_policy: if_not_present'))).toEqual({ pull_policy: 'missing' });
  });

  it('is not printed when nothing is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).pullPolicy).toBeUndefined();
  });

  it('may be a variable, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('pull_policy: always'), web('pull_policy: ${PULL:-never}'));
    expect(await canonicalOf(files)).toEqual({ pull_policy: 'never' });
    expect(await canonicalOf(extending('pull_policy: always', 'pull_policy: build'))).toEqual({
      pull_policy: 'build',
    });
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('pull_policy: true'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('pull_policy: [always]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
