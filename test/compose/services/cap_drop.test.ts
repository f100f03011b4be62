import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cap_drop', () => {
  it('is a list of names, which is printed as it is written', async () => {
    expect(await canonicalOf(web('cap_drop: [NET_ADMIN, CAP_SYS_TIME, all]'))).toEqual({
      cap_drop: ['NET_ADMIN', 'CAP_SYS_TIME', 'all'],
    });
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('cap_drop: []'))).toEqual({});
    expect((await serviceOf(web())).capDrop).toEqual([]);
    expect((await serviceOf(web('cap_drop: [KILL]'))).capDrop).toEqual(['KILL']);
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('cap_drop: ["${CAP}"]'), { env: { CAP: 'CHOWN' } })).toEqual({
      cap_drop: ['CHOWN'],
    });
  });

  it('is appended to by an override and by a service that extends, each name once', async () => {
    const base = 'cap_drop: [KILL, CHOWN]';
    const over = 'cap_drop: [CHOWN, MKNOD]';
    expect(await mergedOf(base, over)).toEqual({ cap_drop: ['KILL', 'CHOWN', 'MKNOD'] });
  });

  it('is refused where it is no list of text', async () => {
    expect(await placesIn(web('cap_drop: ALL'))).toEqual(['4:15 COMPOSE_TYPE']);
    expect(await placesIn(web('cap_drop: [KILL, 1]'))).toEqual(['4:22 COMPOSE_TYPE']);
  });

  it('is refused where no kernel knows the name, when the project is to be started', async () => {
    expect(await mistakesIn(web('cap_drop: [KILL, NET_ADMI]'))).toEqual([
      '4:22 COMPOSE_VALUE: services.web.cap_drop[1]: unknown capability "NET_ADMI" -> did you mean "NET_ADMIN"?',
    ]);
    expect(await mistakesIn(web('cap_drop: [KILL, NET_ADMI]'), { purpose: 'read' })).toEqual([]);
  });
});
