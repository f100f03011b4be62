import { describe, expect, test } from 'vitest';
import { formatImageConfig } from '../../src/image/config-format.ts';
import { parseDuration } from '../../src/image/durations.ts';
import { millisecondsOf, parseImageConfig } from '../../src/image/index.ts';

const whole = {
  created: '2024-05-06T07:08:09.123456789Z',
  architecture: 'arm',
  os: 'linux',
  variant: 'v7',
  config: {
    User: 'nginx:nginx',
    ExposedPorts: { '80/tcp': {}, '443/tcp': {} },
    Env: ['PATH=/bin', 'A='],
    Cmd: ['nginx', '-g', 'daemon off;'],
    Healthcheck: {
      Test: ['CMD', 'true'],
      Interval: 30_000_000_000,
      Timeout: 1_500_000_000,
      StartPeriod: 5_000_000_000,
      StartInterval: 250_000_000,
      Retries: 4,
    },
    Volumes: { '/data': {} },
    WorkingDir: '/srv',
    Entrypoint: ['/docker-entrypoint.sh'],
    Labels: { maintainer: 'someone' },
    StopSignal: 'SIGQUIT',
    Shell: ['/bin/bash', '-c'],
  },
  rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}`] },
  history: [
    { created: '2024-05-06T07:08:09Z', created_by: 'ADD rootfs', comment: 'buildkit' },
    { empty_layer: true },
  ],
};

describe('image configurations', () => {
  test('everything running needs is read', () => {
    expect(parseImageConfig(whole)).toEqual({
      created: '2024-05-06T07:08:09.123456789Z',
      architecture: 'arm',
      os: 'linux',
      variant: 'v7',
      user: 'nginx:nginx',
      exposedPorts: ['80/tcp', '443/tcp'],
      env: ['PATH=/bin', 'A='],
      cmd: ['nginx', '-g', 'daemon off;'],
      healthcheck: {
        test: ['CMD', 'true'],
        intervalMs: 30_000,
        timeoutMs: 1500,
        startPeriodMs: 5000,
        startIntervalMs: 250,
        retries: 4,
      },
      volumes: ['/data'],
      workingDir: '/srv',
      entrypoint: ['/docker-entrypoint.sh'],
      labels: { maintainer: 'someone' },
      stopSignal: 'SIGQUIT',
      shell: ['/bin/bash', '-c'],
      diffIds: [`sha256:${'a'.repeat(64)}`],
      history: [
        { created: '2024-05-06T07:08:09Z', createdBy: 'ADD rootfs', comment: 'buildkit', emptyLayer: false },
        { emptyLayer: true },
      ],
    });
  });

  test('what is read is written to the same again', () => {
    const config = parseImageConfig(whole);
    expect(JSON.parse(formatImageConfig(config).toString())).toEqual(whole);
  });

  test('nulls, as Go writes absent lists and maps, are absent', () => {
    const empty = {
      config: { Env: null, Cmd: null, Labels: null, Volumes: null, Healthcheck: null },
      history: null,
    };
    expect(parseImageConfig(empty)).toEqual(parseImageConfig({}));
  });

  test.each([
    ['a list', []],
    ['a text as environment', { config: { Env: 'A=1' } }],
    ['layers that are no digests', { rootfs: { diff_ids: ['../../etc'] } }],
    ['a history of texts', { history: ['x'] }],
  ])('%s is refused', (_what, value) => {
    expect(() => parseImageConfig(value)).toThrow(expect.objectContaining({ code: 'IMAGE_CORRUPT' }));
  });
});

describe('durations', () => {
  test.each([
    [30_000_000_000, 30_000],
    [1_500_000, 1.5],
    [0, undefined],
    [-1, undefined],
    [undefined, undefined],
    ['30s', undefined],
  ])('%s nanoseconds are %s milliseconds', (nanoseconds, expected) => {
    expect(millisecondsOf(nanoseconds)).toBe(expected);
  });

  test.each([
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['100us', 0.1],
  ])('%s is %d milliseconds', (text, expected) => {
    expect(parseDuration(text)).toBeCloseTo(expected);
  });

  test.each(['', '30', 's', '1d', '1s x'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'DURATION_INVALID' }));
  });
});
