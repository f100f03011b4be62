import { describe, expect, it } from 'vitest';
import { printConfig } from '../../../src/compose/index.ts';
import {
  canonicalOf,
  mergedOf,
  mistakesIn,
  placesIn,
  projectOf,
  web,
  withoutEffectIn,
} from '../load/loading.ts';

describe('blkio_config', () => {
  it('has a weight, and limits for each device, whose rates are printed in full', async () => {
    const yaml = web(`blkio_config:
  weight: 300
  weight_device: [{path: /dev/sda, weight: 400}]
  device_read_bps: [{path: /dev/sdb, rate: 12mb}]
  device_read_iops: [{path: /dev/sdb, rate: 120}]
  device_write_bps: [{path: /dev/sdb, rate: 1024k}]
  device_write_iops: [{path: /dev/sdb, rate: "30"}]`);
    expect(await canonicalOf(yaml)).toEqual({
      blkio_config: {
        weight: 300,
        weight_device: [{ Path: '/dev/sda', Weight: 400 }],
        device_read_bps: [{ Path: '/dev/sdb', Rate: '12582912' }],
        device_read_iops: [{ Path: '/dev/sdb', Rate: '120' }],
        device_write_bps: [{ Path: '/dev/sdb', Rate: '1048576' }],
        device_write_iops: [{ Path: '/dev/sdb', Rate: '30' }],
      },
    });
  });

  it('has capitals in printed JSON only, as the reference prints it', async () => {
    const project = await projectOf(web('blkio_config: {weight_device: [{path: /dev/sda, weight: 400}]}'));
    expect(await printConfig(project, 'yaml')).toContain('- path: /dev/sda\n          weight: 400\n');
    expect(await printConfig(project, 'json')).toContain('"Path": "/dev/sda"');
  });

  it('takes variables for its numbers and sizes', async () => {
    const yaml = web(`blkio_config:
  weight: \${WEIGHT}
  weight_device: [{path: "\${DISK}", weight: "\${WEIGHT}"}]
  device_read_bps: [{path: "\${DISK}", rate: "\${RATE}"}]`);
    expect(await canonicalOf(yaml, { env: { WEIGHT: '10', DISK: '/dev/sda', RATE: '1k' } })).toEqual({
      blkio_config: {
        weight: 10,
        weight_device: [{ Path: '/dev/sda', Weight: 10 }],
        device_read_bps: [{ Path: '/dev/sda', Rate: '1024' }],
      },
    });
  });

  it('merges key by key; limits are appended', async () => {
    const base = 'blkio_config: {weight: 5, device_read_bps: [{path: /dev/sda, rate: 1}]}';
    const over = 'blkio_config: {weight: 6, device_read_bps: [{path: /dev/sdb, rate: 2}]}';
    expect(await mergedOf(base, over)).toEqual({
      blkio_config: {
        weight: 6,
        device_read_bps: [
          { Path: '/dev/sda', Rate: '1' },
          { Path: '/dev/sdb', Rate: '2' },
        ],
      },
    });
  });

  it('is carried along and warned of: it has no effect in this version', async () => {
    expect(await withoutEffectIn(web('blkio_config: {weight: 300}'))).toEqual(['services.blkio_config']);
  });

  it('is refused where keys are unknown and where values are no numbers, sizes or lists', async () => {
    expect(await placesIn(web('blkio_config: {wieght: 5}'))).toEqual(['4:20 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(web('blkio_config: {weight: 1.5}'))).toEqual(['4:28 COMPOSE_TYPE']);
    expect(await placesIn(web('blkio_config: {weight: heavy}'))).toEqual(['4:28 COMPOSE_TYPE']);
    expect(await placesIn(web('blkio_config: {weight_device: /dev/sda}'))).toEqual(['4:35 COMPOSE_TYPE']);
    expect(await placesIn(web('blkio_config: {device_write_bps: [{path: /dev/sda, rat: 1}]}'))).toEqual([
      '4:56 COMPOSE_UNKNOWN_KEY',
    ]);
    expect(await mistakesIn(web('blkio_config: {device_read_bps: [{path: /dev/sda, rate: fast}]}'))).toEqual([
      '4:61 COMPOSE_SIZE: services.web.blkio_config.device_read_bps[0].rate: invalid size "fast" -> write it like 512k, 64m or 1.5gb',
    ]);
  });
});
