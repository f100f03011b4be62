import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('working_dir', () => {
  it('is a path in the container, printed as it is written', async () => {
    expect(await canonicalOf(web('working_dir: /srv/app/'))).toEqual({ working_dir: '/srv/app/' });
    expect((await serviceOf(web('working_dir: /srv/app'))).workingDir).toBe('/srv/app');
  });

  it("is the image's when nothing is said", async () => {
    expect(await canonicalOf(web('working_dir: ""'))).toEqual({});
    expect((await serviceOf(web())).workingDir).toBeUndefined();
  });

  it('may hold variables', async () => {
    const env = { APP: 'shop' };
    expect(await canonicalOf(web('working_dir: /srv/$APP'), { env })).toEqual({ working_dir: '/srv/shop' });
  });

  it('is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('working_dir: /a'), web('working_dir: /b'));
    expect(await canonicalOf(files)).toEqual({ working_dir: '/b' });
    expect(await canonicalOf(extending('working_dir: /a', 'working_dir: /b'))).toEqual({ working_dir: '/b' });
  });

  it('is refused where it is not absolute when the project is to be started, or no text', async () => {
    expect(await mistakesIn(web('working_dir: app'))).toEqual([
      '4:18 COMPOSE_VALUE: services.web.working_dir: "app" is not absolute -> write /app',
    ]);
    expect(await canonicalOf(web('working_dir: app'), { purpose: 'read' })).toEqual({ working_dir: 'app' });
    expect(await placesIn(web('working_dir: [/a]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
