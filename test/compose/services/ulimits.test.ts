import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('ulimits', () => {
  it('are one number for both limits, or a soft and a hard one, printed as numbers', async () => {
    const yaml = web('ulimits: {nproc: 65535, memlock: "-1", nofile: {soft: "20000", hard: 40000}}');
    expect(await canonicalOf(yaml)).toEqual({
      ulimits: { memlock: -1, nofile: { soft: 20000, hard: 40000 }, nproc: 65535 },
    });
    expect((await serviceOf(yaml)).ulimits).toEqual({
      memlock: { soft: -1, hard: -1 },
      nofile: { soft: 20000, hard: 40000 },
      nproc: { soft: 65535, hard: 65535 },
    });
  });

  it('may be 0, which is a limit too', async () => {
    expect(await canonicalOf(web('ulimits: {core: 0, nproc: {soft: 0, hard: 0}}'))).toEqual({
      ulimits: { core: 0, nproc: { soft: 0, hard: 0 } },
    });
  });

  it('are those of the engine when nothing is said', async () => {
    expect((await serviceOf(web())).ulimits).toEqual({});
  });

  it('may be variables, which are cast to numbers', async () => {
    const yaml = web('ulimits: {nproc: "${N}", nofile: {soft: "${N}", hard: "${N}"}}');
    expect(await canonicalOf(yaml, { env: { N: '7' } })).toEqual({
      ulimits: { nofile: { soft: 7, hard: 7 }, nproc: 7 },
    });
    expect(await mistakesIn(yaml, { env: { N: 'many' } })).toEqual([
      '4:22 COMPOSE_TYPE: services.web.ulimits.nproc: "many" is no whole number -> write a whole number',
      '4:45 COMPOSE_TYPE: services.web.ulimits.nofile.soft: "many" is no whole number -> write a whole number',
      '4:59 COMPOSE_TYPE: services.web.ulimits.nofile.hard: "many" is no whole number -> write a whole number',
    ]);
  });

  it('are added to by an override, limit by limit, and replaced where they are written twice', async () => {
    const files = overridden(
      web('ulimits: {core: 1, nproc: {soft: 1, hard: 2}, nofile: 3}'),
      web('ulimits: {nproc: 4, nofile: {soft: 5, hard: 6}, cpu: 7}'),
    );
    expect(await canonicalOf(files)).toEqual({
      ulimits: { core: 1, cpu: 7, nofile: { soft: 5, hard: 6 }, nproc: 4 },
    });
    expect(await canonicalOf(extending('ulimits: {core: 1}', 'ulimits: {core: 2, cpu: 3}'))).toEqual({
      ulimits: { core: 2, cpu: 3 },
    });
  });

  it('are refused where there is no such limit, or the soft one is above the hard one', async () => {
    expect(await mistakesIn(web('ulimits: {nofiles: 1}'))).toEqual([
      '4:15 COMPOSE_VALUE: services.web.ulimits.nofiles: there is no such limit -> did you mean "nofile"?',
    ]);
    expect(await mistakesIn(web('ulimits: {nofile: {soft: -1, hard: 9}}'))).toEqual([
      '4:30 COMPOSE_VALUE: services.web.ulimits.nofile.soft: the soft limit -1 (no limit) is above the hard limit 9 -> a process may raise its soft limit up to the hard one: raise `hard`, or lower `soft`',
    ]);
  });

  it.each([
    ['{nofile: {soft: 1}}', '4:15 COMPOSE_MISSING_KEY'],
    ['{nofile: {soft: 1, hard: 2, mid: 3}}', '4:42 COMPOSE_UNKNOWN_KEY'],
    ['{nofile: 1.5}', '4:23 COMPOSE_TYPE'],
    ['[nofile=1]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`ulimits: ${written}`))).toEqual([place]);
  });
});
