/** A machine or a user without what is needed: the first command says what, and leaves nothing. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { program } from './commands.ts';
import { type Ended, stack } from './stack.ts';

const run = promisify(execFile);

/** A folder with a compose file, and a state root of its own that does not exist yet. */
async function place(): Promise<{ directory: string; root: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'tsc-refused-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  await writeFile(join(directory, 'compose.yaml'), 'services: {web: {image: busybox}}\n');
  return { directory, root: join(directory, 'root') };
}

/** Runs `tscompose` behind other programs, with no more than these variables. */
async function behind(
  words: readonly string[],
  command: readonly string[],
  { directory, root }: { directory: string; root: string },
): Promise<Ended> {
  const environment = { PATH: process.env.PATH, TSCOMPOSE_ROOT: root, TSCOMPOSE_IDLE_MS: '200' };
  const [first = '', ...rest] = [...words, process.execPath, '--', program, ...command];
  const options = { cwd: directory, env: environment };
  return run(first, rest, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** In a mount namespace of its own, where these programs are empty. */
function without(...programs: readonly string[]): string[] {
  const hide = programs.map(
    (name) =>
      `for d in /usr/local/bin /usr/bin /usr/sbin /bin /sbin; do [ -e $d/${name} ] && mount --bind /dev/null $d/${name}; done`,
  );
  return ['unshare', '--mount', 'sh', '-c', `${hide.join('; ')}; exec "$@"`, 'sh'];
}

test('a user who is not root is told so', async () => {
  const here = await place();
  expect(await behind(asNobody, ['up', '-d'], here)).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'tscompose: containers can only be run by root on this machine\nhint: run the command with sudo\n',
  });
  expect(await readdir(here.directory)).toEqual(['compose.yaml']);
  expect(await behind(asNobody, ['config', '--services'], here)).toEqual({
    code: 0,
    stdout: 'web\n',
    stderr: '',
  });
});

test('an engine of another user is not spoken to', async () => {
  const todo = await stack('services: {web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}}\n');
  await todo.ok('up', '--detach');
  const root = process.env.TSCOMPOSE_ROOT ?? '';
  const { directory } = await place();
  await chmod(root, 0o755);
  const hint =
    'hint: run the command as that user (sudo for root), or set TSCOMPOSE_ROOT to a directory of yours\n';
  expect(await behind(asNobody, ['up', '-d'], { directory, root })).toEqual({
    code: 1,
    stdout: '',
    stderr: `tscompose: ${root}/run/agent.sock belongs to another user\n${hint}`,
  });
  expect(await behind(asNobody, ['ls'], { directory, root })).toEqual({
    code: 1,
    stdout: '',
    stderr: `tscompose: ${root}/run belongs to another user\n${hint}`,
  });
});

test.each([
  [['conmon'], 'conmon'],
  [['crun', 'runc'], 'crun'],
])('without %j the package to install is named', async (hidden, missing) => {
  const here = await place();
  expect(await behind(without(...hidden), ['up', '-d'], here)).toEqual({
    code: 1,
    stdout: '',
    stderr: `tscompose: the program "${missing}" is not on this machine\nhint: install the package "${missing}": apt-get install ${missing}\n`,
  });
});

test('of several programs that are missing all are named', async () => {
  const here = await place();
  expect(await behind(without('conmon', 'crun', 'runc', 'nft'), ['up', '-d'], here)).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'tscompose: the programs "crun", "conmon" and "nft" are not on this machine\n' +
      'hint: install the packages "crun", "conmon" and "nftables": apt-get install crun conmon nftables\n',
  });
});

test('without the right to make mount namespaces it is said which right that is', async () => {
  const here = await place();
  expect(
    await behind(['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'], ['up', '-d'], here),
  ).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'tscompose: cannot start the agent: unshare: unshare failed: Operation not permitted\n' +
      'hint: tscompose needs the right to make mount namespaces (CAP_SYS_ADMIN) and a writable run directory\n',
  });
});

test('without the default filter of system calls the package to install is named, unless none is wanted', async () => {
  const here = await place();
  const hide = 'mount --bind /dev/null /usr/share/containers/seccomp.json; exec "$@"';
  const { code, stderr } = await behind(['unshare', '--mount', 'sh', '-c', hide, 'sh'], ['up', '-d'], here);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(
      'apt-get install golang-github-containers-common, or write security_opt: [seccomp=unconfined]',
    ),
  });
  expect(await readdir(here.directory)).toEqual(['compose.yaml', 'root']);
});
