import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePort } from '../../../src/compose/index.ts';
import { canonicalOf, mergedOf, mistakesIn, placesIn, projectOf, serviceOf } from '../load/loading.ts';

const web = (ports: string): string => `services:\n  web:\n    image: x\n    ports: ${ports}\n`;

/** Two services with one port may be read, not started. */
const read = { purpose: 'read' } as const;

describe('ports', () => {
  it('turns every short form into one long entry for each target port', async () => {
    expect(
      await canonicalOf(web('[80, "8080:80", "127.0.0.1:5000-5001:6000-6001/udp", "9000-9002:90"]')),
    ).toEqual({
      ports: [
        { mode: 'ingress', target: 80, protocol: 'tcp' },
        { mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' },
        { mode: 'ingress', host_ip: '127.0.0.1', target: 6000, published: '5000', protocol: 'udp' },
        { mode: 'ingress', host_ip: '127.0.0.1', target: 6001, published: '5001', protocol: 'udp' },
        { mode: 'ingress', target: 90, published: '9000-9002', protocol: 'tcp' },
      ],
    });
  });

  it('keeps the long form and fills in mode and protocol', async () => {
    expect(
      await canonicalOf(web('[{target: "80", published: 8080, name: http, app_protocol: http}]')),
    ).toEqual({
      ports: [
        {
          name: 'http',
          mode: 'ingress',
          target: 80,
          published: '8080',
          protocol: 'tcp',
          app_protocol: 'http',
        },
      ],
    });
  });

  it.each([
    ['80', [{ target: 80 }]],
    ['"80"', [{ target: 80 }]],
    ['80.0', [{ target: 80 }]],
    [
      '80-81/udp',
      [
        { target: 80, protocol: 'udp' },
        { target: 81, protocol: 'udp' },
      ],
    ],
    ['"8080:80/TCP"', [{ target: 80, published: '8080' }]],
    ['":80"', [{ target: 80 }]],
    ['"127.0.0.1::80"', [{ target: 80, host_ip: '127.0.0.1' }]],
    ['"[::1]:8080:80"', [{ target: 80, published: '8080', host_ip: '::1' }]],
    ['{target: 80, mode: host}', [{ target: 80, mode: 'host' }]],
    ['{target: 80, published: 0}', [{ target: 80, published: '0' }]],
    [
      '{target: 80, published: 8000-8009, host_ip: "::1"}',
      [{ target: 80, published: '8000-8009', host_ip: '::1' }],
    ],
  ])('reads %s', async (written, ports) => {
    expect(await canonicalOf(web(`[${written}]`))).toEqual({
      ports: ports.map((port) => ({ mode: 'ingress', protocol: 'tcp', ...port })),
    });
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web('[]'))).toEqual({});
    expect((await serviceOf(web('[]'))).ports).toEqual([]);
  });

  it('may hold variables, which are cast', async () => {
    const env = { HOST: '8080', PORT: '80' };
    expect(
      await canonicalOf(web('["$HOST:$PORT", {target: $PORT, published: $HOST, mode: host}]'), { env }),
    ).toEqual({
      ports: [{ mode: 'host', target: 80, published: '8080', protocol: 'tcp' }],
    });
    expect(await placesIn(web('[{target: $PORT}]'), { env: { PORT: 'http' } })).toEqual([
      '4:22 COMPOSE_TYPE',
    ]);
  });

  it('gives the typed project numbers, a range to pick from, and any free port for none or 0', async () => {
    const { ports } = await serviceOf(web('["8000-8003:80", "0:81", "[::1]:82:82/sctp"]'));
    expect(ports).toEqual([
      { target: 80, published: { start: 8000, end: 8003 }, protocol: 'tcp', mode: 'ingress' },
      { target: 81, protocol: 'tcp', mode: 'ingress' },
      { target: 82, published: { start: 82, end: 82 }, hostIp: '::1', protocol: 'sctp', mode: 'ingress' },
    ]);
  });

  it('remembers where each entry was written', async () => {
    const { positions } = await projectOf(web('\n      - "8080:80"\n      - "9090:90"'));
    expect(positions['services.web.ports[1]']).toEqual({
      file: '/p/compose.yaml',
      line: 6,
      column: 9,
      endLine: 6,
      endColumn: 18,
    });
  });

  it('appends what an override publishes, unless it is the same entry', async () => {
    const files = {
      '/p/compose.yaml': web('["80:80", "81:81"]'),
      '/p/compose.override.yaml': 'services: {web: {ports: ["80:80", "8080:80"]}}',
    };
    const ports = (await projectOf(files)).services.web!.ports.map(({ published }) => published?.start);
    expect(ports).toEqual([80, 81, 8080]);
  });

  it('are added to by a service that extends, whichever form they are in', async () => {
    const merged = await mergedOf(
      'ports: ["80:80"]',
      'ports: [{target: 80, published: 80, protocol: udp}, 443]',
      read,
    );
    expect(merged).toEqual({
      ports: [
        { mode: 'ingress', target: 80, published: '80', protocol: 'tcp' },
        { mode: 'ingress', target: 80, published: '80', protocol: 'udp' },
        { mode: 'ingress', target: 443, protocol: 'tcp' },
      ],
    });
  });

  it('take the long form of an override over a short one for the same ports', async () => {
    const merged = await mergedOf(
      'ports: ["443:443/udp"]',
      'ports: [{target: 443, published: "443", protocol: udp, mode: host}]',
      read,
    );
    expect(merged).toEqual({ ports: [{ mode: 'host', target: 443, published: '443', protocol: 'udp' }] });
  });

  it.each([
    ['"80:80/icmp"', 'Invalid proto: icmp'],
    ['"8000-8001:80-82"', 'Invalid ranges specified for container and host Ports: 80-82 and 8000-8001'],
    ['"::1:6001:6001"', 'Invalid ip address ::1: write an IPv6 address in brackets'],
    ['"localhost:80:80"', 'Invalid ip address: localhost'],
    ['"http:80"', 'Invalid hostPort: http'],
    ['"80:70000"', 'Invalid containerPort: 70000'],
    ['"80:"', 'No port specified: 80:<empty>'],
  ])('refuses %s at the entry', async (port, reason) => {
    expect(await mistakesIn(web(`[${port}]`))).toEqual([
      `4:13 COMPOSE_PORT: services.web.ports[0]: ${reason} -> write "[address:][published:]target[/tcp|/udp]", for example "127.0.0.1:8080:80"`,
    ]);
  });

  it.each([
    [
      '{target: 70000}',
      '22 COMPOSE_PORT: services.web.ports[0].target: "70000" is no port -> write the port in the container, 1 to 65535',
    ],
    [
      '{published: 80}',
      '13 COMPOSE_MISSING_KEY: service port services.web.ports[0] is missing a target port -> add `target:`, the port in the container',
    ],
    [
      '{target: 80, published: http}',
      '37 COMPOSE_PORT: services.web.ports[0].published: "http" is no port -> write a port or a range such as 8000-8003',
    ],
    [
      '{target: 80, protocol: icmp}',
      '36 COMPOSE_PORT: services.web.ports[0].protocol: "icmp" is no protocol -> write tcp, udp or sctp',
    ],
    [
      '{target: 80, host_ip: localhost}',
      '35 COMPOSE_PORT: services.web.ports[0]: invalid ip address: localhost -> write an address of this machine, such as 127.0.0.1',
    ],
  ])('refuses %s at the key', async (port, mistake) => {
    expect(await mistakesIn(web(`[${port}]`))).toEqual([`4:${mistake}`]);
  });

  it.each([
    ['80:80', '4:12 COMPOSE_TYPE'],
    ['{http: 80}', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:13 COMPOSE_TYPE'],
    ['[{target: [80]}]', '4:14 COMPOSE_TYPE'],
    ['[{target: 80, name: 1}]', '4:32 COMPOSE_TYPE'],
    ['[{target: 80, publish: 80}]', '4:26 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (ports, place) => {
    expect(await placesIn(web(ports))).toEqual([place]);
  });

  it('refuses two services on one host port when the project is to be started', async () => {
    const yaml = `services:
  a: {image: x, ports: ["127.0.0.1:80:1"]}
  b: {image: x, ports: ["127.0.0.2:80:1"]}
  c: {image: x, ports: ["80:1"]}
`;
    expect(await mistakesIn(yaml)).toEqual([
      '4:25 COMPOSE_PORT: services.c: port 80/tcp is already published by service "a" -> publish one of the two on another host port or address',
    ]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
  });

  it('pairs ranges of one length, port by port', () => {
    const port = fc.integer({ min: 1, max: 60_000 });
    fc.assert(
      fc.property(port, port, fc.integer({ min: 1, max: 20 }), (published, target, length) => {
        const parsed = parsePort(`${published}-${published + length}:${target}-${target + length}`);
        const pairs = 'ports' in parsed ? parsed.ports : [];
        expect(pairs).toHaveLength(length + 1);
        for (const each of pairs) expect(Number(each.published) - each.target).toBe(published - target);
      }),
    );
  });

  it('need a port in the container', async () => {
    expect(await mistakesIn(web('[80, {published: 81}]'), read)).toEqual([
      '4:17 COMPOSE_MISSING_KEY: service port services.web.ports[1] is missing a target port -> add `target:`, the port in the container',
    ]);
    // A misspelt key is told of once, as such.
    expect(await placesIn(web('[{taget: 80}]'))).toEqual(['4:14 COMPOSE_TYPE']);
  });
});
