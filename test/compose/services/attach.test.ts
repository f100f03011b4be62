import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, warningsIn, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('attach', () => {
  it.each(spellings)('reads %s as %s, and is printed as it is said', async (written, isOn) => {
    expect(await canonicalOf(web(`attach: ${written}`))).toEqual({ attach: isOn });
  });

  it('is true unless it is switched off: then an attached `up` leaves the logs of the service out', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).attach).toBe(true);
    expect((await serviceOf(web('attach: false'))).attach).toBe(false);
  });

  it('warns of the words of older YAML', async () => {
    expect(await warningsIn(web('attach: no'))).toEqual([
      '4:13 COMPOSE_OLD_BOOLEAN: "no" for boolean is not supported by YAML 1.2, please use `false`',
    ]);
  });

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { LOGS: 'false' };
    expect(await mergedOf('attach: true', 'attach: ${LOGS}', { env })).toEqual({ attach: false });
    expect(await mergedOf('attach: false', 'attach: true')).toEqual({ attach: true });
  });

  it('is refused where it is no boolean', async () => {
    expect(await mistakesIn(web('attach: maybe'))).toEqual([
      '4:13 COMPOSE_TYPE: services.web.attach: "maybe" is no boolean -> write true or false',
    ]);
    expect(await placesIn(web('attach: 1'))).toEqual(['4:13 COMPOSE_TYPE']);
    expect(await placesIn(web('attach: [db]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
