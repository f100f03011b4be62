import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';

describe('healthcheck.test', () => {
  it.each([
    ['curl -f http://localhost', ['CMD-SHELL', 'curl -f http://localhost']],
    [
      '[CMD-SHELL, "curl -f http://localhost || exit 1"]',
      ['CMD-SHELL', 'curl -f http://localhost || exit 1'],
    ],
    ['[CMD, curl, -f, "http://$HOST"]', ['CMD', 'curl', '-f', 'http://h']],
    ['[NONE]', ['NONE']],
  ])('is a line for the shell, or a list that says how it is run: %s', async (written, test) => {
    expect(await canonicalOf(web(`healthcheck: {test: ${written}}`), { env: { HOST: 'h' } })).toEqual({
      healthcheck: { test },
    });
  });

  it("is the image's own when nothing or an empty list is written", async () => {
    expect(await canonicalOf(web('healthcheck: {test: []}'))).toEqual({ healthcheck: {} });
    expect((await serviceOf(web('healthcheck: {interval: 5s}'))).healthcheck).toEqual({
      kind: 'enabled',
      intervalMs: 5000,
    });
  });

  it('switches the check off with NONE', async () => {
    expect((await serviceOf(web('healthcheck: {test: [NONE]}'))).healthcheck).toEqual({ kind: 'disabled' });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {test: [CMD, a, b]}', 'healthcheck: {test: [CMD, c]}')).toEqual({
      healthcheck: { test: ['CMD', 'c'] },
    });
    expect(await mergedOf('healthcheck: {test: [CMD, a, b]}', 'healthcheck: {test: c}')).toEqual({
      healthcheck: { test: ['CMD-SHELL', 'c'] },
    });
  });

  it('must say how it is run when it is a list', async () => {
    expect(await mistakesIn(web('healthcheck: {test: [CMDSHELL, a]}'))).toEqual([
      '4:26 COMPOSE_HEALTHCHECK: services.web.healthcheck.test must begin with CMD, CMD-SHELL or NONE, not "CMDSHELL" -> did you mean "CMD-SHELL"?',
    ]);
  });

  it('is text or a list of texts', async () => {
    expect(await placesIn(web('healthcheck: {test: 5}'))).toEqual(['4:25 COMPOSE_TYPE']);
    expect(await placesIn(web('healthcheck: {test: [CMD, 5]}'))).toEqual(['4:31 COMPOSE_TYPE']);
  });
});
