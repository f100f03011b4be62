import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cap_add', () => {
  it('is a list of names, which is printed as it is written', async () => {
    expect(await canonicalOf(web('cap_add: [NET_ADMIN, CAP_SYS_TIME, all]'))).toEqual({
      cap_add: ['NET_ADMIN', 'CAP_SYS_TIME', 'all'],
    });
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('cap_add: []'))).toEqual({});
    expect((await serviceOf(web())).capAdd).toEqual([]);
    expect((await serviceOf(web('cap_add: [KILL]'))).capAdd).toEqual(['KILL']);
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('cap_add: ["${CAP}"]'), { env: { CAP: 'CHOWN' } })).toEqual({
      cap_add: ['CHOWN'],
    });
  });

  it('is appended to by an override and by a service that extends, each name once', async () => {
    const base = 'cap_add: [KILL, CHOWN]';
    const over = 'cap_add: [CHOWN, MKNOD]';
    expect(await mergedOf(base, over)).toEqual({ cap_add: ['KILL', 'CHOWN', 'MKNOD'] });
  });

  it('is refused where it is no list of text', async () => {
    expect(await placesIn(web('cap_add: ALL'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('cap_add: [KILL, 1]'))).toEqual(['4:21 COMPOSE_TYPE']);
  });

  it('is refused where no kernel knows the name, when the project is to be started', async () => {
    expect(await mistakesIn(web('cap_add: [KILL, NET_ADMI]'))).toEqual([
      '4:21 COMPOSE_VALUE: services.web.cap_add[1]: unknown capability "NET_ADMI" -> did you mean "NET_ADMIN"?',
    ]);
    expect(await mistakesIn(web('cap_add: [KILL, NET_ADMI]'), { purpose: 'read' })).toEqual([]);
  });
});
