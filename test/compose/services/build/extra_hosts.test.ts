import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.extra_hosts', () => {
  it.each([
    '["b:10.0.0.2", "a=10.0.0.1", "c=[::1]", "gate=host-gateway"]',
    '{b: 10.0.0.2, a: 10.0.0.1, c: "::1", gate: $GATE}',
  ])('gives names addresses while the image is built, in order of the names: %s', async (hosts) => {
    expect(
      await canonicalOf(web(`build: {extra_hosts: ${hosts}}`), { env: { GATE: 'host-gateway' } }),
    ).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        extra_hosts: ['a=10.0.0.1', 'b=10.0.0.2', 'c=::1', 'gate=host-gateway'],
      },
    });
  });

  it('gives a name several addresses', async () => {
    expect(await canonicalOf(web('build: {extra_hosts: {a: [10.0.0.1, 10.0.0.2]}}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', extra_hosts: ['a=10.0.0.1', 'a=10.0.0.2'] },
    });
  });

  it('is added to by a later list, without what is there already', async () => {
    expect(
      await mergedOf('build: {extra_hosts: ["a=1.1.1.1"]}', 'build: {extra_hosts: {a: 1.1.1.1, b: 2.2.2.2}}'),
    ).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2'] },
    });
  });

  it('is a mapping or a list', async () => {
    expect(await placesIn(web('build: {extra_hosts: a}'))).toEqual(['4:26 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {extra_hosts: {a: 1}}'))).toEqual(['4:30 COMPOSE_TYPE']);
  });
});
