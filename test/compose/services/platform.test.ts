import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('platform', () => {
  it.each(['linux/amd64', 'linux/arm/v7', 'arm64'])('%s is printed as it is written', async (platform) => {
    expect(await canonicalOf(web(`platform: ${platform}`))).toEqual({ platform });
    expect((await serviceOf(web(`platform: ${platform}`))).platform).toBe(platform);
  });

  it('is that of the machine when nothing is said', async () => {
    expect(await canonicalOf(web('platform: ""'))).toEqual({});
    expect((await serviceOf(web())).platform).toBeUndefined();
  });

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('platform: linux/amd64'), web('platform: linux/${ARCH}'));
    expect(await canonicalOf(files, { env: { ARCH: 'arm64' } })).toEqual({ platform: 'linux/arm64' });
    const extended = extending('platform: linux/amd64', 'platform: linux/386');
    expect(await canonicalOf(extended)).toEqual({ platform: 'linux/386' });
  });

  it('is one of those that the image is built for, where they are written', async () => {
    const yaml = web('platform: linux/arm64', 'build: {context: ., platforms: [linux/amd64, linux/arm/v7]}');
    expect(await mistakesIn(yaml)).toEqual([
      '4:15 COMPOSE_CONFLICT: service.build.platforms MUST include service.platform "linux/arm64" -> add linux/arm64 to build.platforms',
    ]);
    expect(await mistakesIn(yaml.replace('linux/amd64', 'linux/arm64'))).toEqual([]);
  });

  it('is refused where it is none when the project is to be started, or no text', async () => {
    expect(await mistakesIn(web('platform: linux/arm/v7/x'))).toEqual([
      '4:15 COMPOSE_VALUE: services.web.platform: "linux/arm/v7/x" is no platform -> write it as os/architecture[/variant], such as linux/amd64 or linux/arm/v7',
    ]);
    expect(await placesIn(web('platform: "linux/"'))).toEqual(['4:15 COMPOSE_VALUE']);
    expect(await mistakesIn(web('platform: "linux/"'), { purpose: 'read' })).toEqual([]);
    expect(await placesIn(web('platform: [linux/amd64]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
