import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('mem_reservation', () => {
  it.each([
    ['16777216', '16777216'],
    ['16m', '16777216'],
    ['"0.5 GB"', '536870912'],
  ])('%s is printed in bytes, as text', async (written, printed) => {
    expect(await canonicalOf(web(`mem_reservation: ${written}`))).toEqual({ mem_reservation: printed });
  });

  it('reserves nothing when it is 0 or absent', async () => {
    expect(await canonicalOf(web('mem_reservation: 0'))).toEqual({});
    const { resources } = await serviceOf(web('mem_reservation: 16m'));
    expect(resources).toEqual({ memoryReservationBytes: 16777216 });
  });

  it('may be a variable, and is replaced by an override', async () => {
    const files = overridden(web('mem_reservation: 1g'), web('mem_reservation: ${LEAST}'));
    expect(await canonicalOf(files, { env: { LEAST: '8m' } })).toEqual({ mem_reservation: '8388608' });
    const extended = extending('mem_reservation: 1g', 'mem_reservation: 16m');
    expect(await canonicalOf(extended)).toEqual({ mem_reservation: '16777216' });
  });

  it('is at most the limit, whichever way each of them is written', async () => {
    expect(await mistakesIn(web('mem_limit: 64m', 'mem_reservation: 128m'))).toEqual([
      '5:22 COMPOSE_VALUE: services.web.mem_reservation: the reservation 128m is above the limit 64m -> reserve less, or raise the limit',
    ]);
    const limited = 'deploy: {resources: {limits: {memory: 64m}}}';
    expect(await placesIn(web('mem_reservation: 65m', limited))).toEqual(['4:22 COMPOSE_VALUE']);
  });

  it('agrees with deploy.resources.reservations.memory, or is refused', async () => {
    const both = (memory: string) =>
      web('mem_reservation: 1g', `deploy: {resources: {reservations: {memory: ${memory}}}}`);
    expect((await serviceOf(both('1024m'))).resources).toEqual({ memoryReservationBytes: 1073741824 });
    expect(await mistakesIn(both('1g1'))).toEqual([
      '5:49 COMPOSE_SIZE: services.web.deploy.resources.reservations.memory: invalid size "1g1" -> write it like 512k, 64m or 1.5gb',
    ]);
    expect(await mistakesIn(both('512m'))).toEqual([
      "4:22 COMPOSE_CONFLICT: services.web: can't set distinct values on 'mem_reservation' and 'deploy.resources.reservations.memory' -> keep one of the two",
    ]);
  });

  it('is refused where it is no size', async () => {
    expect(await mistakesIn(web('mem_reservation: 5x'))).toEqual([
      '4:22 COMPOSE_SIZE: services.web.mem_reservation: invalid size "5x" -> write it like 512k, 64m or 1.5gb',
    ]);
    expect(await placesIn(web('mem_reservation: 1.5'))).toEqual(['4:22 COMPOSE_TYPE']);
  });
});
