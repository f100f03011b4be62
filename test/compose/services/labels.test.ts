import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, warningsIn, web } from '../load/loading.ts';

describe('labels', () => {
  it('are a mapping or a list, printed as a mapping of texts in order of their names', async () => {
    const labels = { a: '', 'com.shop.tier': 'front', n: '8', on: 'true', pi: '3.5' };
    const map = web('labels: {on: true, n: 8, pi: 3.50, com.shop.tier: front, a: }');
    const list = web('labels: ["on=true", "n=8", "pi=3.5", com.shop.tier=front, a]');
    expect(await canonicalOf(map)).toEqual({ labels });
    expect(await canonicalOf(list)).toEqual({ labels });
    expect((await serviceOf(map)).labels).toEqual(labels);
  });

  it('keep everything behind the first equals sign', async () => {
    expect(await canonicalOf(web('labels: ["rule=Host(`a`) && q=1", "empty="]'))).toEqual({
      labels: { empty: '', rule: 'Host(`a`) && q=1' },
    });
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web('labels: {}'))).toEqual({});
    expect((await serviceOf(web())).labels).toEqual({});
  });

  it('may hold variables in their values, and in list form in their names too', async () => {
    const env = { NAME: 'tier', VALUE: 'front' };
    expect((await serviceOf(web('labels: {$NAME: $VALUE}'), { env })).labels).toEqual({ $NAME: 'front' });
    expect(await canonicalOf(web('labels: ["$NAME=$VALUE"]'), { env })).toEqual({
      labels: { tier: 'front' },
    });
  });

  it('are added to by what is laid over them, in either form, and replaced name by name', async () => {
    expect(await mergedOf('labels: {a: 1, b: 2}', 'labels: ["b=3", c=4]')).toEqual({
      labels: { a: '1', b: '3', c: '4' },
    });
    expect(await mergedOf('labels: [a=1, b=2]', 'labels: {b: }')).toEqual({ labels: { a: '1', b: '' } });
  });

  it('have the last value of a name that is written twice in a list, with a warning', async () => {
    const yaml = web('labels: [a=1, a=2]');
    expect(await canonicalOf(yaml)).toEqual({ labels: { a: '2' } });
    expect(await warningsIn(yaml)).toEqual([
      '4:14 COMPOSE_WRITTEN_TWICE: /p/compose.yaml: services.web.labels: "a" is written twice, only the last one counts -> take it out, or the other one',
    ]);
  });

  it.each([
    ['tier=front', '4:13 COMPOSE_TYPE'],
    ['{a: [b]}', '4:14 COMPOSE_TYPE'],
    ['[a=1, 2]', '4:19 COMPOSE_TYPE'],
    ['[{a: 1}]', '4:14 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`labels: ${written}`))).toEqual([place]);
  });
});
