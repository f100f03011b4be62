/** How a container is called and what it shares: hostname, hosts, resolver, links, network, pid, ipc and uts modes. */
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { said, views } from './attributes.ts';
import { sharedStack, stack } from './stack.ts';

describe('hostname, domainname, extra_hosts and dns', () => {
  const files =
    'command: [sh, -c, "hostname; cat /etc/hostname /etc/hosts /etc/resolv.conf; echo $$HOSTNAME"]';
  const it = sharedStack(
    `
services:
  plain: {image: busybox, command: [sh, -c, "hostname; cat /etc/hostname; echo $$HOSTNAME"]}
  named:
    image: busybox
    hostname: box
    domainname: example.org
    extra_hosts: ["one:192.0.2.1", "two=192.0.2.2", "six:[2001:db8::1]", "gateway:host-gateway"]
    dns: [192.0.2.53]
    dns_search: [example.org, sub.example.org]
    dns_opt: ["timeout:1", "ndots:2"]
    command: [sh, -c, "hostname; hostname -f; dnsdomainname; cat /etc/hostname /etc/hosts /etc/resolv.conf; echo $$HOSTNAME"]
  map: {image: busybox, extra_hosts: {one: 192.0.2.1, many: [192.0.2.3, 192.0.2.4]}, command: [sh, -c, "grep 192.0.2 /etc/hosts"]}
  isolated: {image: busybox, network_mode: none, dns: [192.0.2.53], ${files}}
`,
    {},
    (made) => made.ok('up'),
  );

  test('are in the files that programs read, and name the container', async () => {
    const { plain, named, map } = await said(it());
    const all = await views(it());
    const id = all.plain?.id.slice(0, 12);
    expect(plain).toEqual([id, id, id]);
    const { ipv4, gateway } = all.named?.networks[0] ?? {};
    expect(named).toEqual([
      'box',
      'box.example.org',
      'example.org',
      'box',
      ...loopback,
      // In the order of the names, as Docker Compose hands them on.
      `${gateway}\tgateway`,
      '192.0.2.1\tone',
      '2001:db8::1\tsix',
      '192.0.2.2\ttwo',
      `${ipv4}\tbox.example.org box`,
      'nameserver 127.0.0.11',
      'search example.org sub.example.org',
      'options timeout:1 ndots:2',
      'box',
    ]);
    expect(map).toEqual(['192.0.2.3\tmany', '192.0.2.4\tmany', '192.0.2.1\tone']);
  });

  test('are there without a network as well, with no resolver of ours', async () => {
    const id = (await views(it())).isolated?.id.slice(0, 12);
    const [first, second, ...rest] = (await said(it())).isolated ?? [];
    expect([first, second]).toEqual([id, id]);
    expect(rest.slice(0, 6)).toEqual(loopback);
    expect(rest).toContain('nameserver 192.0.2.53');
    expect(rest.join('\n')).not.toContain('127.0.0.11');
  });
});

const loopback = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'ff00::\tip6-mcastprefix',
  'ff02::1\tip6-allnodes',
  'ff02::2\tip6-allrouters',
];

describe('network_mode', () => {
  const look = 'sh -c "readlink /proc/self/ns/net; ls /sys/class/net; hostname"';
  const it = sharedStack(
    `
x-box: &box {image: busybox}
services:
  donor: {<<: *box, command: httpd -f -p 80 -h /etc, stop_signal: SIGKILL, hostname: donor, extra_hosts: ["given:192.0.2.9"]}
  service: {<<: *box, network_mode: "service:donor", command: [sh, -c, "wget -qO- http://127.0.0.1/hostname; hostname; grep -c given /etc/hosts; hostname -i"]}
  container: {<<: *box, network_mode: "container:\${COMPOSE_PROJECT_NAME}-donor-1", command: wget -qO- http://localhost/hostname, depends_on: [donor]}
  none: {<<: *box, network_mode: none, command: ${look}}
  host: {<<: *box, network_mode: host, command: ${look}}
  host-files: {<<: *box, network_mode: host, extra_hosts: ["given:192.0.2.9"], command: cat /etc/hosts /etc/resolv.conf}
  bridge: {<<: *box, network_mode: bridge, command: [sh, -c, "ls /sys/class/net; hostname"]}
  link: {<<: *box, links: ["donor:database", donor], command: [sh, -c, "wget -qO- http://database/hostname; wget -qO- http://donor/hostname"]}
`,
    {},
    (made) => made.ok('up', '--detach'),
  );

  test('gives the network of another container, of the host, of nobody, or the common bridge', async () => {
    await it().run('wait', 'service', 'container', 'none', 'host', 'host-files', 'bridge', 'link');
    const [ours = ''] = await namespaces('net');
    const all = await views(it());
    const lines = await said(it());
    const { ipv4 } = all.donor?.networks[0] ?? {};
    expect(lines.service).toEqual(['donor', 'donor', '1', ipv4]);
    expect(lines.container).toEqual(['donor']);
    expect(lines.none?.slice(1)).toEqual(['lo', all.none?.id.slice(0, 12)]);
    expect(lines.bridge).toEqual(['eth0', 'lo', all.bridge?.id.slice(0, 12)]);
    expect(lines.link).toEqual(['donor', 'donor']);
    expect([lines.host?.[0], lines.host?.at(-1)]).toEqual([ours, hostname()]);
    expect(lines.none?.[0]).not.toBe(ours);
    expect(all.bridge?.networks.map(({ name }) => name)).toEqual(['bridge']);
    expect(all.host?.networks).toEqual([]);
  });

  test('of the host has the host’s own files, with extra_hosts added', async () => {
    const [hosts, resolv] = await Promise.all(
      ['/etc/hosts', '/etc/resolv.conf'].map(async (path) =>
        (await readFile(path, 'utf8')).trim().split('\n'),
      ),
    );
    const lines = (await said(it()))['host-files'];
    expect(lines).toEqual([...(hosts ?? []), '192.0.2.9\tgiven', ...(resolv ?? [])]);
  });
});

describe('pid, ipc and uts', () => {
  const it = sharedStack(
    `
x-box: &box {image: busybox, stop_signal: SIGKILL}
services:
  donor: {<<: *box, ipc: shareable, hostname: donor, command: [sh, -c, "echo shared >/dev/shm/note; exec sleep 1000"], healthcheck: {test: test -s /dev/shm/note, interval: 100ms}}
  own: {<<: *box, command: [sh, -c, "echo $$$$; ls /dev/shm; ls /proc | grep -c '^[0-9]'"]}
  joined: {<<: *box, pid: "service:donor", ipc: "service:donor", command: [sh, -c, "tr '\\\\0' ' ' </proc/1/cmdline; echo; cat /dev/shm/note"], depends_on: {donor: {condition: service_healthy}}}
  by-name: {<<: *box, pid: "container:\${COMPOSE_PROJECT_NAME}-donor-1", ipc: "container:\${COMPOSE_PROJECT_NAME}-donor-1", command: [sh, -c, "tr '\\\\0' ' ' </proc/1/cmdline; echo; cat /dev/shm/note"], depends_on: {donor: {condition: service_healthy}}}
  host: {<<: *box, pid: host, ipc: host, uts: host, command: [sh, -c, "for n in pid ipc uts; do readlink /proc/self/ns/$$n; done; hostname"]}
`,
    {},
    (made) => made.ok('up', '--detach'),
  );

  test('are the container’s own, another’s, or the host’s', async () => {
    await it().run('wait', 'own', 'joined', 'by-name', 'host');
    const lines = await said(it());
    expect(lines.own?.[0]).toBe('1');
    expect(lines.own).toHaveLength(2);
    const ofDonor = ['sleep 1000 ', 'shared'];
    expect([lines.joined, lines['by-name']]).toEqual([ofDonor, ofDonor]);
    expect(lines.host).toEqual([...(await namespaces('pid', 'ipc', 'uts')), hostname()]);
  });

  test('of a container that does not run cannot be joined, which is said', async () => {
    const made = await stack(
      'services: {job: {image: busybox, pid: "container:e2e-nobody", command: "true"}}',
    );
    const { code, stderr } = await made.run('up', '--detach');
    expect(code).not.toBe(0);
    expect(stderr).toContain('e2e-nobody');
  });
});

async function namespaces(...kinds: readonly string[]): Promise<string[]> {
  return Promise.all(kinds.map((kind) => readlink(`/proc/self/ns/${kind}`)));
}
