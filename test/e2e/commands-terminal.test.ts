/** What a person at a terminal sees: the terminal is a real one, made by `script`. */
import { describe, expect, test } from 'vitest';
import { invoke, live, onTerminal, states, until } from './commands.ts';
import { sharedStack, stack } from './stack.ts';

const service = `
services:
  web:
    image: busybox
    command: sh -c 'echo hello from web; exec sleep 1000'
    stop_signal: SIGKILL
`;

const csi = '\u001b[';

describe('exec on a terminal', () => {
  const shared = sharedStack(service, {}, ({ ok }) => ok('up', '-d'));

  test('gives the command a terminal of the same size, which follows ours', async () => {
    const shell = onTerminal(shared(), ['exec', 'web', 'sh']);
    await until(() => expect(shell.text()).toContain('/ # '));
    shell.type('tty; stty size; echo "TERM is $TERM"\n');
    await until(() => expect(shell.text()).toMatch(/^\/dev\/pts\/\d+\n30 100\nTERM is xterm$/m));
    await shell.resize(44, 90);
    await until(() => {
      shell.type('stty size\n');
      expect(shell.text()).toMatch(/^44 90$/m);
    });
    shell.type('exit 9\n');
    expect((await shell.ended).code).toBe(9);
  });

  test('gives Ctrl-C to the command', async () => {
    const shell = onTerminal(shared(), [
      'exec',
      'web',
      'sh',
      '-c',
      'trap "echo caught; exit 4" INT; echo ready; while true; do sleep 0.05; done',
    ]);
    await until(() => expect(shell.text()).toContain('ready'));
    shell.type('\u0003');
    expect((await shell.ended).code).toBe(4);
    expect(shell.text()).toContain('caught');
  });

  test('gives no terminal with -T', async () => {
    const plain = onTerminal(shared(), ['exec', '-T', 'web', 'sh', '-c', 'test -t 1 || echo no terminal']);
    expect((await plain.ended).code).toBe(0);
    expect(plain.text()).toContain('no terminal');
  });
});

describe('run on a terminal', () => {
  const shared = sharedStack(service, {}, async () => undefined);

  test('gives the container a terminal of the same size, and the shell back as it was', async () => {
    const shell = onTerminal(shared(), ['run', '--rm', 'web', 'sh']);
    await until(() => expect(shell.text()).toContain('/ # '));
    await until(() => {
      shell.type('stty size\n');
      expect(shell.text()).toMatch(/^30 100$/m);
    });
    await shell.resize(44, 90);
    await until(() => {
      shell.type('stty size\n');
      expect(shell.text()).toMatch(/^44 90$/m);
    });
    shell.type('exit 5\n');
    expect((await shell.ended).code).toBe(5);
    expect(await states(shared())).toEqual({});
  });

  test('leaves the container running at ctrl-p ctrl-q, or the keys that are asked for', async () => {
    const todo = await stack(`
services:
  shell: {image: busybox, command: sh, tty: true, stdin_open: true, stop_signal: SIGKILL}
`);
    await todo.ok('up', '-d');
    const detachedBy = async (keys: string, ...words: string[]): Promise<number> => {
      const attached = onTerminal(todo, ['attach', ...words, 'shell']);
      await until(() => {
        attached.type('echo $((40 + 2))\n');
        expect(attached.text()).toMatch(/^42$/m);
      });
      attached.type(keys);
      return (await attached.ended).code;
    };
    expect(await detachedBy('\u0010\u0011')).toBe(0);
    expect(await detachedBy('\u0018x', '--detach-keys', 'ctrl-x,x')).toBe(0);
    expect(await states(todo)).toEqual({ 'shell-1': 'running' });
  });
});

describe('up on a terminal', () => {
  test('draws one line an object, and leaves each with its last state', async () => {
    const todo = await stack(service);
    const up = onTerminal(todo, ['up', '-d']);
    expect((await up.ended).code).toBe(0);
    const lines = up.text().trimEnd().split('\n').slice(-2);
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^✔ Network ${todo.project}_default +Created +\\d+\\.\\ds$`)),
      expect.stringMatching(new RegExp(`^✔ Container ${todo.project}-web-1 +Started +\\d+\\.\\ds$`)),
    ]);
    const again = onTerminal(todo, ['up', '-d']);
    expect((await again.ended).code).toBe(0);
    expect(again.text().trimEnd().split('\n').at(-1)).toMatch(/^✔ Container .*-web-1 +Running +0\.0s$/);
  });

  test('shows creation first, then the output in colours, until Ctrl-C', async () => {
    const todo = await stack(service);
    const up = onTerminal(todo, ['up']);
    await until(() => expect(up.text()).toContain('web-1  | hello from web'));
    expect(up.stdout()).toContain(`${csi}36mweb-1  | ${csi}39mhello from web`);
    expect(up.text()).toMatch(/-web-1 +Created +\d+\.\ds\n(.*\n)*Attaching to web-1\n/);
    up.type('\u0003');
    expect((await up.ended).code).toBe(130);
    expect(up.text()).toContain('Gracefully Stopping... press Ctrl+C again to force');
    expect(await states(todo)).toEqual({ 'web-1': 'exited' });
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['--ansi never', ['--ansi', 'never'], {}],
    ['COMPOSE_ANSI=never', [], { COMPOSE_ANSI: 'never' }],
    ['--progress plain', ['--progress', 'plain'], { NO_COLOR: '1' }],
  ])('draws nothing with %s', async (_title, words, environment) => {
    const todo = await stack(service);
    const up = onTerminal(todo, [...words, 'up', '-d'], environment);
    expect((await up.ended).code).toBe(0);
    expect(up.stdout()).not.toContain(csi);
    expect(up.text()).toContain(` Container ${todo.project}-web-1  Started\n`);
  });
});

test('colours stay away where they are refused or nobody sees them, and come where they are asked for', async () => {
  const todo = await stack(service);
  await todo.ok('up', '-d');
  await until(async () => expect(await todo.ok('logs')).toContain('hello'));
  const coloured = `${csi}36mweb-1  | ${csi}39mhello from web\n`;
  const plain = 'web-1  | hello from web\n';
  const logs = async (...words: string[]): Promise<string> => (await invoke(todo, words)).stdout;
  expect(await logs('logs')).toBe(plain);
  expect(await logs('--ansi', 'always', 'logs')).toBe(coloured);
  expect(await logs('--ansi', 'always', 'logs', '--no-color')).toBe(plain);
  const refused = onTerminal(todo, ['logs'], { NO_COLOR: '1' });
  await refused.ended;
  expect(refused.stdout()).not.toContain(csi);
  const seen = onTerminal(todo, ['logs']);
  await seen.ended;
  expect(seen.stdout()).toContain(coloured.trimEnd());
});

test('a reader that has seen enough ends the command without a complaint', async () => {
  const todo = await stack('services: {many: {image: busybox, command: seq 1 200000}}');
  await todo.ok('up', '-d');
  const reading = live(todo, ['logs', '-f']);
  await reading.says('many-1  | 5\n');
  reading.closeOutput();
  const { code, stderr } = await reading.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
