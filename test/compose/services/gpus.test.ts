import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('gpus', () => {
  it('are all, or a list of requests; -1 is printed for all', async () => {
    expect(await canonicalOf(web('gpus: all'))).toEqual({ gpus: [{ count: -1 }] });
    const yaml = web('gpus: [{driver: nvidia, count: 2, capabilities: [gpu, utility], options: [a=1]}]');
    expect(await canonicalOf(yaml)).toEqual({
      gpus: [{ capabilities: ['gpu', 'utility'], driver: 'nvidia', count: 2, options: { a: '1' } }],
    });
  });

  it('are all of a kind unless a count or identifiers are said', async () => {
    const yaml = web('gpus: [{driver: nvidia}, {count: all}, {count: "3"}, {device_ids: ["0", "GPU-f1"]}]');
    expect(await canonicalOf(yaml)).toEqual({
      gpus: [{ driver: 'nvidia', count: -1 }, { count: -1 }, { count: 3 }, { device_ids: ['0', 'GPU-f1'] }],
    });
  });

  it('may hold variables', async () => {
    const yaml = web('gpus: [{driver: $DRIVER, count: "${COUNT}", options: {mode: $DRIVER}}]');
    expect(await canonicalOf(yaml, { env: { DRIVER: 'amd', COUNT: '2' } })).toEqual({
      gpus: [{ driver: 'amd', count: 2, options: { mode: 'amd' } }],
    });
    expect(await canonicalOf(web('gpus: ${GPUS:-all}'))).toEqual({ gpus: [{ count: -1 }] });
  });

  it('are appended to by an override and by a service that extends', async () => {
    expect(await mergedOf('gpus: [{driver: nvidia}]', 'gpus: [{driver: amd, count: 1}]')).toEqual({
      gpus: [
        { driver: 'nvidia', count: -1 },
        { driver: 'amd', count: 1 },
      ],
    });
  });

  it('are carried along and warned of: they have no effect in this version', async () => {
    expect(await withoutEffectIn(web('gpus: all'))).toEqual(['services.gpus']);
  });

  it('are refused for a count that is none', async () => {
    expect(await mistakesIn(web('gpus: [{count: some}]'))).toEqual([
      `4:20 COMPOSE_VALUE: services.web.gpus[0].count: invalid value "some", the only value allowed is 'all' or a number -> write \`all\` or how many`,
    ]);
  });

  it('are refused for another word, a number, and other keys', async () => {
    expect(await placesIn(web('gpus: some'))).toEqual(['4:11 COMPOSE_VALUE']);
    expect(await placesIn(web('gpus: 2'))).toEqual(['4:11 COMPOSE_TYPE']);
    expect(await placesIn(web('gpus: [all]'))).toEqual(['4:12 COMPOSE_TYPE']);
    expect(await placesIn(web('gpus: [{cont: 1}]'))).toEqual(['4:13 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(web('gpus: [{capabilities: gpu}]'))).toEqual(['4:27 COMPOSE_TYPE']);
    expect(await placesIn(web('gpus: [{device_ids: [0]}]'))).toEqual(['4:26 COMPOSE_TYPE']);
  });
});
