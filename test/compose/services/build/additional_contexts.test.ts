import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.additional_contexts', () => {
  const contexts = {
    base: '/p/base',
    code: 'https://example.com/code.git',
    image: 'docker-image://alpine:3',
    layout: 'oci-layout://./store',
    other: 'service:db',
  };

  it.each([
    '{base: ./base, code: "https://example.com/code.git", image: "docker-image://alpine:3", layout: "oci-layout://./store", other: "service:db"}',
    '[base=./base, "code=https://example.com/code.git", "image=docker-image://$IMAGE", "layout=oci-layout://./store", "other=service:db"]',
  ])('names contexts besides the main one: paths become absolute, all else stays: %s', async (written) => {
    const yaml = `${web(`build: {additional_contexts: ${written}}`)}  db: {image: x}\n`;
    expect(await canonicalOf(yaml, { env: { IMAGE: 'alpine:3' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', additional_contexts: contexts },
    });
  });

  it('merges by name, whatever the form', async () => {
    expect(
      await mergedOf(
        'build: {additional_contexts: {a: /1, b: /2}}',
        'build: {additional_contexts: [b=/3, c=/4]}',
      ),
    ).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        additional_contexts: { a: '/1', b: '/3', c: '/4' },
      },
    });
  });

  it.each([
    ['service:dv', 'did you mean "db"?'],
    ['service:', 'define it under `services:`, or take it out'],
    ['service:off', '"off" is off: ask for one of its profiles'],
  ])('refuses what is built for no service that is on: %s', async (context, hint) => {
    const yaml = `${web(`build: {additional_contexts: {base: "${context}"}}`)}  db: {image: x}\n  off: {image: x, profiles: [p]}\n`;
    expect(await mistakesIn(yaml)).toEqual([
      `4:41 COMPOSE_UNDEFINED: service "web" declares unknown service "${context.slice('service:'.length)}" as additional contexts base -> ${hint}`,
    ]);
    expect(await mistakesIn(yaml, { consistency: false })).toEqual([]);
  });

  it('is a mapping or a list', async () => {
    expect(await placesIn(web('build: {additional_contexts: a}'))).toEqual(['4:34 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {additional_contexts: {a: [b]}}'))).toEqual(['4:35 COMPOSE_TYPE']);
    expect(await mistakesIn(web('build: {additional_contexts: [a=/a, base]}'))).toEqual([
      '4:41 COMPOSE_VALUE: services.web.build.additional_contexts[1]: "base" has no equals sign -> write base=path, base=service:other or base=docker-image://image',
    ]);
  });
});
