import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, warningsIn, web } from '../load/loading.ts';

describe('sysctls', () => {
  it('are a mapping or a list, printed as a mapping of texts', async () => {
    const sysctls = { 'net.core.somaxconn': '1024', 'net.ipv4.ip_forward': '1' };
    const map = web('sysctls: {net.ipv4.ip_forward: 1, net.core.somaxconn: "1024"}');
    expect(await canonicalOf(map)).toEqual({ sysctls });
    expect(await canonicalOf(web('sysctls: [net.core.somaxconn=1024, net.ipv4.ip_forward=1]'))).toEqual({
      sysctls,
    });
    expect((await serviceOf(map)).sysctls).toEqual(sysctls);
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web('sysctls: []'))).toEqual({});
    expect((await serviceOf(web())).sysctls).toEqual({});
  });

  it('may hold variables, and are added to by what is laid over them, in either form', async () => {
    const given = { env: { MAX: '9' } };
    const merged = await mergedOf(
      'sysctls: {net.core.somaxconn: 1, kernel.shmmax: 2}',
      'sysctls: [net.core.somaxconn=$MAX, net.ipv4.ip_forward=1]',
      given,
    );
    expect(merged).toEqual({
      sysctls: { 'kernel.shmmax': '2', 'net.core.somaxconn': '9', 'net.ipv4.ip_forward': '1' },
    });
  });

  it("are refused where they are the whole machine's when the project is to be started", async () => {
    const yaml = web('sysctls: {vm.swappiness: 1}');
    expect(await mistakesIn(yaml)).toEqual([
      '4:15 COMPOSE_VALUE: services.web.sysctls.vm.swappiness: vm.swappiness cannot be set: it belongs to the whole host, not to a namespace of the container -> set it on the host itself, or leave it out',
    ]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
  });

  it("are refused where the namespace they belong to is the machine's", async () => {
    expect(await placesIn(web('network_mode: host', 'sysctls: [net.core.somaxconn=1]'))).toEqual([
      '5:15 COMPOSE_VALUE',
    ]);
    expect(await placesIn(web('ipc: host', 'sysctls: [kernel.shmmax=1]'))).toEqual(['5:15 COMPOSE_VALUE']);
  });

  it('have the last value of a name that is written twice in a list, with a warning', async () => {
    const yaml = web('sysctls: [net.core.somaxconn=1, net.core.somaxconn=2]');
    expect(await canonicalOf(yaml)).toEqual({ sysctls: { 'net.core.somaxconn': '2' } });
    expect(await warningsIn(yaml)).toEqual([
      '4:15 COMPOSE_WRITTEN_TWICE: /p/compose.yaml: services.web.sysctls: "net.core.somaxconn" is written twice, only the last one counts -> take it out, or the other one',
    ]);
  });

  it.each([
    ['net.core.somaxconn=1', '4:14 COMPOSE_TYPE'],
    ['[5]', '4:15 COMPOSE_TYPE'],
    ['{net.core.somaxconn: [1]}', '4:15 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`sysctls: ${written}`))).toEqual([place]);
  });
});
