import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, projectOf, web } from '../load/loading.ts';

describe('build', () => {
  it('takes a directory, a URL, or everything in full', async () => {
    expect(await canonicalOf(web('build: ./d'))).toEqual({
      build: { context: '/p/d', dockerfile: 'Dockerfile' },
    });
    expect(await canonicalOf(web('build: https://example.com/r.git#main'))).toEqual({
      build: { context: 'https://example.com/r.git#main', dockerfile: 'Dockerfile' },
    });
    expect(
      await canonicalOf(
        web(
          'build: {args: [A=1, HERE, GONE], additional_contexts: [base=./b, svc=service:web], ssh: [default], shm_size: 1m, no_cache: "true", ulimits: {nofile: 5}}',
        ),
        { env: { HERE: 'h' } },
      ),
    ).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        args: { A: '1', HERE: 'h' },
        ssh: ['default'],
        no_cache: true,
        additional_contexts: { base: '/p/b', svc: 'service:web' },
        shm_size: '1048576',
        ulimits: { nofile: 5 },
      },
    });
  });

  it('merges key by key, and its short form is a context', async () => {
    const merged = { build: { context: '/p/b', dockerfile: 'D', target: 't' } };
    expect(await mergedOf('build: {context: a, dockerfile: D}', 'build: {context: b, target: t}')).toEqual(
      merged,
    );
    expect(await mergedOf('build: b', 'build: {dockerfile: D, target: t}')).toEqual(merged);
  });

  it('needs no image beside it, and keeps the name of one that is', async () => {
    const { services } = await projectOf('services: {a: {build: .}, b: {build: ., image: mine}}');
    expect(services.a).toMatchObject({ build: { context: '/p', dockerfile: 'Dockerfile' } });
    expect(services.a!.image).toBeUndefined();
    expect(services.b!.image).toBe('mine');
  });

  it('refuses two Dockerfiles, and a platform that is not built', async () => {
    expect(
      await mistakesIn(
        web(
          'build: {dockerfile: D, dockerfile_inline: "FROM x", platforms: [linux/arm64]}',
          'platform: linux/amd64',
        ),
      ),
    ).toEqual([
      '4:28 COMPOSE_CONFLICT: service "web" declares mutually exclusive dockerfile and dockerfile_inline -> keep one of the two',
      '5:15 COMPOSE_CONFLICT: service.build.platforms MUST include service.platform "linux/amd64" -> add linux/amd64 to build.platforms',
    ]);
  });

  it('asks for an image or a build', async () => {
    expect(await mistakesIn('services:\n  web:\n    image: ${NONE}\n')).toEqual([
      '2:3 COMPOSE_NO_IMAGE: service "web" has neither an image nor a build context specified -> add `image:` or `build:`',
    ]);
  });

  it('is text or a mapping of known keys', async () => {
    expect(await placesIn(web('build: 1'))).toEqual(['4:12 COMPOSE_TYPE']);
    expect(await placesIn(web('build: [a]'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {contxt: a, x-own: b}'))).toEqual(['4:13 COMPOSE_UNKNOWN_KEY']);
  });
});
