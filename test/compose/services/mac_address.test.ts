import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('mac_address', () => {
  it.each(['02:42:ac:11:00:02', '02-42-AC-11-00-02'])('%s is printed as it is written', async (address) => {
    expect(await canonicalOf(web(`mac_address: ${address}`))).toEqual({ mac_address: address });
    expect((await serviceOf(web(`mac_address: ${address}`))).macAddress).toBe(address);
  });

  it('is made by the engine when nothing is said', async () => {
    expect(await canonicalOf(web('mac_address: ""'))).toEqual({});
    expect((await serviceOf(web())).macAddress).toBeUndefined();
  });

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const [a, b] = ['mac_address: 02:42:ac:11:00:02', 'mac_address: 02:42:ac:11:00:${LAST:-03}'];
    expect(await canonicalOf(overridden(web(a), web(b)))).toEqual({ mac_address: '02:42:ac:11:00:03' });
    expect(await canonicalOf(extending(a, b))).toEqual({ mac_address: '02:42:ac:11:00:03' });
  });

  it('is refused where no interface can have it', async () => {
    const mistake = (text: string) =>
      `4:18 COMPOSE_VALUE: services.web.mac_address: "${text}" is no hardware address of an interface -> write six pairs of hexadecimal digits with an even first one, such as 02:42:ac:11:00:02`;
    expect(await mistakesIn(web('mac_address: 02:42:ac:11:00'))).toEqual([mistake('02:42:ac:11:00')]);
    expect(await mistakesIn(web('mac_address: 03:42:ac:11:00:02'))).toEqual([mistake('03:42:ac:11:00:02')]);
    expect(await placesIn(web('mac_address: 242'))).toEqual(['4:18 COMPOSE_TYPE']);
  });

  it('is refused with the network of another or of the host, to which it would belong', async () => {
    expect(await mistakesIn(web('network_mode: host', 'mac_address: 02:42:ac:11:00:02'))).toEqual([
      '5:5 COMPOSE_VALUE: services.web.mac_address: the network is that of the host, and this belongs to it -> take it out, or drop `network_mode: host`',
    ]);
    expect(await mistakesIn(web('network_mode: container:db', 'mac_address: 02:42:ac:11:00:02'))).toEqual([
      '5:5 COMPOSE_VALUE: services.web.mac_address: the network is that of container:db, and this belongs to it -> write it there, or drop `network_mode: container:db`',
    ]);
  });
});
