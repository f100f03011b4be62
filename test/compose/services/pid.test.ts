import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('pid', () => {
  it.each([
    ['host', { kind: 'host' }],
    ['container:db-1', { kind: 'container', container: 'db-1' }],
  ])('%s shows the container the processes of others', async (mode, pid) => {
    expect(await canonicalOf(web(`pid: ${mode}`))).toEqual({ pid: mode });
    expect((await serviceOf(web(`pid: ${mode}`))).pid).toEqual(pid);
  });

  it('may be null or absent: the container sees its own processes', async () => {
    expect(await canonicalOf(web('pid: null'))).toEqual({});
    expect((await serviceOf(web())).pid).toBeUndefined();
  });

  it('of another service implies that it is started first, and this one anew with it', async () => {
    const yaml = `${web('pid: service:db')}  db: {image: x}\n`;
    expect(await canonicalOf(yaml)).toEqual({
      pid: 'service:db',
      depends_on: { db: { condition: 'service_started', restart: true, required: true } },
    });
    expect((await serviceOf(yaml)).pid).toEqual({ kind: 'service', service: 'db' });
  });

  it('may be a variable, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('pid: host'), web('pid: container:${NAME}'));
    expect(await canonicalOf(files, { env: { NAME: 'a' } })).toEqual({ pid: 'container:a' });
    expect(await canonicalOf(extending('pid: container:a', 'pid: host'))).toEqual({ pid: 'host' });
  });

  it('is refused where it is no mode, or no text', async () => {
    expect(await mistakesIn(web('pid: hosts'))).toEqual([
      '4:10 COMPOSE_VALUE: services.web.pid: "hosts" is no mode -> did you mean "host"?',
    ]);
    expect(await placesIn(web('pid: 1'))).toEqual(['4:10 COMPOSE_TYPE']);
    expect(await placesIn(web('pid: service:db'))).toEqual(['4:10 COMPOSE_UNDEFINED']);
  });
});
