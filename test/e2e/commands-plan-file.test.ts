/** `plan -o` and `up --plan`, on real containers: what was shown is done, or nothing. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edit, invoke, live, states } from './commands.ts';
import { type Stack, stack } from './stack.ts';

const shop = `
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    environment: {PASSWORD: "\${PASSWORD:-hunter2}"}
    secrets: [key, token]
    depends_on: [db]
  db: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
secrets:
  key: {file: ./key.txt}
  token: {environment: TOKEN}
`;

const files = { 'key.txt': 'secret of the file\n', '.env': 'TOKEN=secret of the environment\n' };

async function idsOf(todo: Stack): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await todo.containers()).map(({ Service, ID }) => [Service, ID]));
}

/** Runs, must be refused, and changes nothing. Answers what it printed, without the project's name. */
async function refused(todo: Stack, ...words: string[]): Promise<string> {
  const look = async () => (await todo.containers()).map(({ ID, State }) => ({ ID, State }));
  const before = await look();
  const { code, stdout, stderr } = await todo.run(...words);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(await look()).toEqual(before);
  return stderr.replaceAll(todo.project, 'shop');
}

const headline = `tscompose: the saved plan no longer fits, so nothing was changed
hint: make a new plan with \`tscompose plan -o FILE\`, and look at it
`;

test('a plan that is kept is carried out later, from wherever, and then has nothing left to do', async () => {
  const todo = await stack(shop, files);
  const shown = await todo.ok('plan', '-o', 'plan.json', '--scale', 'web=2');
  expect(await todo.containers()).toEqual([]);
  const path = join(todo.directory, 'plan.json');
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  const kept = await readFile(path, 'utf8');
  expect(kept).not.toMatch(/hunter2|secret of/);
  expect(JSON.parse(kept).steps).toHaveLength(shown.trim().split('\n').length - 1);

  const elsewhere = { ...todo, directory: '/' };
  const { code, stderr } = await invoke(elsewhere, ['up', '-d', '--plan', path], { named: false });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await states(todo)).toEqual({ 'web-1': 'running', 'web-2': 'running', 'db-1': 'running' });
  expect(await refused(todo, 'up', '-d', '--plan', 'plan.json')).toMatch(/container shop-db-1 is new\n/);
});

test('a plan that is kept runs in the foreground, too', async () => {
  const todo = await stack('services: {job: {image: busybox, command: echo done}}');
  await todo.ok('plan', '-o', 'plan.json');
  const up = live(todo, ['up', '--plan', 'plan.json']);
  expect(await up.ended).toMatchObject({
    code: 0,
    stdout: 'Attaching to job-1\njob-1  | done\njob-1 exited with code 0\n',
  });
});

describe('a plan that is kept is refused', () => {
  async function planned(): Promise<Stack> {
    const todo = await stack(shop, files);
    await todo.ok('up', '-d');
    await edit(todo, 'hunter2', 'hunter3');
    expect(await todo.ok('plan', '-o', 'plan.json')).toContain('environment');
    expect(await readFile(join(todo.directory, 'plan.json'), 'utf8')).not.toMatch(/hunter|secret of/);
    return todo;
  }
  const apply = ['up', '-d', '--plan', 'plan.json'];

  test('when a file has changed, with what and where', async () => {
    const todo = await planned();
    await edit(todo, 'depends_on: [db]', 'depends_on: [db]\n    tty: true');
    await edit(todo, 'hunter3', 'hunter4');
    expect(await refused(todo, ...apply)).toBe(`${headline}compose.yaml:7:5: services.web.environment changed
  7 |     environment: {PASSWORD: "\${PASSWORD:-hunter4}"}
    |     ^^^^^^^^^^^
compose.yaml:10:10: services.web.tty is new
  10 |     tty: true
     |          ^^^^
`);
    await edit(todo, '\n    tty: true', '');
    await edit(todo, 'hunter4', 'hunter3');
    const before = await idsOf(todo);
    await todo.ok(...apply);
    const after = await idsOf(todo);
    expect([after.db === before.db, after.web === before.web]).toEqual([true, false]);
  });

  test('when a variable, or what a secret says, has changed', async () => {
    const todo = await planned();
    const before = await idsOf(todo);
    const other = await invoke(todo, apply, { environment: { PASSWORD: 'other' } });
    expect(other.stderr).toContain('services.web.environment changed');
    await todo.write('.env', 'TOKEN=another\n');
    expect(await refused(todo, ...apply)).toContain('secrets.token changed');
    await todo.write('.env', files['.env']);
    await todo.write('key.txt', 'another\n');
    expect(await refused(todo, ...apply)).toContain('secrets.key changed');
    expect(await idsOf(todo)).toEqual(before);
  });

  test('when a container has gone, ended or come since', async () => {
    const todo = await planned();
    await todo.ok('stop', 'db');
    expect(await refused(todo, ...apply)).toBe(
      `${headline}tscompose: container shop-db-1 is exited (137), and was running\n`,
    );
    await todo.ok('rm', '-f', 'db');
    expect(await refused(todo, ...apply, '--dry-run')).toBe(
      `${headline}tscompose: container shop-db-1 is gone\n`,
    );
    await todo.ok('up', '-d', '--no-recreate', '--scale', 'db=2', 'db');
    expect(await refused(todo, ...apply)).toBe(
      `${headline}tscompose: container shop-db-1 is another one\ntscompose: container shop-db-2 is new\n`,
    );
  });

  test('when its own file was changed', async () => {
    const todo = await planned();
    const text = await readFile(join(todo.directory, 'plan.json'), 'utf8');
    await todo.write('plan.json', text.replace('"recreate": "diverged"', '"recreate": "never"'));
    expect(await refused(todo, ...apply)).toBe(
      'tscompose: plan.json was changed after it was written, or cut short\nhint: make one with `tscompose plan -o FILE`\n',
    );
  });
});
