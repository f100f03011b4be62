import { describe, expect, it } from 'vitest';
import { canonicalOf, loadFiles, mistakesIn, placesIn } from './loading.ts';

const one = (attributes: string): string => `services: {web: {image: x, ${attributes}}}\n`;

/** What is wrong with the attributes, without the code that all have, and with the place left to the end-to-end tests. */
async function complaints(attributes: string): Promise<readonly string[]> {
  const prefix = /^1:\d+ COMPOSE_VALUE: services\.web\./;
  return (await mistakesIn(one(attributes))).map((line) => line.replace(prefix, ''));
}

describe('values that nothing could be started with', () => {
  it.each([
    ['cap_add: [NET_ADMI]', 'cap_add[0]: unknown capability "NET_ADMI" -> did you mean "NET_ADMIN"?'],
    ['cap_drop: [all, CAP_chwon]', 'cap_drop[1]: unknown capability "CAP_chwon" -> did you mean "CHOWN"?'],
    [
      'cap_add: [EVERYTHING]',
      'cap_add[0]: unknown capability "EVERYTHING" -> capabilities(7) lists them; NET_ADMIN and CAP_NET_ADMIN mean the same',
    ],
    ['stop_signal: SIGTRM', 'stop_signal: unknown signal "SIGTRM" -> did you mean "SIGTERM"?'],
    [
      'stop_signal: "99"',
      'stop_signal: unknown signal "99" -> write a name such as SIGTERM or SIGRTMIN+3, or a number from 1 to 64',
    ],
    [
      'sysctls: {vm.swappiness: 1}',
      'sysctls.vm.swappiness: vm.swappiness cannot be set: it belongs to the whole host, not to a namespace of the container -> set it on the host itself, or leave it out',
    ],
    [
      'sysctls: [net.core.somaxconn=1], network_mode: host',
      'sysctls[0]: net.core.somaxconn cannot be set: the container shares the network of the host -> set it on the host itself, or leave it out',
    ],
    ['ulimits: {nofil: 3}', 'ulimits.nofil: there is no such limit -> did you mean "nofile"?'],
    [
      'ulimits: {nofile: {soft: -1, hard: 10}}',
      'ulimits.nofile.soft: the soft limit -1 (no limit) is above the hard limit 10 -> a process may raise its soft limit up to the hard one: raise `hard`, or lower `soft`',
    ],
    [
      'security_opt: ["sccomp=unconfined"]',
      'security_opt[0]: "sccomp=unconfined" is no security option -> did you mean "seccomp"?',
    ],
    [
      'logging: {options: {max-size: 10x}}',
      'logging.options.max-size: "10x" is no size above 0 -> write a size such as 10m',
    ],
    [
      'logging: {driver: local, options: {max-file: 0}}',
      'logging.options.max-file: "0" is no number of files -> write 1 or more',
    ],
    ['mem_limit: 4m', 'mem_limit: 4m is too little memory to start a container -> write 6m at least'],
    [
      'deploy: {resources: {limits: {memory: 1k}}}',
      'deploy.resources.limits.memory: 1k is too little memory to start a container -> write 6m at least',
    ],
    [
      'mem_limit: 10m, mem_reservation: 20m',
      'mem_reservation: the reservation 20m is above the limit 10m -> reserve less, or raise the limit',
    ],
    [
      'memswap_limit: 1g',
      'memswap_limit: it needs a memory limit beside it -> add `mem_limit:`, or take it out',
    ],
    [
      'mem_limit: 20m, memswap_limit: 10m',
      'memswap_limit: 10m is below the memory limit 20m -> it counts memory and swap together: write mem_limit plus the swap you want',
    ],
    ['cpus: 0.001', 'cpus: 0.001 of a processor is too little -> write 0.01 at least'],
    ['cpus: 1, cpu_quota: 5000', 'cpu_quota: `cpus` says the same thing already -> keep one of the two'],
    [
      'cpu_quota: 5',
      'cpu_quota: 5 is shorter than a millisecond -> it counts microseconds: write 1000 at least',
    ],
    [
      'cpu_period: 5',
      'cpu_period: 5 is no period between a millisecond and a second -> it counts microseconds: write 1000 to 1000000',
    ],
    ['cpuset: some', 'cpuset: "some" is no list of processors -> write numbers and ranges, such as 0-3,6'],
    ['shm_size: -1', 'shm_size: shared memory cannot be smaller than nothing -> write a size such as 64m'],
    [`hostname: ${'a'.repeat(65)}`, 'hostname: the name has 65 bytes -> the kernel takes 64 at most'],
    [
      'dns: one.one',
      'dns[0]: "one.one" is no address -> write the address of a name server, such as 1.1.1.1',
    ],
    [
      'extra_hosts: [db]',
      'extra_hosts[0]: "db" has no address -> write "name=address", such as "db=10.0.0.5" or "host.docker.internal=host-gateway"',
    ],
    [
      'expose: ["80:80"]',
      'expose[0]: "80:80" is no port -> write a port or a range, such as 80 or 8000-8010/udp',
    ],
    [
      'mac_address: "03:00:00:00:00:01"',
      'mac_address: "03:00:00:00:00:01" is no hardware address of an interface -> write six pairs of hexadecimal digits with an even first one, such as 02:42:ac:11:00:02',
    ],
    [
      'networks: {default: {ipv4_address: 1.2.3}}',
      `networks.default.ipv4_address: "1.2.3" is no IPv4 address -> write an IPv4 address of the network's subnet`,
    ],
    [
      'networks: {default: {interface_name: a-very-long-name}}',
      'networks.default.interface_name: "a-very-long-name" cannot be the name of an interface -> write at most 15 letters and digits',
    ],
    [
      'networks: {default: {interface_name: lo}}',
      'networks.default.interface_name: "lo" is already the interface of loopback -> choose another name',
    ],
    [
      'network_mode: "container:x", ports: ["80"], dns: []',
      'ports: the network is that of container:x, and this belongs to it -> write it there, or drop `network_mode: container:x`',
    ],
    ['working_dir: srv', 'working_dir: "srv" is not absolute -> write /srv'],
    [
      'volumes: [".:srv"]',
      'volumes[0]: the target "srv" is not absolute -> write the path in the container: /srv',
    ],
    ['volumes: [".:/"]', 'volumes[0]: nothing can be mounted at / itself -> write a directory below it'],
    [
      'tmpfs: ["/x:size=1m,bad=1"]',
      'tmpfs[0]: "bad=1" is no option of a tmpfs -> write size=64m, mode=1777, uid=1000, exec, ro and the like',
    ],
  ])('%s', async (attributes, complaint) => {
    expect(await complaints(attributes)).toEqual([complaint]);
  });

  it.each([
    'cap_add: [NET_ADMIN, cap_kill, all]',
    'stop_signal: rtmin+3',
    'stop_signal: "15"',
    'sysctls: {net.core.somaxconn: 1, kernel.shmmax: 1, kernel.domainname: a}',
    'ulimits: {nofile: 5, nproc: {soft: 5, hard: -1}}',
    'security_opt: [no-new-privileges, "no-new-privileges:true", seccomp=unconfined, "label:disable"]',
    'mem_limit: 6m, memswap_limit: -1, mem_reservation: 6m',
    'cpus: 0.5, cpu_shares: 1, cpuset: "0-1,3"',
    'tmpfs: ["/x:size=1m,mode=1777,exec,nosuid", /y]',
    'extra_hosts: ["a=1.1.1.1", "b:::1", "c:host-gateway"]',
    'expose: [80, "81-90/udp"]',
    'networks: {default: {interface_name: eth0.100}}',
    'network_mode: "container:x", hostname: h, ports: []',
  ])('leaves alone %s', async (attributes) => {
    expect(await complaints(attributes)).toEqual([]);
  });

  it.each([
    ['Shop/Web', 'repositories are in lower case: write shop/web'],
    ['shop/web:${TAG}', 'check the variables in shop/web:${TAG}: one of them is empty or no part of a name'],
    ['a:b:c', 'write [registry/]repository[:tag][@digest], such as nginx:1.27 or localhost:5000/shop/web'],
  ])('an image called %s', async (image, hint) => {
    const { problems } = await loadFiles({ '/p/compose.yaml': `services: {web: {image: "${image}"}}` });
    expect(problems.map((problem) => [problem.code, problem.hint?.replaceAll('"', '')])).toEqual([
      ['COMPOSE_VALUE', hint],
    ]);
  });

  it('are no mistake of services that are not to be started', async () => {
    const yaml = `services:
  web: {image: x, depends_on: [db]}
  db: {image: x}
  other: {image: x, cap_add: [NONE]}
`;
    expect(await mistakesIn(yaml, { services: ['web'] })).toEqual([]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
    expect(await mistakesIn(yaml.replace('[db]', '[other]'), { services: ['web'] })).toEqual([
      '4:31 COMPOSE_VALUE: services.other.cap_add[0]: unknown capability "NONE" -> ' +
        'capabilities(7) lists them; NET_ADMIN and CAP_NET_ADMIN mean the same',
    ]);
  });
});

describe('a fraction', () => {
  it('keeps as many digits as the reference does', async () => {
    const yaml = 'services: {web: {image: x, cpus: 0.333333333}}';
    expect(await canonicalOf(yaml)).toEqual({ cpus: 0.33333334 });
    expect(await canonicalOf('services: {web: {image: x, cpus: "0.10"}}')).toEqual({ cpus: 0.1 });
  });
});

describe('extra_hosts', () => {
  it('takes several addresses behind one name, and prints every pair in order', async () => {
    const yaml = 'services: {web: {image: x, extra_hosts: ["b:10.0.0.2", "a=::1", "a=10.0.0.3,[::2]"]}}';
    expect(await canonicalOf(yaml)).toEqual({
      extra_hosts: ['a=10.0.0.3', 'a=::1', 'a=::2', 'b=10.0.0.2'],
    });
  });

  it('refuses names without address and names that cannot be, whatever the project is loaded for', async () => {
    const yaml = 'services: {web: {image: x, extra_hosts: [db, "a:b=10.0.0.1"]}}';
    expect(await placesIn(yaml, { purpose: 'read' })).toEqual(['1:42 COMPOSE_VALUE', '1:46 COMPOSE_VALUE']);
  });
});
