/** `up` after the file has changed what containers use: networks and volumes with other settings or other names. */
import { describe, expect, test } from 'vitest';
import { edit, onTerminal } from './commands.ts';
import { type Stack, stack } from './stack.ts';

const shop = `
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    networks: [back]
    volumes: ["data:/data", /scratch]
  alone: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
networks:
  back: {labels: {round: first}}
volumes:
  data: {labels: {round: first}}
`;

async function idsOf(todo: Stack): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await todo.containers()).map(({ Service, ID }) => [Service, ID]));
}

/** Networks and volumes of the project, by their names without the project's. */
async function named(todo: Stack, noun: 'network' | 'volume'): Promise<readonly string[]> {
  const names = (await todo.ok(noun, 'ls', '--format', '{{.Name}}')).split('\n');
  return names.flatMap((name) => (name.startsWith(`${todo.project}_`) ? [name.split('_')[1]!] : []));
}

const inWeb = (todo: Stack, line: string) => todo.run('exec', '-T', 'web', 'sh', '-c', line);

test('a network whose settings changed is made again with the containers on it, and no others', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  await inWeb(todo, 'echo kept > /data/file; echo kept > /scratch/file');
  const before = await idsOf(todo);
  await edit(todo, 'back: {labels: {round: first}}', 'back: {internal: true}');
  await todo.ok('up', '-d');
  const after = await idsOf(todo);
  expect(after.alone).toBe(before.alone);
  expect(after.web).not.toBe(before.web);
  expect((await inWeb(todo, 'ip route | grep default; cat /data/file /scratch/file')).stdout).toBe(
    'kept\nkept\n',
  );
  expect(await todo.ok('plan')).toBe('Nothing to do: everything is as the file says.\n');
});

test('a network that was renamed takes its containers along and leaves nothing behind', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  await edit(todo, 'back: {labels: {round: first}}', `back: {name: ${todo.project}_spine}`);
  await todo.ok('up', '-d');
  expect(await named(todo, 'network')).toEqual(['default', 'spine']);
  expect(await todo.ok('plan')).toBe('Nothing to do: everything is as the file says.\n');
});

describe('a volume whose options changed', () => {
  async function drifted(): Promise<Stack> {
    const todo = await stack(shop);
    await todo.ok('up', '-d');
    await inWeb(todo, 'echo kept > /data/file; echo kept > /scratch/file');
    await edit(todo, 'data: {labels: {round: first}}', 'data: {labels: {round: second}}');
    return todo;
  }

  test('keeps its data where nobody can be asked, and the container runs on', async () => {
    const todo = await drifted();
    const before = await idsOf(todo);
    const { code, stderr } = await todo.run('up', '-d');
    expect(code).toBe(0);
    expect(stderr).toContain('was created with other options than the file now has; it is used as it is');
    expect(await idsOf(todo)).toEqual(before);
    expect((await inWeb(todo, 'cat /data/file')).stdout).toBe('kept\n');
  });

  test('is asked about on a terminal: no leaves it, yes makes it again and replaces what mounts it', async () => {
    const todo = await drifted();
    const before = await idsOf(todo);
    const question = `? Volume "${todo.project}_data" exists but doesn't match configuration in compose file. Recreate (data will be lost)? (y/N) `;
    for (const answer of ['n', 'y']) {
      const up = onTerminal(todo, ['up', '-d']);
      await up.says('data will be lost');
      up.type(`${answer}\n`);
      expect((await up.ended).code).toBe(0);
      expect(up.text()).toContain(question);
      if (answer === 'n') expect((await inWeb(todo, 'cat /data/file')).stdout).toBe('kept\n');
    }
    const after = await idsOf(todo);
    expect(after.alone).toBe(before.alone);
    expect(after.web).not.toBe(before.web);
    expect((await inWeb(todo, 'ls /data; cat /scratch/file')).stdout).toBe('kept\n');
    expect(await todo.ok('plan')).toBe('Nothing to do: everything is as the file says.\n');
  });

  test('is made again unasked with -y, unless its new options are none', async () => {
    const todo = await drifted();
    await edit(todo, 'data: {labels: {round: second}}', 'data: {driver_opts: {typo: x}}');
    const refused = await todo.run('up', '-d', '-y');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('invalid option "typo" for the local volume driver');
    expect((await inWeb(todo, 'cat /data/file')).stdout).toBe('kept\n');
    await edit(todo, 'data: {driver_opts: {typo: x}}', 'data: {labels: {round: third}}');
    await todo.ok('up', '-d', '-y');
    expect((await inWeb(todo, 'ls /data')).stdout).toBe('');
  });

  test('of another name is another volume, and the first stays with its data', async () => {
    const todo = await drifted();
    await edit(todo, 'data: {labels: {round: second}}', `data: {name: ${todo.project}_depot}`);
    await todo.ok('up', '-d');
    expect(await named(todo, 'volume')).toEqual(['data', 'depot']);
    expect((await inWeb(todo, 'ls /data')).stdout).toBe('');
  });
});

test('an interrupted question ends the command and changes nothing', async () => {
  const todo = await stack(shop);
  await todo.ok('up', '-d');
  const before = await idsOf(todo);
  await edit(todo, 'data: {labels: {round: first}}', 'data: {labels: {round: second}}');
  const up = onTerminal(todo, ['up', '-d', '--force-recreate']);
  await up.says('data will be lost');
  up.type('\u0003');
  expect((await up.ended).code).toBe(130);
  expect(await idsOf(todo)).toEqual(before);
});
