import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, serviceOf } from '../load/loading.ts';

const web = (check: string): string => `services:\n  web:\n    image: x\n    healthcheck: ${check}\n`;

describe('healthcheck', () => {
  it('takes a line for the shell, and prints durations as the reference does', async () => {
    expect(
      await canonicalOf(
        web(
          '{test: curl x, interval: 90s, timeout: 1m0.5s, retries: "3", start_period: 1d, start_interval: 500ms}',
        ),
      ),
    ).toEqual({
      healthcheck: {
        test: ['CMD-SHELL', 'curl x'],
        timeout: '1m0.5s',
        interval: '1m30s',
        retries: 3,
        start_period: '24h0m0s',
        start_interval: '500ms',
      },
    });
  });

  it('gives the typed project milliseconds, or that it is disabled', async () => {
    expect((await serviceOf(web('{test: [CMD, a], interval: 1m, timeout: 2s}'))).healthcheck).toEqual({
      kind: 'enabled',
      test: ['CMD', 'a'],
      intervalMs: 60_000,
      timeoutMs: 2000,
    });
    expect((await serviceOf(web('{disable: true}'))).healthcheck).toEqual({ kind: 'disabled' });
    expect((await serviceOf(web('{test: [NONE]}'))).healthcheck).toEqual({ kind: 'disabled' });
    expect((await serviceOf('services: {web: {image: x}}')).healthcheck).toBeUndefined();
  });

  it.each([
    [
      '{test: [curl, x]}',
      '4:26 COMPOSE_HEALTHCHECK: services.web.healthcheck.test must begin with CMD, CMD-SHELL or NONE, not "curl" -> write ["CMD", "curl", …]',
    ],
    [
      '{test: a, interval: soon}',
      '4:38 COMPOSE_DURATION: services.web.healthcheck.interval: invalid duration "soon" -> write it like 30s, 1m30s or 500ms',
    ],
    [
      '{test: a, interval: 5}',
      '4:38 COMPOSE_TYPE: services.web.healthcheck.interval must be a string, not 5 -> write a unit: 5s',
    ],
    [
      '{test: a, intervall: 5s}',
      `4:28 COMPOSE_UNKNOWN_KEY: services.web.healthcheck: unknown attribute "intervall" -> did you mean "interval"?`,
    ],
  ])('refuses %s', async (check, mistake) => {
    expect(await mistakesIn(web(check))).toEqual([mistake]);
  });
});
