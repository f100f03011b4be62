/** Secrets and configs: from files, variables and text, with owner and mode, at their places. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { said, views } from './attributes.ts';
import { sharedStack, stack } from './stack.ts';

describe('secrets and configs', () => {
  const show = (...paths: string[]): string =>
    `command: [sh, -c, "for f in ${paths.join(' ')}; do echo $$f $$(stat -c '%u:%g %a' $$f) $$(cat $$f); done"]`;
  const it = sharedStack(
    `
x-box: &box {image: busybox}
services:
  short: {<<: *box, secrets: [from-file, from-variable], configs: [from-file, from-variable, from-text], ${show('/run/secrets/from-file', '/run/secrets/from-variable', '/from-file', '/from-variable', '/from-text')}}
  long:
    <<: *box
    secrets:
      - {source: from-file, target: renamed}
      - {source: from-variable, target: /etc/deep/down/key, uid: "1000", gid: "50", mode: 0o400}
    configs:
      - {source: from-text, target: /etc/app.conf, uid: "33", gid: "34", mode: 0640}
      - {source: from-file, target: relative.conf}
    ${show('/run/secrets/renamed', '/etc/deep/down/key', '/etc/app.conf', '/relative.conf')}
  owned-file: {<<: *box, secrets: [{source: from-file, uid: "1000", gid: "50", mode: 0o440}], ${show('/run/secrets/from-file')}}
  user: {<<: *box, user: "1000", secrets: [{source: from-variable, uid: "1000", mode: 0o400}], ${show('/run/secrets/from-variable')}}
  read-only: {<<: *box, read_only: true, secrets: [from-file, {source: from-variable, mode: 0o444}], configs: [from-text], command: [sh, -c, "exec 2>&1; cat /run/secrets/from-file /run/secrets/from-variable /from-text; echo x >/run/secrets/from-file; echo x >/from-text"]}
  lines: {<<: *box, configs: [lines], command: cat /lines}
secrets:
  from-file: {file: ./secret.txt}
  from-variable: {environment: SECRET}
configs:
  from-file: {file: ./config.txt}
  from-variable: {environment: SECRET}
  from-text: {content: "text of \${COMPOSE_PROJECT_NAME}"}
  lines:
    content: |
      one
        two $$literal
`,
    { 'secret.txt': 'file secret', 'config.txt': 'file config', '.env': 'SECRET=variable secret\n' },
    async (made) => {
      await chmod(join(made.directory, 'secret.txt'), 0o604);
      await made.ok('up');
    },
  );

  test('are files in the container, each at its place, with the owner and mode asked for', async () => {
    const text = `text of ${it().project}`;
    expect(await said(it())).toEqual({
      short: [
        '/run/secrets/from-file 0:0 604 file secret',
        '/run/secrets/from-variable 0:0 444 variable secret',
        '/from-file 0:0 644 file config',
        '/from-variable 0:0 444 variable secret',
        `/from-text 0:0 444 ${text}`,
      ],
      long: [
        '/run/secrets/renamed 0:0 604 file secret',
        '/etc/deep/down/key 1000:50 400 variable secret',
        `/etc/app.conf 33:34 640 ${text}`,
        '/relative.conf 0:0 644 file config',
      ],
      'owned-file': ['/run/secrets/from-file 1000:50 440 file secret'],
      user: ['/run/secrets/from-variable 1000:0 400 variable secret'],
      'read-only': [
        `file secretvariable secret${text}sh: can't create /run/secrets/from-file: Read-only file system`,
        "sh: can't create /from-text: Read-only file system",
      ],
      lines: ['one', '  two $literal'],
    });
  });

  test('appear neither in labels nor in what is printed of the project', async () => {
    const all = JSON.stringify(await views(it()));
    const printed = await it().ok('config', '--format', 'json');
    const plan = (await it().ok('plan')) + (await it().ok('plan', '--json', '--force-recreate'));
    for (const text of [all, printed, plan]) expect(text).not.toContain('variable secret');
  });
});

describe('a secret', () => {
  test('whose file is missing is refused at its place, before anything is changed', async () => {
    const made = await stack(`
services: {job: {image: busybox, command: "true", secrets: [key]}}
secrets: {key: {file: ./absent.txt}}
`);
    const { code, stderr } = await made.run('up', '--detach');
    expect(code).toBe(1);
    expect(stderr).toContain(`${made.directory}/absent.txt`);
    expect(stderr).toContain('compose.yaml:3:');
    expect(await made.containers()).toEqual([]);
  });

  test('that is renewed in its file is read anew by the next start', async () => {
    const made = await stack(
      `
services: {job: {image: busybox, command: cat /run/secrets/key, secrets: [{source: key, mode: 0o400}]}}
secrets: {key: {file: ./key.txt}}
`,
      { 'key.txt': 'old\n' },
    );
    await made.ok('up');
    await made.write('key.txt', 'new\n');
    await made.ok('restart');
    await made.ok('wait', 'job');
    expect((await said(made)).job).toEqual(['old', 'new']);
  });

  test('that is renewed in its file has its containers replaced by the next up, and no others', async () => {
    const made = await stack(
      `
x-box: &box {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
services:
  reads: {<<: *box, secrets: [key]}
  configured: {<<: *box, configs: [{source: motd, target: /motd}]}
  other: {<<: *box}
secrets: {key: {file: ./key.txt}}
configs: {motd: {file: ./motd.txt}}
`,
      { 'key.txt': 'old\n', 'motd.txt': 'hello\n' },
    );
    await made.ok('up', '-d');
    await made.write('key.txt', 'new\n');
    expect(await made.ok('plan')).toContain(
      `recreate container ${made.project}-reads-1  content of secrets changed`,
    );
    const { stderr } = await made.run('up', '-d');
    expect(stderr.match(/Container \S+ {2}Recreated/g)).toEqual([
      `Container ${made.project}-reads-1  Recreated`,
    ]);
    await made.write('motd.txt', 'goodbye\n');
    expect(await made.ok('plan')).toContain('configured-1  content of configs changed');
    await made.ok('up', '-d');
    expect(await made.ok('plan')).toBe('Nothing to do: everything is as the file says.\n');
    expect(await made.ok('exec', '-T', 'configured', 'cat', '/motd')).toBe('goodbye\n');
  });
});
