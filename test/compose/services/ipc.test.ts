import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  extending,
  mistakesIn,
  overridden,
  placesIn,
  projectOf,
  serviceOf,
  web,
} from '../load/loading.ts';

describe('ipc', () => {
  it.each([
    ['host', { kind: 'host' }],
    ['private', { kind: 'private' }],
    ['shareable', { kind: 'shareable' }],
    ['none', { kind: 'none' }],
    ['container:db-1', { kind: 'container', container: 'db-1' }],
  ])('%s is printed as it is written', async (mode, ipc) => {
    expect(await canonicalOf(web(`ipc: ${mode}`))).toEqual({ ipc: mode });
    expect((await serviceOf(web(`ipc: ${mode}`))).ipc).toEqual(ipc);
  });

  it("is the engine's to choose when nothing is said", async () => {
    expect((await serviceOf(web())).ipc).toBeUndefined();
  });

  it('of another service implies that it is started first, and this one anew with it', async () => {
    const yaml = `${web('ipc: service:db')}  db: {image: x, ipc: shareable}\n`;
    expect(await canonicalOf(yaml)).toEqual({
      ipc: 'service:db',
      depends_on: { db: { condition: 'service_started', restart: true, required: true } },
    });
    expect((await projectOf(yaml)).services.web!.ipc).toEqual({ kind: 'service', service: 'db' });
  });

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('ipc: host'), web('ipc: ${MODE:-none}'));
    expect(await canonicalOf(files)).toEqual({ ipc: 'none' });
    expect(await canonicalOf(extending('ipc: host', 'ipc: private'))).toEqual({ ipc: 'private' });
  });

  it('is refused where it is no mode, or of a service that does not exist', async () => {
    expect(await mistakesIn(web('ipc: shared'))).toEqual([
      '4:10 COMPOSE_VALUE: services.web.ipc: "shared" is no mode -> write one of host, private, shareable, none, service:, container:',
    ]);
    expect(await mistakesIn(web('ipc: service:dv') + '  db: {image: x}\n')).toEqual([
      '4:10 COMPOSE_UNDEFINED: service "web" depends on undefined service "dv" -> did you mean "db"?',
    ]);
    expect(await placesIn(web('ipc: [host]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
