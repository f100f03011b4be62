/** What the file asks and this machine cannot give: found before anything is changed, at the line that asks for it. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answer } from './refusals.ts';
import { stack } from './stack.ts';

/** Holds a port of 127.0.0.1 until the test ends. */
async function listener(port = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

/** A port that nobody holds, until somebody takes it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a host port that somebody has is refused with who has it, replicas that want the same one by name', async () => {
  const other = await stack(`services:
  web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL, ports: ["80"]}
`);
  await other.ok('up', '--detach');
  const ours = (await other.ok('port', 'web', '80')).trim().split(':')[1];
  const theirs = await listener();
  const free = await freePort();
  const todo = await stack(`services:
  one:
    image: busybox
    ports: ["${ours}:80", "127.0.0.1:${theirs}:81"]
  two:
    image: busybox
    ports:
      - "${free}:80"
    scale: 3
`);
  const program = (await readFile('/proc/self/comm', 'utf8')).trim();
  expect(
    await answer(todo, 'up', '-d'),
  ).toBe(`./compose.yaml:4:13: port ${ours}/tcp is already in use by container ${other.project}-web-1
  4 |     ports: ["${ours}:80", "127.0.0.1:${theirs}:81"]
    |             ${'^'.repeat(`"${ours}:80"`.length)}
  hint: stop what holds it, or publish another host port
./compose.yaml:4:${13 + `"${ours}:80", `.length}: port 127.0.0.1:${theirs}/tcp is already in use by ${program} (pid ${process.pid})
  4 |     ports: ["${ours}:80", "127.0.0.1:${theirs}:81"]
    |             ${' '.repeat(`"${ours}:80", `.length)}${'^'.repeat(`"127.0.0.1:${theirs}:81"`.length)}
  hint: stop what holds it, or publish another host port
./compose.yaml:8:9: demo-two-1, demo-two-2 and demo-two-3 want the same host port ${free}/tcp
  8 |       - "${free}:80"
    |         ${'^'.repeat(`"${free}:80"`.length)}
  hint: publish a range with a port for each replica ("8000-8010:80"), or no host port ("80")
exit 1, nothing changed`);
});

test('a subnet or an address that cannot be had is refused', async () => {
  const other = await stack(`services:
  web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL, networks: {lan: {ipv4_address: 10.99.1.5}}}
networks: {lan: {name: refusals_lan, ipam: {config: [{subnet: 10.99.1.0/24}]}}}
`);
  await other.ok('up', '--detach');
  const todo = await stack(`services:
  taken: {image: busybox, networks: {theirs: {ipv4_address: 10.99.1.5}}}
  outside: {image: busybox, networks: {mine: {ipv4_address: 10.99.3.5}}}
  gateway: {image: busybox, networks: {mine: {ipv4_address: 10.99.2.1}}}
  rest: {image: busybox, networks: [overlap, form, door, range, host, far]}
networks:
  theirs: {name: refusals_lan, external: true}
  mine: {ipam: {config: [{subnet: 10.99.2.0/24}]}}
  overlap: {ipam: {config: [{subnet: 10.99.0.0/16}]}}
  form: {ipam: {config: [{subnet: 10.98.0.0/33}]}}
  door: {ipam: {config: [{subnet: 10.97.0.0/24, gateway: 10.96.0.1}]}}
  range: {ipam: {config: [{subnet: 10.95.0.0/24, ip_range: 10.94.0.0/25}]}}
  host: {ipam: {config: [{subnet: 127.0.0.0/16}]}}
  far: {driver: overlay}
`);
  const said = (await answer(todo, 'up', '-d')).replaceAll(other.project, 'other');
  expect(said).toMatchInlineSnapshot(`
    "./compose.yaml:2:61: the address 10.99.1.5 on network refusals_lan is in use by container other-web-1
      2 |   taken: {image: busybox, networks: {theirs: {ipv4_address: 10.99.1.5}}}
        |                                                             ^^^^^^^^^
      hint: choose another one, or none, and one will be chosen
    ./compose.yaml:3:61: the address 10.99.3.5 cannot be had on network demo_mine: it does not lie in 10.99.2.0/24
      3 |   outside: {image: busybox, networks: {mine: {ipv4_address: 10.99.3.5}}}
        |                                                             ^^^^^^^^^
      hint: choose an address of the network’s subnet
    ./compose.yaml:4:61: the address 10.99.2.1 cannot be had on network demo_mine: it is the gateway’s or reserved
      4 |   gateway: {image: busybox, networks: {mine: {ipv4_address: 10.99.2.1}}}
        |                                                             ^^^^^^^^^
      hint: choose an address of the network’s subnet
    ./compose.yaml:9:38: the subnet 10.99.0.0/16 of network demo_overlap overlaps with 10.99.1.0/24 of network refusals_lan
      9 |   overlap: {ipam: {config: [{subnet: 10.99.0.0/16}]}}
        |                                      ^^^^^^^^^^^^
      hint: give the network another subnet, or remove the other one first
    ./compose.yaml:10:35: network demo_form: "10.98.0.0/33" is no subnet
      10 |   form: {ipam: {config: [{subnet: 10.98.0.0/33}]}}
         |                                   ^^^^^^^^^^^^
      hint: a subnet is written like 10.5.0.0/24, and gateway, range and reserved addresses lie in it
    ./compose.yaml:11:58: network demo_door: the address 10.96.0.1 does not lie in 10.97.0.0/24
      11 |   door: {ipam: {config: [{subnet: 10.97.0.0/24, gateway: 10.96.0.1}]}}
         |                                                          ^^^^^^^^^
      hint: a subnet is written like 10.5.0.0/24, and gateway, range and reserved addresses lie in it
    ./compose.yaml:12:60: network demo_range: the range 10.94.0.0/25 does not lie in 10.95.0.0/24
      12 |   range: {ipam: {config: [{subnet: 10.95.0.0/24, ip_range: 10.94.0.0/25}]}}
         |                                                            ^^^^^^^^^^^^
      hint: a subnet is written like 10.5.0.0/24, and gateway, range and reserved addresses lie in it
    ./compose.yaml:13:35: the subnet 127.0.0.0/16 of network demo_host overlaps with 127.0.0.0/8 of interface lo
      13 |   host: {ipam: {config: [{subnet: 127.0.0.0/16}]}}
         |                                   ^^^^^^^^^^^^
      hint: give the network another subnet, or remove the other one first
    ./compose.yaml:14:17: network demo_far: the driver "overlay" is not available
      14 |   far: {driver: overlay}
         |                 ^^^^^^^
      hint: overlay networks span machines; on one machine use the driver "bridge"
    exit 1, nothing changed"
  `);
});

test('an image that must not be fetched, or cannot be, is refused with the way to bring it; nothing else is made', async () => {
  const todo = await stack(`services:
  never: {image: refusals/never, pull_policy: never, volumes: ["data:/data"]}
  built: {build: ., networks: [lan]}
volumes: {data: {}}
networks: {lan: {}}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:2:18: the image refusals/never of service "never" is not stored here, and its pull policy is "never"
      2 |   never: {image: refusals/never, pull_policy: never, volumes: ["data:/data"]}
        |                  ^^^^^^^^^^^^^^
      hint: fetch it: \`tscompose image pull refusals/never\`, or bring it as a file: \`tscompose image load -i IMAGE.tar\`
    ./compose.yaml:3:3: the image demo-built of service "built" is not stored here
      3 |   built: {build: ., networks: [lan]}
        |   ^^^^^
      hint: bring it as a file: \`tscompose image load -i IMAGE.tar\`, \`tscompose image import ROOTFS.tar demo-built\`; building is not part of this version
    exit 1, nothing changed"
  `);
  // Port 9 of this machine is no registry.
  await todo.write(
    'compose.yaml',
    `services:
  web: {image: "127.0.0.1:9/shop/web:1", volumes: ["data:/data"], networks: [lan]}
  db: {image: "127.0.0.1:9/shop/db:1"}
  local: {image: busybox}
volumes: {data: {}}
networks: {lan: {}}
`,
  );
  const lines = (await answer(todo, 'up', '-d')).split('\n');
  // Progress is told as it happens: in no certain order.
  expect(lines.filter((line) => !line.startsWith(' Image ')).join('\n')).toMatchInlineSnapshot(`
    "./compose.yaml:2:16: the image 127.0.0.1:9/shop/web:1 is not stored here, and no registry could be reached at 127.0.0.1:9: cannot talk to 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9
      2 |   web: {image: "127.0.0.1:9/shop/web:1", volumes: ["data:/data"], networks: [lan]}
        |                ^^^^^^^^^^^^^^^^^^^^^^^^
      hint: check the network, or bring it as a file: \`tscompose image load -i IMAGE.tar\`, \`tscompose image import ROOTFS.tar 127.0.0.1:9/shop/web:1\`
    ./compose.yaml:3:15: the image 127.0.0.1:9/shop/db:1 is not stored here, and no registry could be reached at 127.0.0.1:9: cannot talk to 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9
      3 |   db: {image: "127.0.0.1:9/shop/db:1"}
        |               ^^^^^^^^^^^^^^^^^^^^^^^
      hint: check the network, or bring it as a file: \`tscompose image load -i IMAGE.tar\`, \`tscompose image import ROOTFS.tar 127.0.0.1:9/shop/db:1\`
    exit 1, nothing changed"
  `);
});

test('binds that would have to share their mounts with the host are refused', async () => {
  const todo = await stack(`services:
  short: {image: busybox, volumes: ["./made:/x:rshared", "./made:/y:rslave"]}
  long:
    image: busybox
    volumes: [{type: bind, source: ./made, target: /x, bind: {propagation: shared}}]
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:2:37: services.short.volumes[0]: the propagation "rshared" cannot be had: mounts made in containers do not reach the host
      2 |   short: {image: busybox, volumes: ["./made:/x:rshared", "./made:/y:rslave"]}
        |                                     ^^^^^^^^^^^^^^^^^^^
      hint: write "rslave", with which mounts of the host reach the container, or leave it out
    ./compose.yaml:5:76: services.long.volumes[0]: the propagation "shared" cannot be had: mounts made in containers do not reach the host
      5 |     volumes: [{type: bind, source: ./made, target: /x, bind: {propagation: shared}}]
        |                                                                            ^^^^^^
      hint: write "rslave", with which mounts of the host reach the container, or leave it out
    exit 1, nothing changed"
  `);
});

test('what is outside the project and not there is refused, all at once', async () => {
  const todo = await stack(`services:
  web:
    image: busybox
    networks: [lan]
    volumes:
      - data:/data
      - {type: bind, source: ./missing, target: /src, bind: {create_host_path: false}}
  guest: {image: busybox, network_mode: "container:nobody"}
networks: {lan: {name: refusals_no_lan, external: true}}
volumes: {data: {name: refusals_no_data, external: true}}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:7:30: services.web.volumes[1]: the bind source ./missing does not exist
      7 |       - {type: bind, source: ./missing, target: /src, bind: {create_host_path: false}}
        |                              ^^^^^^^^^
      hint: create it, or have it made as a directory: \`create_host_path: true\`
    ./compose.yaml:8:41: service "guest" joins container "nobody", which does not exist
      8 |   guest: {image: busybox, network_mode: "container:nobody"}
        |                                         ^^^^^^^^^^^^^^^^^^
      hint: start that container first
    ./compose.yaml:9:12: network refusals_no_lan declared as external, but could not be found
      9 | networks: {lan: {name: refusals_no_lan, external: true}}
        |            ^^^
      hint: bring up the project that makes it, or write \`name: refusals_no_lan\` without \`external\` to have it made
    ./compose.yaml:10:11: external volume "refusals_no_data" not found
      10 | volumes: {data: {name: refusals_no_data, external: true}}
         |           ^^^^
      hint: bring up the project that makes it, or write \`name: refusals_no_data\` without \`external\` to have it made
    exit 1, nothing changed"
  `);
});

test('a container name that another project has is refused with who has it', async () => {
  const other = await stack(`services:
  web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL, container_name: refusals-box}
`);
  await other.ok('up', '--detach');
  const [holder] = await other.containers();
  const todo = await stack(`services:
  web: {image: busybox, container_name: refusals-box}
`);
  const said = (await answer(todo, 'up', '-d')).replaceAll(other.project, 'other');
  expect(said.replace(holder!.ID.slice(0, 12), 'ID')).toMatchInlineSnapshot(`
    "./compose.yaml:2:41: the container name "refusals-box" is already in use by project "other" (service "web", container ID)
      2 |   web: {image: busybox, container_name: refusals-box}
        |                                         ^^^^^^^^^^^^
      hint: give this container another name, or take that project down
    exit 1, nothing changed"
  `);
});

test('settings that this host cannot give are refused', async () => {
  const todo = await stack(`services:
  web:
    image: busybox
    cpus: 4096
    cpuset: "8000"
    devices: ["/dev/null:/dev/zero", "/dev/refusals:/dev/x"]
    security_opt: [seccomp=./profile.json]
`);
  const said = await answer(todo, 'up', '-d');
  expect(
    said
      .replace(/to [\d.]+: this host has \d+/, 'to N: this host has N')
      .replace(/it has [\d,-]+/, 'it has 0-N'),
  ).toMatchInlineSnapshot(`
    "./compose.yaml:4:11: service "web": cpus must be from 0.01 to N: this host has N
      4 |     cpus: 4096
        |           ^^^^
      hint: ask for fewer
    ./compose.yaml:5:13: service "web": cpuset 8000 names processors that this host does not have
      5 |     cpuset: "8000"
        |             ^^^^^^
      hint: it has 0-N
    ./compose.yaml:6:38: service "web": /dev/refusals is not a device of this host
      6 |     devices: ["/dev/null:/dev/zero", "/dev/refusals:/dev/x"]
        |                                      ^^^^^^^^^^^^^^^^^^^^^^
      hint: the path before the colon must be a device node, such as /dev/fuse
    ./compose.yaml:7:20: service "web": the seccomp profile ./profile.json does not exist
      7 |     security_opt: [seccomp=./profile.json]
        |                    ^^^^^^^^^^^^^^^^^^^^^^
      hint: write the path of a profile in JSON, or seccomp=unconfined
    exit 1, nothing changed"
  `);
});

test('a dry run is refused the same, and so is a replacement of what runs', async () => {
  const port = await listener();
  const todo = await stack('services:\n  web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}\n');
  await todo.ok('up', '--detach');
  await todo.write(
    'compose.yaml',
    `services:\n  web: {image: busybox, command: sleep 1000, ports: ["127.0.0.1:${port}:80"]}\n`,
  );
  const refusal = `./compose.yaml:2:54: port 127.0.0.1:${port}/tcp is already in use by ${(await readFile('/proc/self/comm', 'utf8')).trim()} (pid ${process.pid})
  2 |   web: {image: busybox, command: sleep 1000, ports: ["127.0.0.1:${port}:80"]}
    |                                                      ${'^'.repeat(`"127.0.0.1:${port}:80"`.length)}
  hint: stop what holds it, or publish another host port
exit 1, nothing changed`;
  expect(await answer(todo, 'up', '-d')).toBe(refusal);
  expect((await answer(todo, '--dry-run', 'up', '-d')).split('\n').slice(-5).join('\n')).toBe(refusal);
});

test('a volume whose options its driver does not know is refused before anything is made', async () => {
  const todo = await stack(`services:
  web: {image: busybox, volumes: ["data:/data", "nfs:/nfs"]}
volumes:
  data:
    driver_opts: {typo: x}
  nfs: {driver: plugin}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:5:5: invalid option "typo" for the local volume driver
      5 |     driver_opts: {typo: x}
        |     ^^^^^^^^^^^
      hint: known are type, o and device
    ./compose.yaml:6:17: the volume driver "plugin" is not supported
      6 |   nfs: {driver: plugin}
        |                 ^^^^^^
      hint: leave "driver" out, or use "local" with the options type, o and device
    exit 1, nothing changed"
  `);
});
