/** What a variable that is not set leaves behind is an empty text, and attributes differ in what that means. */
import { describe, expect, it } from 'vitest';
import { canonicalOf, projectOf } from './loading.ts';

const given = { env: { EMPTY: '' } };

describe('an empty value', () => {
  it('is no name server, but a domain to search in', async () => {
    const yaml = 'services: {web: {image: x, dns: ["$EMPTY", 1.1.1.1], dns_search: "$EMPTY"}}';
    expect(await canonicalOf(yaml, given)).toEqual({ dns: ['1.1.1.1'], dns_search: [''] });
    expect(await canonicalOf('services: {web: {image: x, dns: "$EMPTY"}}', given)).toEqual({});
  });

  it('is left out where a build has its context', async () => {
    const yaml = 'services: {web: {build: {context: $EMPTY, additional_contexts: {a: $EMPTY}}}}';
    const { canonical } = await projectOf(yaml, { ...given, purpose: 'read' });
    expect(canonical.services).toMatchObject({
      web: { build: { dockerfile: 'Dockerfile', additional_contexts: { a: '' } } },
    });
    expect(JSON.stringify(canonical)).not.toContain('"context"');
  });

  it("is the project's directory where a path on the host is meant", async () => {
    const { canonical } = await projectOf(
      `services:
  web:
    image: x
    volumes: [{type: bind, source: $EMPTY, target: /t}]
    secrets: [s]
    configs: [c]
secrets: {s: {file: $EMPTY}}
configs: {c: {file: $EMPTY}}
`,
      { ...given, purpose: 'read' },
    );
    expect(canonical).toMatchObject({
      services: { web: { volumes: [{ source: '/p' }] } },
      secrets: { s: { file: '/p' } },
      configs: { c: { file: '/p' } },
    });
  });

  it('is the source itself for the target of a device', async () => {
    expect(await canonicalOf('services: {web: {image: x, devices: ["/dev/a::r"]}}')).toEqual({
      devices: [{ source: '/dev/a', target: '/dev/a', permissions: 'r' }],
    });
  });
});
