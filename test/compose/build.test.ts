import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn } from './load/loading.ts';

const web = (build: string): string => `services:\n  web:\n    image: x\n    build: ${build}\n`;

describe('build', () => {
  it('takes a directory, a URL, or everything in full', async () => {
    expect(await canonicalOf(web('./d'))).toEqual({ build: { context: '/p/d', dockerfile: 'Dockerfile' } });
    expect(await canonicalOf(web('https://example.com/r.git#main'))).toEqual({
      build: { context: 'https://example.com/r.git#main', dockerfile: 'Dockerfile' },
    });
    expect(
      await canonicalOf(
        web(
          '{args: [A=1, HERE, GONE], additional_contexts: [base=./b, svc=service:x], ssh: [default], shm_size: 1m, no_cache: "true", ulimits: {nofile: 5}}',
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
        additional_contexts: { base: '/p/b', svc: 'service:x' },
        shm_size: '1048576',
        ulimits: { nofile: 5 },
      },
    });
  });

  it('refuses two Dockerfiles, and a platform that is not built', async () => {
    expect(
      await mistakesIn(
        web(
          '{dockerfile: D, dockerfile_inline: "FROM x", platforms: [linux/arm64]}\n    platform: linux/amd64',
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
});
