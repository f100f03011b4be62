import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  extending,
  mistakesIn,
  overridden,
  placesIn,
  serviceOf,
  warningsIn,
  web,
} from '../load/loading.ts';

describe('attach', () => {
  it('is printed as it is said, and absent when nothing is', async () => {
    expect(await canonicalOf(web('attach: false'))).toEqual({ attach: false });
    expect(await canonicalOf(web('attach: true'))).toEqual({ attach: true });
    expect(await canonicalOf(web())).toEqual({});
  });

  it('is true unless it is switched off: then an attached `up` leaves the logs of the service out', async () => {
    expect((await serviceOf(web())).attach).toBe(true);
    expect((await serviceOf(web('attach: true'))).attach).toBe(true);
    expect((await serviceOf(web('attach: false'))).attach).toBe(false);
  });

  it('takes a variable for a boolean', async () => {
    expect(await canonicalOf(web('attach: ${LOGS}'), { env: { LOGS: 'false' } })).toEqual({ attach: false });
    expect(await canonicalOf(web('attach: ${LOGS:-1}'))).toEqual({ attach: true });
  });

  it('takes the words of older YAML, with a warning', async () => {
    expect(await canonicalOf(web('attach: no'))).toEqual({ attach: false });
    expect(await warningsIn(web('attach: no'))).toEqual([
      expect.stringContaining('"no" for boolean is not supported by YAML 1.2, please use `false`'),
    ]);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('attach: false'), web('attach: true')))).toEqual({
      attach: true,
    });
    expect(await canonicalOf(extending('attach: true', 'attach: false'))).toEqual({ attach: false });
  });

  it('is refused where it is no boolean', async () => {
    expect(await mistakesIn(web('attach: maybe'))).toEqual([
      '4:13 COMPOSE_TYPE: error while interpolating services.web.attach: failed to cast to expected type: invalid boolean: maybe -> write true or false',
    ]);
    expect(await placesIn(web('attach: 1'))).toEqual(['4:13 COMPOSE_TYPE']);
    expect(await placesIn(web('attach: [db]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
