import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('oom_kill_disable', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`oom_kill_disable: ${written}`))).toEqual(
      isOn ? { oom_kill_disable: true } : {},
    );
  });

  it('keeps the kernel from killing a process of the container for want of memory', async () => {
    expect((await serviceOf(web('oom_kill_disable: true'))).resources).toEqual({ oomKillDisable: true });
    expect((await serviceOf(web())).resources).toEqual({});
  });

  it('takes its answer from a variable', async () => {
    const yaml = web('oom_kill_disable: ${ASKED:-false}');
    expect(await canonicalOf(yaml, { env: { ASKED: 'true' } })).toEqual({ oom_kill_disable: true });
    expect(await canonicalOf(yaml)).toEqual({});
    expect(await placesIn(yaml, { env: { ASKED: 'maybe' } })).toEqual(['4:23 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(
      await canonicalOf(overridden(web('oom_kill_disable: true'), web('oom_kill_disable: false'))),
    ).toEqual({});
    expect(await canonicalOf(extending('oom_kill_disable: true', 'tty: true'))).toEqual({
      oom_kill_disable: true,
      tty: true,
    });
  });

  it.each([
    ['1', '4:23 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`oom_kill_disable: ${written}`))).toEqual([place]);
  });
});
