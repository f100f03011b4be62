/** Variables and what is written beside a container: environment, env_file, labels, annotations, expose, names, scale. */
import { describe, expect, test } from 'vitest';
import { formatPlatform, platformOfMachine } from '../../src/image/index.ts';
import { bundle, importImage, said, views } from './attributes.ts';
import { sharedStack, stack } from './stack.ts';

describe('environment and env_file', () => {
  const shown = 'command: [sh, -c, "env | grep -v -E \'^(PATH|PWD|SHLVL|HOSTNAME|HOME)=\' | sort"]';
  const it = sharedStack(
    `
services:
  defaults: {image: busybox, command: [sh, -c, 'echo "$$PATH $$HOME"; test "$$HOSTNAME" = "$$(hostname)" && echo same']}
  map: {image: e2e-variables, environment: {TEXT: a b, NUMBER: 5, FLAG: true, EMPTY: "", SHAPE: square, DROPPED: }, ${shown}}
  list: {image: e2e-variables, environment: ["TEXT=a b", "EQUALS=a=b", "EMPTY=", "COLOUR", "FROM_SHELL"], ${shown}}
  files:
    image: busybox
    env_file: [first.env, {path: absent.env, required: false}, {path: raw.env, format: raw}, second.env]
    environment: {WINNER: environment}
    ${shown}
  image: {image: e2e-variables, ${shown}}
  unset: {image: e2e-variables, environment: [NOWHERE_TO_BE_FOUND], ${shown}}
`,
    {
      'first.env': [
        '# a comment',
        'WINNER=first',
        'LATER=first',
        "SINGLE='$LATER literal'",
        'DOUBLE="two\\nlines"',
        'EXPANDED=${LATER}-${MISSING:-default}',
        'export EXPORTED=yes # and a comment',
        'FROM_SHELL',
        '',
      ].join('\n'),
      'raw.env': 'RAW="$LATER" # all of it\n',
      'second.env': 'LATER=second\n',
    },
    async (made) => {
      await importImage(made, 'e2e-variables', ['ENV COLOUR=red SHAPE=round', 'CMD ["env"]']);
      process.env.FROM_SHELL = 'the shell';
      await made.ok('up');
      delete process.env.FROM_SHELL;
    },
  );

  test('reach the container: the image’s below the files’, the files’ below the service’s own', async () => {
    expect(await said(it())).toEqual({
      defaults: ['/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /root', 'same'],
      map: ['COLOUR=red', 'EMPTY=', 'FLAG=true', 'NUMBER=5', 'SHAPE=square', 'TEXT=a b'],
      list: ['EMPTY=', 'EQUALS=a=b', 'FROM_SHELL=the shell', 'SHAPE=round', 'TEXT=a b'],
      files: [
        'DOUBLE=two',
        'EXPANDED=first-default',
        'EXPORTED=yes',
        'FROM_SHELL=the shell',
        'LATER=second',
        'RAW="$LATER" # all of it',
        'SINGLE=$LATER literal',
        'WINNER=environment',
        'lines',
      ],
      image: ['COLOUR=red', 'SHAPE=round'],
      unset: ['COLOUR=red', 'SHAPE=round'],
    });
  });

  test('name a file that is missing, before anything is changed', async () => {
    const made = await stack('services: {job: {image: busybox, env_file: nowhere.env}}');
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('nowhere.env') });
    expect(await made.run('ls', '--all', '--quiet')).toMatchObject({
      stdout: expect.not.stringContaining(made.project),
    });
  });
});

describe('labels, annotations, expose and container_name', () => {
  const it = sharedStack(
    `
services:
  web:
    image: e2e-labels
    container_name: e2e-its-own-name
    labels: {org.example.tier: front, shared: from the service, com.docker.compose.project: forged}
    annotations: {org.example.note: "for the runtime", list: "x"}
    expose: ["3000", "53/udp", "4000-4001"]
    depends_on: [base]
    stop_signal: SIGKILL
  base: {image: busybox, command: sleep 1000, stop_signal: SIGKILL, labels: ["one=1", "two"], volumes: ["data:/data"]}
networks: {default: {labels: {net: work}}}
volumes: {data: {labels: {vol: ume}}}
`,
    {},
    async (made) => {
      await importImage(made, 'e2e-labels', [
        'CMD ["sleep", "1000"]',
        'LABEL of=image shared=from-the-image',
        'EXPOSE 8080',
      ]);
      await made.ok('up', '--detach');
    },
  );

  test('are on the container, the image’s below the service’s, and Compose’s own cannot be forged', async () => {
    const { web, base } = await views(it());
    const { directory, project } = it();
    expect(web?.labels).toEqual({
      of: 'image',
      shared: 'from the service',
      'org.example.tier': 'front',
      'com.docker.compose.project': project,
      'com.docker.compose.service': 'web',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.depends_on': 'base:service_started:false',
      'com.docker.compose.project.config_files': `${directory}/compose.yaml`,
      'com.docker.compose.project.working_dir': directory,
      'com.docker.compose.version': '2.40.3',
      'com.docker.compose.config-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      'com.docker.compose.image': web?.imageId,
      'tscompose.config': expect.any(String),
    });
    expect(base?.labels).toMatchObject({ one: '1', two: '', 'com.docker.compose.depends_on': '' });
    const hashes = await it().ok('config', '--hash', '*');
    expect(hashes).toContain(`web ${web?.labels['com.docker.compose.config-hash']}`);
  });

  test('are on networks and volumes, too', async () => {
    const { project } = it();
    const networks = await it().ok('network', 'ls', '--format', 'json');
    const network = networks.split('\n').find((line) => line.includes(`${project}_default`)) ?? '';
    for (const label of [
      'net=work',
      `com.docker.compose.project=${project}`,
      'com.docker.compose.network=default',
    ])
      expect(network).toContain(label);
    const volumes = await it().ok('volume', 'ls', '--format', 'json');
    const volume = volumes.split('\n').find((line) => line.includes(`${project}_data`)) ?? '';
    for (const label of [
      'vol=ume',
      `com.docker.compose.project=${project}`,
      'com.docker.compose.volume=data',
    ])
      expect(volume).toContain(label);
  });

  test('name the container, tell the runtime, and show exposed ports that are not published', async () => {
    const { web } = await views(it());
    expect(web?.name).toBe('e2e-its-own-name');
    expect((await bundle(web!)).annotations).toMatchObject({
      'org.example.note': 'for the runtime',
      list: 'x',
    });
    expect(web?.ports).toEqual(
      [
        [3000, 'tcp'],
        [53, 'udp'],
        [4000, 'tcp'],
        [4001, 'tcp'],
        [8080, 'tcp'],
      ].map(([target, protocol]) => ({ target, protocol, hostIp: '', hostPort: 0 })),
    );
    const { stderr, code } = await it().run('up', '--detach', '--scale', 'web=2');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('e2e-its-own-name') });
  });
});

describe('scale, deploy.replicas and profiles', () => {
  test('decide how many containers there are, and of which services', async () => {
    const made = await stack(`
x-sleep: &sleep {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
services:
  scaled: {<<: *sleep, scale: 2}
  replicated: {<<: *sleep, deploy: {replicas: 2}}
  none: {<<: *sleep, scale: 0}
  debug: {<<: *sleep, profiles: [debug]}
`);
    const names = async (): Promise<string[]> =>
      (await made.containers()).map(({ Name }) => Name.slice(made.project.length + 1));
    await made.ok('up', '--detach');
    expect(await names()).toEqual(['replicated-1', 'replicated-2', 'scaled-1', 'scaled-2']);
    await made.ok('--profile', 'debug', 'up', '--detach', '--scale', 'scaled=1', '--scale', 'none=1');
    expect(await names()).toEqual(['debug-1', 'none-1', 'replicated-1', 'replicated-2', 'scaled-1']);
    await made.ok('down');
    await made.ok('up', '--detach', 'debug');
    expect(await names()).toEqual(['debug-1']);
  });
});

describe('pull_policy and platform', () => {
  const machine = formatPlatform(platformOfMachine());

  test('never and missing use what is stored; never refuses what is not, before anything is changed', async () => {
    const made = await stack(`
services:
  never: {image: busybox, pull_policy: never, command: "true"}
  missing: {image: busybox, pull_policy: missing, command: "true"}
  present: {image: busybox, pull_policy: if_not_present, command: "true", platform: ${machine}}
  absent: {image: e2e-not-there, pull_policy: never, profiles: [absent]}
`);
    await made.ok('up');
    const { code, stderr } = await made.run('up', 'absent');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'the image e2e-not-there of service "absent" is not stored here, and its pull policy is "never"',
    );
    expect(stderr).toContain('compose.yaml:6:');
  });

  test('of another platform than the image has is refused', async () => {
    const made = await stack(
      'services: {job: {image: busybox, pull_policy: never, platform: linux/s390x, command: "true"}}',
    );
    const { code, stderr } = await made.run('up');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `the image busybox of service "job" is made for ${machine}, not for linux/s390x`,
      ),
    });
  });
});
