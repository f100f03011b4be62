/** Mistakes in files: every one at once, in the order of the file, and nothing is changed. */
import { expect, test } from 'vitest';
import { answer } from './refusals.ts';
import { stack } from './stack.ts';

test('YAML that cannot be read is told of at the place', async () => {
  const todo = await stack('services:\n  web:\n    image: busybox\n    labels: [a, "b]\n');
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:4:17: what begins with this " never ends
      4 |     labels: [a, "b]
        |                 ^
      hint: write the closing "
    exit 1, nothing changed"
  `);
  await todo.write('compose.yaml', 'services:\n\tweb:\n\t\timage: busybox\n');
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:2:1: this line is indented with a tab
      2 | 	web:
        | ^
      hint: indent with spaces: YAML does not allow tabs there
    ./compose.yaml:3:1: this line is indented with a tab
      3 | 		image: busybox
        | ^^
      hint: indent with spaces: YAML does not allow tabs there
    exit 1, nothing changed"
  `);
  await todo.write(
    'compose.yaml',
    'services:\n  web: {image: busybox}\n  db: {image: a, image: b}\n  web: {}\n',
  );
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:3:18: mapping key "image" already defined at line 3
      3 |   db: {image: a, image: b}
        |                  ^^^^^
      hint: keep one of the two: YAML would silently use the last
    ./compose.yaml:4:3: mapping key "web" already defined at line 2
      4 |   web: {}
        |   ^^^
      hint: keep one of the two: YAML would silently use the last
    exit 1, nothing changed"
  `);
});

test('an unknown key is told of at every level, with the known one it resembles', async () => {
  const todo = await stack(`nam: x
services:
  web:
    imge: busybox
    image: busybox
    ports:
      - {target: 80, publishd: 80}
    deploy:
      resources: {limits: {memry: 1}}
    healthcheck: {tst: x}
    build: {contxt: .}
    depends_on: {db: {conditon: service_started}}
    networks: {back: {ipv4_adress: 10.0.0.5}}
  db: {image: busybox}
networks:
  back: {drver: bridge, ipam: {confg: []}}
volumes:
  data: {drver: local}
secrets:
  key: {fle: x}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:1:1: unknown attribute "nam" at the top level
      1 | nam: x
        | ^^^
      hint: did you mean "name"?
    ./compose.yaml:4:5: services.web: unknown attribute "imge"
      4 |     imge: busybox
        |     ^^^^
      hint: did you mean "image"?
    ./compose.yaml:7:22: services.web.ports[0]: unknown attribute "publishd"
      7 |       - {target: 80, publishd: 80}
        |                      ^^^^^^^^
      hint: did you mean "published"?
    ./compose.yaml:9:28: services.web.deploy.resources.limits: unknown attribute "memry"
      9 |       resources: {limits: {memry: 1}}
        |                            ^^^^^
      hint: did you mean "memory"?
    ./compose.yaml:10:19: services.web.healthcheck: unknown attribute "tst"
      10 |     healthcheck: {tst: x}
         |                   ^^^
      hint: did you mean "test"?
    ./compose.yaml:11:13: services.web.build: unknown attribute "contxt"
      11 |     build: {contxt: .}
         |             ^^^^^^
      hint: did you mean "context"?
    ./compose.yaml:12:23: services.web.depends_on.db: unknown attribute "conditon"
      12 |     depends_on: {db: {conditon: service_started}}
         |                       ^^^^^^^^
      hint: did you mean "condition"?
    ./compose.yaml:13:23: services.web.networks.back: unknown attribute "ipv4_adress"
      13 |     networks: {back: {ipv4_adress: 10.0.0.5}}
         |                       ^^^^^^^^^^^
      hint: did you mean "ipv4_address"?
    ./compose.yaml:16:10: networks.back: unknown attribute "drver"
      16 |   back: {drver: bridge, ipam: {confg: []}}
         |          ^^^^^
      hint: did you mean "driver"?
    ./compose.yaml:16:32: networks.back.ipam: unknown attribute "confg"
      16 |   back: {drver: bridge, ipam: {confg: []}}
         |                                ^^^^^
      hint: did you mean "config"?
    ./compose.yaml:18:10: volumes.data: unknown attribute "drver"
      18 |   data: {drver: local}
         |          ^^^^^
      hint: did you mean "driver"?
    ./compose.yaml:20:9: secrets.key: unknown attribute "fle"
      20 |   key: {fle: x}
         |         ^^^
      hint: did you mean "file"?
    exit 1, nothing changed"
  `);
});

test('a value of the wrong type is told of with what to write', async () => {
  const todo = await stack(`services:
  web:
    image: 5
    expose: 80
    command: {a: b}
    environment: [1, {a: b}]
    healthcheck: {retries: many, interval: 5 parsecs}
    privileged: maybe
    mem_limit: lots
    restart: sometimes
    ports: ["99999:80", "80-82:80-81"]
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:3:12: services.web.image must be a string, not 5
      3 |     image: 5
        |            ^
      hint: put it in quotes: "5"
    ./compose.yaml:4:13: services.web.expose must be a list, not 80
      4 |     expose: 80
        |             ^^
      hint: write a list: [80]
    ./compose.yaml:5:5: services.web.command must be a string or a list, not a mapping
      5 |     command: {a: b}
        |     ^^^^^^^
      hint: write it like npm start or [npm, start]
    ./compose.yaml:6:19: services.web.environment[0] must be a string, not 1
      6 |     environment: [1, {a: b}]
        |                   ^
      hint: put it in quotes: "1"
    ./compose.yaml:6:22: services.web.environment[1] is a mapping, because of the blank behind the colon
      6 |     environment: [1, {a: b}]
        |                      ^^^^^^
      hint: write "a=b", or take the dashes away from all of them
    ./compose.yaml:7:28: services.web.healthcheck.retries: "many" is no whole number
      7 |     healthcheck: {retries: many, interval: 5 parsecs}
        |                            ^^^^
      hint: write a whole number
    ./compose.yaml:7:44: services.web.healthcheck.interval: invalid duration "5 parsecs"
      7 |     healthcheck: {retries: many, interval: 5 parsecs}
        |                                            ^^^^^^^^^
      hint: write it like 30s, 1m30s or 500ms
    ./compose.yaml:8:17: services.web.privileged: "maybe" is no boolean
      8 |     privileged: maybe
        |                 ^^^^^
      hint: write true or false
    ./compose.yaml:9:16: services.web.mem_limit: invalid size "lots"
      9 |     mem_limit: lots
        |                ^^^^
      hint: write it like 512k, 64m or 1.5gb
    ./compose.yaml:10:14: services.web.restart: invalid restart policy "sometimes"
      10 |     restart: sometimes
         |              ^^^^^^^^^
      hint: write no, always, on-failure[:N] or unless-stopped
    ./compose.yaml:11:13: services.web.ports[0]: Invalid hostPort: 99999
      11 |     ports: ["99999:80", "80-82:80-81"]
         |             ^^^^^^^^^^
      hint: write "[address:][published:]target[/tcp|/udp]", for example "127.0.0.1:8080:80"
    ./compose.yaml:11:25: services.web.ports[1]: Invalid ranges specified for container and host Ports: 80-81 and 80-82
      11 |     ports: ["99999:80", "80-82:80-81"]
         |                         ^^^^^^^^^^^^^
      hint: write "[address:][published:]target[/tcp|/udp]", for example "127.0.0.1:8080:80"
    exit 1, nothing changed"
  `);
});

test('a variable that is ill written or missing is told of', async () => {
  const todo = await stack(`services:
  web:
    image: "busybox:\${TAG-"
    command: \${}
    hostname: \${REFUSALS_HOST:?set it to the name of the host}
    domainname: \${1A}
  db:
    image: \${REFUSALS_IMAGE?}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:3:21: services.web.image: "\${TAG-" is no variable
      3 |     image: "busybox:\${TAG-"
        |                     ^^^^^^
      hint: write the closing }; a dollar that means itself is written $$
    ./compose.yaml:4:14: services.web.command: "\${}" is no variable
      4 |     command: \${}
        |              ^^^
      hint: write \${NAME} or \${NAME:-default}; a dollar that means itself is written $$
    ./compose.yaml:5:15: services.web.hostname: required variable REFUSALS_HOST is missing a value: set it to the name of the host
      5 |     hostname: \${REFUSALS_HOST:?set it to the name of the host}
        |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      hint: set REFUSALS_HOST in the environment or in .env
    ./compose.yaml:6:17: services.web.domainname: "\${1A}" is no variable
      6 |     domainname: \${1A}
        |                 ^^^^^
      hint: write \${NAME} or \${NAME:-default}; a dollar that means itself is written $$
    ./compose.yaml:8:12: services.db.image: required variable REFUSALS_IMAGE is missing a value
      8 |     image: \${REFUSALS_IMAGE?}
        |            ^^^^^^^^^^^^^^^^^^
      hint: set REFUSALS_IMAGE in the environment or in .env
    exit 1, nothing changed"
  `);
});

test('a name that nothing has is told of with the nearest one, a circle of dependencies as a path', async () => {
  const todo = await stack(`services:
  web:
    image: busybox
    depends_on: [db, cahce]
    networks: [bck]
    volumes: ["dta:/data"]
    secrets: [kye]
    configs: [site]
  db: {image: busybox, depends_on: [cache]}
  cache: {image: busybox, depends_on: [db]}
networks: {back: {}}
volumes: {data: {}}
secrets: {key: {environment: HOME}}
configs: {sites: {content: x}}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:4:22: service "web" depends on undefined service "cahce"
      4 |     depends_on: [db, cahce]
        |                      ^^^^^
      hint: did you mean "cache"?
    ./compose.yaml:5:16: service "web" refers to undefined network bck
      5 |     networks: [bck]
        |                ^^^
      hint: did you mean "back"?
    ./compose.yaml:6:16: service "web" refers to undefined volume dta
      6 |     volumes: ["dta:/data"]
        |                ^^^
      hint: did you mean "data"?
    ./compose.yaml:7:15: service "web" refers to undefined secret kye
      7 |     secrets: [kye]
        |               ^^^
      hint: did you mean "key"?
    ./compose.yaml:8:15: service "web" refers to undefined config site
      8 |     configs: [site]
        |               ^^^^
      hint: did you mean "sites"?
    ./compose.yaml:10:40: dependency cycle detected: db -> cache -> db
      10 |   cache: {image: busybox, depends_on: [db]}
         |                                        ^^
      hint: none of them could ever start; take one of these dependencies out
    exit 1, nothing changed"
  `);
});

test('words and numbers that nothing could be started with are told of', async () => {
  const todo = await stack(`services:
  web:
    image: Busybox
    cap_add: [NET_ADMIN, NET_ADMI]
    stop_signal: SIGTRM
    sysctls: {net.core.somaxconn: 1, vm.swappiness: 1}
    ulimits: {nofil: 3, nproc: {soft: 20, hard: 10}}
    mem_limit: 4m
    security_opt: [sccomp=unconfined]
    working_dir: srv
    tmpfs: /run:siz=1m
    dns: one.one
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:3:12: services.web.image: "Busybox" is no image reference
      3 |     image: Busybox
        |            ^^^^^^^
      hint: repositories are in lower case: write busybox
    ./compose.yaml:4:26: services.web.cap_add[1]: unknown capability "NET_ADMI"
      4 |     cap_add: [NET_ADMIN, NET_ADMI]
        |                          ^^^^^^^^
      hint: did you mean "NET_ADMIN"?
    ./compose.yaml:5:18: services.web.stop_signal: unknown signal "SIGTRM"
      5 |     stop_signal: SIGTRM
        |                  ^^^^^^
      hint: did you mean "SIGTERM"?
    ./compose.yaml:6:38: services.web.sysctls.vm.swappiness: vm.swappiness cannot be set: it belongs to the whole host, not to a namespace of the container
      6 |     sysctls: {net.core.somaxconn: 1, vm.swappiness: 1}
        |                                      ^^^^^^^^^^^^^
      hint: set it on the host itself, or leave it out
    ./compose.yaml:7:15: services.web.ulimits.nofil: there is no such limit
      7 |     ulimits: {nofil: 3, nproc: {soft: 20, hard: 10}}
        |               ^^^^^
      hint: did you mean "nofile"?
    ./compose.yaml:7:39: services.web.ulimits.nproc.soft: the soft limit 20 is above the hard limit 10
      7 |     ulimits: {nofil: 3, nproc: {soft: 20, hard: 10}}
        |                                       ^^
      hint: a process may raise its soft limit up to the hard one: raise \`hard\`, or lower \`soft\`
    ./compose.yaml:8:16: services.web.mem_limit: 4m is too little memory to start a container
      8 |     mem_limit: 4m
        |                ^^
      hint: write 6m at least
    ./compose.yaml:9:20: services.web.security_opt[0]: "sccomp=unconfined" is no security option
      9 |     security_opt: [sccomp=unconfined]
        |                    ^^^^^^^^^^^^^^^^^
      hint: did you mean "seccomp"?
    ./compose.yaml:10:18: services.web.working_dir: "srv" is not absolute
      10 |     working_dir: srv
         |                  ^^^
      hint: write /srv
    ./compose.yaml:11:12: services.web.tmpfs[0]: "siz=1m" is no option of a tmpfs
      11 |     tmpfs: /run:siz=1m
         |            ^^^^^^^^^^^
      hint: write size=64m, mode=1777, uid=1000, exec, ro and the like
    ./compose.yaml:12:10: services.web.dns[0]: "one.one" is no address
      12 |     dns: one.one
         |          ^^^^^^^
      hint: write the address of a name server, such as 1.1.1.1
    exit 1, nothing changed"
  `);
});

test('what two services cannot both have is told of', async () => {
  const todo = await stack(`services:
  one:
    image: busybox
    container_name: same
    ports: ["18999:80"]
    networks: {lan: {ipv4_address: 10.5.0.9}}
  two:
    image: busybox
    container_name: same
    ports: ["127.0.0.1:18999:81"]
    networks: {lan: {ipv4_address: 10.5.0.9}}
networks: {lan: {ipam: {config: [{subnet: 10.5.0.0/24}]}}}
`);
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:9:21: services.two: container name "same" is already in use by service "one"
      9 |     container_name: same
        |                     ^^^^
      hint: container names are unique on a machine; take one of the two out
    ./compose.yaml:10:13: services.two: port 18999/tcp is already published by service "one"
      10 |     ports: ["127.0.0.1:18999:81"]
         |             ^^^^^^^^^^^^^^^^^^^^
      hint: publish one of the two on another host port or address
    ./compose.yaml:11:36: services.two: 10.5.0.9 on network lan is already the address of service "one"
      11 |     networks: {lan: {ipv4_address: 10.5.0.9}}
         |                                    ^^^^^^^^
      hint: give one of the two another address
    exit 1, nothing changed"
  `);
});

test('a file that a service is to be given and that is not there is told of where its path stands', async () => {
  const todo = await stack(
    `services:
  web:
    image: busybox
    env_file: [there.env, settings.env]
    secrets: [key]
    configs: [site]
secrets: {key: {file: ./key.txt}}
configs: {site: {file: ./site.conf}}
`,
    { 'there.env': 'A=1\n' },
  );
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:4:27: env file ./settings.env not found
      4 |     env_file: [there.env, settings.env]
        |                           ^^^^^^^^^^^^
      hint: make the file, or write {path: …, required: false}
    ./compose.yaml:7:23: secrets.key: the file ./key.txt does not exist
      7 | secrets: {key: {file: ./key.txt}}
        |                       ^^^^^^^^^
      hint: make the file, or name another one
    ./compose.yaml:8:24: configs.site: the file ./site.conf does not exist
      8 | configs: {site: {file: ./site.conf}}
        |                        ^^^^^^^^^^^
      hint: make the file, or name another one
    exit 1, nothing changed"
  `);
});

test('mistakes in several files are told of in the order of the files', async () => {
  const todo = await stack('services:\n  web: {image: busybox, comand: a}\n', {
    'compose.override.yaml': 'services:\n  web: {prots: ["80"]}\n  db: {image: busybox, networks: [lan]}\n',
  });
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:2:25: services.web: unknown attribute "comand"
      2 |   web: {image: busybox, comand: a}
        |                         ^^^^^^
      hint: did you mean "command"?
    ./compose.override.yaml:2:9: services.web: unknown attribute "prots"
      2 |   web: {prots: ["80"]}
        |         ^^^^^
      hint: did you mean "ports"?
    ./compose.override.yaml:3:35: service "db" refers to undefined network lan
      3 |   db: {image: busybox, networks: [lan]}
        |                                   ^^^
      hint: declare it: \`networks: {lan: …}\` at the top level
    exit 1, nothing changed"
  `);
});

test('what cannot be started can be looked at and taken down', async () => {
  const todo = await stack('services:\n  web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}\n');
  await todo.ok('up', '--detach');
  await todo.write('compose.yaml', 'services:\n  web: {image: busybox, stop_signal: SIGKIL}\n');
  expect(await answer(todo, 'up', '-d')).toMatchInlineSnapshot(`
    "./compose.yaml:2:38: services.web.stop_signal: unknown signal "SIGKIL"
      2 |   web: {image: busybox, stop_signal: SIGKIL}
        |                                      ^^^^^^
      hint: did you mean "SIGKILL"?
    exit 1, nothing changed"
  `);
  expect(await answer(todo, 'ps', '-q')).toMatch(/^[0-9a-f]{12,}\nexit 0, nothing changed$/);
  await todo.ok('down');
  expect(await todo.containers()).toEqual([]);
});
