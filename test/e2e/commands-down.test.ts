/** `down`, with a file, without one, and for some services only. */
import { expect, test } from 'vitest';
import { invoke, states } from './commands.ts';
import { type Stack, stack } from './stack.ts';

const shop = `
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    depends_on: [db]
    networks: [front, back]
  db:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    networks: [back]
    volumes: ["data:/data", /scratch]
networks: {front: {}, back: {}}
volumes: {data: {}}
`;

/** What of the project is still there: networks and volumes without the project's name. */
async function left({ ok, project }: Stack): Promise<readonly string[]> {
  const named = ['--format', '{{.Name}}'];
  const all = (await ok('network', 'ls', ...named)) + (await ok('volume', 'ls', ...named));
  return all
    .split('\n')
    .flatMap((name) => (name.startsWith(`${project}_`) ? [name.slice(project.length + 1)] : []))
    .toSorted();
}

test('takes containers and networks away in order, and volumes only with -v', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  const { code, stdout, stderr } = await todo.run('down');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const lines = stderr.replaceAll(`${todo.project}-`, '').split('\n');
  expect(lines.indexOf(' Container web-1  Stopped')).toBeLessThan(lines.indexOf(' Container db-1  Stopping'));
  expect(await left(todo)).toEqual(['data']);
  await todo.ok('up', '-d');
  await todo.ok('down', '-v');
  expect(await left(todo)).toEqual([]);
});

test('says that there is nothing when there is nothing, and that is no failure', async () => {
  const todo = await stack(shop);
  const { code, stdout, stderr } = await todo.run('down');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain(`No resource found to remove for project \\"${todo.project}\\".`);
});

test('works from the project’s name alone, with neither file nor folder', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  const elsewhere = { ...todo, directory: '/' };
  expect((await invoke(elsewhere, ['down', '-v'])).code).toBe(0);
  expect(await todo.containers()).toEqual([]);
  expect(await left(todo)).toEqual([]);
});

test('takes the named services alone, and the networks that nobody uses any longer', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  await todo.ok('down', 'web');
  expect(await states(todo)).toEqual({ 'db-1': 'running' });
  expect(await left(todo)).toEqual(['back', 'data']);
});

test('takes the networks of one-offs that have ended, which stay', async () => {
  const todo = await stack(shop);
  await todo.ok('run', '--no-deps', '--name', `${todo.project}-once`, 'db', 'true');
  await todo.ok('down');
  expect(await states(todo)).toEqual({ once: 'exited' });
  expect(await left(todo)).toEqual(['data']);
  await todo.ok('up', '-d');
  await todo.ok('down', '-v', '--remove-orphans');
  expect([await states(todo), await left(todo)]).toEqual([{}, []]);
});

test('leaves containers of services that are gone, and one-offs, unless it is to remove orphans', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  await todo.ok('run', '-d', '--name', `${todo.project}-once`, 'db', 'sleep', '1000');
  const [head = ''] = shop.split('  web:');
  await todo.write('compose.yaml', `${head}  db:${shop.split('  db:')[1]}`);
  const partly = await invoke(todo, ['-f', 'compose.yaml', 'down', '-t', '0']);
  expect(partly.stderr).toContain(`network ${todo.project}_front is still in use by ${todo.project}-web-1`);
  expect(await states(todo)).toEqual({ 'web-1': 'running', once: 'running' });
  await todo.ok('-f', 'compose.yaml', 'down', '--remove-orphans', '-t', '0');
  expect(await todo.containers()).toEqual([]);
});

test('gives containers as long to stop as -t says', async () => {
  const todo = await stack(
    shop.replaceAll('stop_signal: SIGKILL', 'stop_signal: SIGUSR1\n    stop_grace_period: 10m'),
  );
  await todo.ok('up', '-d');
  await todo.ok('down', '-t', '0');
  expect(await todo.containers()).toEqual([]);
});

test('removes the images without a name of their own with --rmi local, and all with --rmi all', async () => {
  const todo = await stack(`
services:
  built: {build: ., command: sleep 1000, stop_signal: SIGKILL}
  named: {image: "e2e-named:1", command: sleep 1000, stop_signal: SIGKILL}
`);
  const images = async (): Promise<string[]> => {
    const all = await todo.ok('image', 'ls', '--format', '{{.Repository}}');
    return all
      .split('\n')
      .filter((name) => ['e2e-named', `${todo.project}-built`].includes(name))
      .toSorted();
  };
  await todo.ok('image', 'tag', 'busybox', 'e2e-named:1');
  await todo.ok('image', 'tag', 'busybox', `${todo.project}-built`);
  await todo.ok('up', '-d');
  await todo.ok('down', '--rmi', 'local');
  expect(await images()).toEqual(['e2e-named']);
  await todo.ok('image', 'tag', 'busybox', `${todo.project}-built`);
  await todo.ok('up', '-d');
  await todo.ok('down', '--rmi', 'all');
  expect(await images()).toEqual([]);
  expect(await todo.ok('image', 'ls', '-q', 'busybox')).not.toBe('');
});

test('never touches what is external', async () => {
  const owner = await stack(shop);
  await owner.ok('up', '-d');
  const guest = await stack(`
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    networks: [theirs]
    volumes: ["theirs:/data"]
networks: {theirs: {external: true, name: ${owner.project}_front}}
volumes: {theirs: {external: true, name: ${owner.project}_data}}
`);
  await guest.ok('up', '-d');
  await guest.ok('down', '-v');
  expect(await left(owner)).toEqual(['back', 'data', 'front']);
  expect(await states(owner)).toEqual({ 'db-1': 'running', 'web-1': 'running' });
});
