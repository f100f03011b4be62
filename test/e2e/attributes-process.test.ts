/** What runs in a container and as whom: command, user, directory, terminal, signals, exit codes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { importImage, said, views } from './attributes.ts';
import { edit, states } from './commands.ts';
import { sharedStack, stack } from './stack.ts';

/** What the images of this file add to busybox. */
const people = {
  '/etc/passwd': {
    content: 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:Ann:/home/ann:/bin/sh\n',
    mode: 0o644,
  },
  '/etc/group': {
    content: 'root:x:0:\nwheel:x:10:root,ann\naudio:x:29:ann,bob\nvideo:x:44:\nstaff:x:50:\nann:x:1000:\n',
    mode: 0o644,
  },
  '/usr/bin/who': { content: '#!/bin/sh\nid; echo "$HOME $PWD"\n', mode: 0o755 },
};
const configured = [
  'ENTRYPOINT ["echo", "image entrypoint"]',
  'CMD ["image command"]',
  'USER ann',
  'WORKDIR /srv',
  'ENV COLOUR=red SHAPE=round',
];

describe('command and entrypoint', () => {
  const it = sharedStack(
    `
x-image: &image {image: e2e-process}
services:
  words: {image: busybox, command: "echo one 'two  three' four"}
  list: {image: busybox, command: [echo, "$$HOME", "a; b"]}
  folded:
    image: busybox
    command: >
      sh -c "echo folded;
      echo lines"
  image: *image
  command: {<<: *image, command: [mine]}
  command-null: {<<: *image, command: null}
  command-empty: {<<: *image, command: []}
  entrypoint: {<<: *image, entrypoint: [echo, own]}
  entrypoint-string: {<<: *image, entrypoint: echo 'a  b' c}
  entrypoint-null: {<<: *image, entrypoint: null}
  entrypoint-and-command: {<<: *image, entrypoint: [echo, own], command: [mine]}
  entrypoint-empty: {<<: *image, entrypoint: [], command: [echo, bare]}
  entrypoint-empty-alone: {image: e2e-process-bare, entrypoint: []}
`,
    {},
    async (made) => {
      await importImage(made, 'e2e-process', configured, people);
      await importImage(made, 'e2e-process-bare', ['ENTRYPOINT ["false"]', 'CMD ["echo", "image command"]']);
      await made.ok('up');
    },
  );

  test('are taken as written, and from the image where the service says nothing', async () => {
    expect(await said(it())).toEqual({
      words: ['one two  three four'],
      list: ['$HOME a; b'],
      folded: ['folded', 'lines'],
      image: ['image entrypoint image command'],
      command: ['image entrypoint mine'],
      'command-null': ['image entrypoint image command'],
      'command-empty': ['image entrypoint'],
      // An entrypoint of the service drops the image's command.
      entrypoint: ['own'],
      'entrypoint-string': ['a  b c'],
      'entrypoint-null': ['image entrypoint image command'],
      'entrypoint-and-command': ['own mine'],
      'entrypoint-empty': ['bare'],
      // Nothing would be left to run: Docker then takes the image's command.
      'entrypoint-empty-alone': ['image command'],
    });
  });
});

test('a service whose image has no command is refused, with what to do', async () => {
  const made = await stack('services: {job: {image: busybox, stdin_open: true, stop_signal: SIGKILL}}');
  await importImage(made, 'e2e-no-command', []);
  await made.ok('up', '--detach');
  await edit(made, 'busybox', 'e2e-no-command');
  const { code, stderr } = await made.run('up', '--detach');
  expect(code).toBe(1);
  expect(stderr).toContain(
    'compose.yaml:1:25: service "job": no command specified, and the image e2e-no-command has none',
  );
  expect(stderr).toContain('hint: give the service a command or an entrypoint');
  expect(await states(made)).toEqual({ 'job-1': 'running' });
});

describe('working_dir, user and group_add', () => {
  const it = sharedStack(
    `
services:
  image: {image: e2e-users, entrypoint: who}
  directory: {image: e2e-users, entrypoint: [sh, -c, "pwd; stat -c '%u:%g %a' . .."], working_dir: /srv/made/here, user: root}
  name: {image: e2e-users, entrypoint: who, user: root}
  uid: {image: e2e-users, entrypoint: who, user: "1000"}
  stranger: {image: e2e-users, entrypoint: who, user: "1234:5"}
  name-and-group: {image: e2e-users, entrypoint: who, user: "ann:staff"}
  groups: {image: e2e-users, entrypoint: who, group_add: [video, "77"]}
  own-home: {image: e2e-users, entrypoint: who, environment: {HOME: /elsewhere}}
`,
    {},
    async (made) => {
      await importImage(made, 'e2e-users', configured, people);
      await made.ok('up');
    },
  );

  test('are looked up in the image, with the groups and the home that it has for the user', async () => {
    const ann = 'uid=1000(ann) gid=1000(ann) groups=10(wheel),29(audio),1000(ann)';
    expect(await said(it())).toEqual({
      image: [ann, '/home/ann /srv'],
      directory: ['/srv/made/here', '0:0 755', '0:0 755'],
      name: ['uid=0(root) gid=0(root) groups=0(root),10(wheel)', '/root /srv'],
      uid: [ann, '/home/ann /srv'],
      stranger: ['uid=1234 gid=5 groups=5', '/ /srv'],
      'name-and-group': ['uid=1000(ann) gid=50(staff) groups=50(staff)', '/home/ann /srv'],
      groups: [
        'uid=1000(ann) gid=1000(ann) groups=10(wheel),29(audio),44(video),77,1000(ann)',
        '/home/ann /srv',
      ],
      'own-home': [ann, '/elsewhere /srv'],
    });
  });

  test('of an unknown name are refused, with the name', async () => {
    for (const [attribute, message] of [
      ['user: nemo', 'unable to find user nemo'],
      ['group_add: [nobodies]', 'unable to find group nobodies'],
    ]) {
      const made = await stack(`services: {job: {image: busybox, command: "true", ${attribute}}}`);
      const { code, stderr } = await made.run('up', '--detach');
      expect(code).not.toBe(0);
      expect(stderr).toContain(message);
    }
  });
});

describe('tty, stdin_open and init', () => {
  const it = sharedStack(
    `
services:
  plain: {image: busybox, command: [sh, -c, "tty; cat; echo over"]}
  tty: {image: busybox, tty: true, command: [sh, -c, "tty; echo error >&2; echo $$TERM; test -c /dev/console && echo console"]}
  open: {image: busybox, stdin_open: true, command: cat, stop_signal: SIGKILL}
  init:
    image: busybox
    init: true
    stop_signal: SIGTERM
    command:
      - sh
      - -c
      - |
        tr '\\0' '\\n' </proc/1/cmdline | head -n 1
        trap 'echo got TERM; exit 3' TERM
        # The child is orphaned at once, and dies: without somebody to reap it, it stays as a zombie.
        sh -c 'sleep 0 & echo $$! >/orphan'
        while [ -e /proc/$$(cat /orphan) ]; do sleep 0.1; done
        echo reaped
        while :; do sleep 0.1; done
`,
    {},
    (made) => made.ok('up', '--detach'),
  );

  test('give a terminal, keep the input open, and put a PID 1 that reaps before the command', async () => {
    await expect.poll(async () => (await said(it())).init, { timeout: 60_000 }).toContain('reaped');
    const { init, ...others } = await said(it());
    expect(init).toEqual(['/sbin/docker-init', 'reaped']);
    expect(others).toEqual({
      plain: ['not a tty', 'over'],
      tty: ['/dev/pts/0\r', 'error\r', 'xterm\r', 'console\r'],
    });
    const states = (await it().containers()).map(({ Service, State }) => [Service, State]);
    expect(Object.fromEntries(states)).toEqual({
      plain: 'exited',
      tty: 'exited',
      open: 'running',
      init: 'running',
    });
  });

  test('forward signals to the command, and pass its exit code on', async () => {
    await it().ok('stop', 'init');
    expect((await said(it())).init?.at(-1)).toBe('got TERM');
    expect((await views(it())).init?.exitCode).toBe(3);
  });
});

describe('the exit code', () => {
  const it = sharedStack(
    `
services:
  three: {image: busybox, command: [sh, -c, exit 3]}
  signal: {image: busybox, command: [sh, -c, "kill -USR1 $$$$; sleep 60"], init: true}
  loop: {image: busybox, command: [sleep, "1000"]}
  job: {image: busybox}
`,
    {},
    (made) => made.ok('up', '--detach'),
  );
  beforeAll(async () => {
    await it().ok('kill', 'loop');
    await it().run('wait', 'three', 'signal', 'loop');
  });

  test('is the program’s own, or 128 and the signal that ended it', async () => {
    const codes = (await it().containers()).map(({ Service, ExitCode }) => [Service, ExitCode]);
    expect(Object.fromEntries(codes)).toEqual({ three: 3, signal: 138, loop: 137, job: 0 });
  });

  test.each([
    [127, ['no-such-program'], 'executable file not found in $PATH'],
    [127, ['/no/such/program'], 'not found'],
    [126, ['/etc/passwd'], 'permission denied'],
    [126, ['/etc'], 'is a directory'],
  ])('is %d for the command %j, which says %s', async (expected, words, message) => {
    const { code, stderr } = await it().run('run', '--rm', '-T', 'job', ...words);
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringContaining(message) });
  });

  test('is 126 for a script that names no interpreter, and 127 for one whose interpreter is missing', async () => {
    await it().write('bad/plain', 'echo hello\n');
    await it().write('bad/lost', '#!/no/such/shell\n');
    const job = ['run', '--rm', '-T', '-v', `${it().directory}/bad:/bad`, 'job', 'sh', '-c'];
    const one = (path: string): string => `chmod 755 /bad/* && exec ${path}`;
    // The shell itself would run the first one: only execve(2) alone refuses it.
    expect((await it().run(...job, one('/bad/lost'))).code).toBe(127);
    const direct = await it().run(
      'run',
      '--rm',
      '-T',
      '-v',
      `${it().directory}/bad:/bad`,
      'job',
      '/bad/plain',
    );
    expect({ code: direct.code, stderr: direct.stderr }).toEqual({
      code: 126,
      stderr: expect.stringContaining('exec format error'),
    });
  });
});

describe('stop_signal and stop_grace_period', () => {
  const trap = (signal: string): string =>
    `[sh, -c, "trap 'echo ${signal}; exit 5' ${signal}; trap '' TERM; echo ready; while :; do sleep 0.1; done"]`;
  const it = sharedStack(
    `
services:
  named: {image: busybox, stop_signal: SIGUSR1, command: ${trap('USR1')}}
  bare: {image: busybox, stop_signal: HUP, command: ${trap('HUP')}}
  number: {image: busybox, stop_signal: "12", command: ${trap('USR2')}}
  image: {image: e2e-stops, command: ${trap('QUIT')}}
  deaf: {image: busybox, stop_grace_period: 300ms, command: [sh, -c, "trap '' TERM; echo ready; while :; do sleep 0.1; done"]}
`,
    {},
    async (made) => {
      await importImage(made, 'e2e-stops', ['STOPSIGNAL SIGQUIT']);
      await made.ok('up', '--detach');
    },
  );

  test('end the container with the signal asked for, and with SIGKILL when it is deaf to it', async () => {
    await expect
      .poll(async () => Object.values(await said(it())).flat(), { timeout: 60_000 })
      .toEqual(Array(5).fill('ready'));
    await it().ok('stop');
    expect(await said(it())).toEqual({
      named: ['ready', 'USR1'],
      bare: ['ready', 'HUP'],
      number: ['ready', 'USR2'],
      image: ['ready', 'QUIT'],
      deaf: ['ready'],
    });
    const codes = (await it().containers()).map(({ Service, ExitCode }) => [Service, ExitCode]);
    expect(Object.fromEntries(codes)).toEqual({ named: 5, bare: 5, number: 5, image: 5, deaf: 137 });
  });
});

test('each stream keeps its order, and lines of any length come whole', async () => {
  const long = 'x'.repeat(20_000);
  const made = await stack(
    `
services:
  job:
    image: busybox
    command: [sh, -c, "for i in 1 2 3 4 5 6 7 8 9; do echo out $$i; echo err $$i >&2; done; cat /long"]
    volumes: ["./long:/long:ro"]
`,
    { long: `${long}\nno newline at the end` },
  );
  await made.ok('up');
  const lines = (await said(made)).job ?? [];
  const numbered = (stream: string): string[] =>
    Array.from({ length: 9 }, (_, index) => `${stream} ${index + 1}`);
  expect(lines.filter((line) => line.startsWith('err'))).toEqual(numbered('err'));
  expect(lines.filter((line) => !line.startsWith('err'))).toEqual([
    ...numbered('out'),
    long,
    'no newline at the end',
  ]);
});
