import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';
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

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { ASKED: 'true' };
    expect(await mergedOf('oom_kill_disable: false', 'oom_kill_disable: ${ASKED}', { env })).toEqual({
      oom_kill_disable: true,
    });
    expect(await mergedOf('oom_kill_disable: true', 'oom_kill_disable: false')).toEqual({});
  });

  it.each([
    ['maybe', '4:23 COMPOSE_TYPE'],
    ['1', '4:23 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`oom_kill_disable: ${written}`))).toEqual([place]);
  });
});
