import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, warningsIn, web } from '../load/loading.ts';

describe('expose', () => {
  it('is a list of ports and ranges, which are printed as text', async () => {
    expect(await canonicalOf(web('expose: [3000, "4000-4002", "5000/udp", "6000-6001/tcp"]'))).toEqual({
      expose: ['3000', '4000-4002', '5000/udp', '6000-6001/tcp'],
    });
  });

  it('is empty when nothing is said, and publishes nothing', async () => {
    expect(await canonicalOf(web('expose: []'))).toEqual({});
    expect((await serviceOf(web())).expose).toEqual([]);
    const { expose, ports } = await serviceOf(web('expose: [80]'));
    expect({ expose, ports }).toEqual({ expose: ['80'], ports: [] });
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('expose: ["${PORT}/udp"]'), { env: { PORT: '53' } })).toEqual({
      expose: ['53/udp'],
    });
  });

  it('is appended to, each port once, as a number or as text', async () => {
    expect(await mergedOf('expose: [80, 81]', 'expose: ["81", 82]')).toEqual({ expose: ['80', '81', '82'] });
    expect(await warningsIn(web('expose: [80, "80"]'))).toEqual([
      expect.stringMatching(/COMPOSE_WRITTEN_TWICE: .*services\.web\.expose: "80"/),
    ]);
  });

  it('is refused where it is no list of numbers and text', async () => {
    expect(await placesIn(web('expose: 80'))).toEqual(['4:13 COMPOSE_TYPE']);
    expect(await placesIn(web('expose: [true]'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('expose: [{target: 80}]'))).toEqual(['4:14 COMPOSE_TYPE']);
  });

  it.each(['80:80', '99999', '90-80', '80/icmp', '80/tcp/udp', 'http'])(
    'is refused for %s, which is no port, when the project is to be started',
    async (port) => {
      expect(await mistakesIn(web(`expose: ["${port}"]`))).toEqual([
        `4:14 COMPOSE_VALUE: services.web.expose[0]: "${port}" is no port -> write a port or a range, such as 80 or 8000-8010/udp`,
      ]);
      expect(await mistakesIn(web(`expose: ["${port}"]`), { purpose: 'read' })).toEqual([]);
    },
  );
});
