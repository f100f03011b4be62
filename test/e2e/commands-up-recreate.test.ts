/** Which containers `up` replaces, keeps and removes, by their ids. */
import { expect, test } from 'vitest';
import { edit } from './commands.ts';
import { type Stack, stack } from './stack.ts';

const box = 'x-box: &box {image: busybox, command: sleep 1000, stop_signal: SIGKILL}';

/** Id of each container by its name without the project's. */
async function idsOf({ project, containers }: Stack): Promise<ReadonlyMap<string, string>> {
  return new Map((await containers()).map(({ Name, ID }) => [Name.slice(project.length + 1), ID]));
}

/** Runs, and tells what became of each container that was there or is now. */
async function became(todo: Stack, ...words: string[]): Promise<Readonly<Record<string, string>>> {
  const before = await idsOf(todo);
  await todo.ok(...words);
  const after = await idsOf(todo);
  const fate = (name: string): string => {
    if (!after.has(name)) return 'gone';
    if (!before.has(name)) return 'new';
    return before.get(name) === after.get(name) ? 'kept' : 'replaced';
  };
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return Object.fromEntries(names.map((name) => [name, fate(name)]));
}

test('a change replaces its service alone; force means the named services, and dependencies only on demand', async () => {
  const todo = await stack(`
${box}
services:
  web: {<<: *box, depends_on: [api]}
  api: {<<: *box, depends_on: [db]}
  db: {<<: *box}
`);
  await todo.ok('up', '-d');
  const all = { 'api-1': 'kept', 'db-1': 'kept', 'web-1': 'kept' };
  expect(await became(todo, 'up', '-d')).toEqual(all);
  expect(await became(todo, 'up', '-d', '--force-recreate', 'web')).toEqual({ ...all, 'web-1': 'replaced' });
  expect(await became(todo, 'up', '-d', '--force-recreate', '--always-recreate-deps', 'api')).toEqual({
    ...all,
    'api-1': 'replaced',
    'db-1': 'replaced',
  });
  await edit(todo, 'db: {<<: *box}', 'db: {<<: *box, environment: {ROUND: 2}}');
  expect(await became(todo, 'up', '-d', '--no-deps', 'web')).toEqual(all);
  expect(await became(todo, 'up', '-d', '--no-recreate')).toEqual(all);
  expect(await became(todo, 'up', '-d', 'web')).toEqual({ ...all, 'db-1': 'replaced' });
});

test('scaling down takes those that are out of date first, then the newest', async () => {
  const todo = await stack(`${box}\nservices:\n  web: {<<: *box, scale: 2}\n`);
  await todo.ok('up', '-d');
  await edit(todo, 'scale: 2', 'scale: 2, environment: {ROUND: 2}');
  expect(await became(todo, 'up', '-d', '--no-recreate', '--scale', 'web=4')).toEqual({
    'web-1': 'kept',
    'web-2': 'kept',
    'web-3': 'new',
    'web-4': 'new',
  });
  expect(await became(todo, 'up', '-d', '--scale', 'web=3')).toEqual({
    'web-1': 'replaced',
    'web-2': 'gone',
    'web-3': 'kept',
    'web-4': 'kept',
  });
  expect(await became(todo, 'up', '-d', '--scale', 'web=1')).toEqual({
    'web-1': 'kept',
    'web-3': 'gone',
    'web-4': 'gone',
  });
});

test('a renamed service is a new one beside an orphan, which gives its port up when it is removed', async () => {
  const todo = await stack(`${box}\nservices:\n  web: {<<: *box, ports: ["127.0.0.1:38917:80"]}\n`);
  await todo.ok('up', '-d');
  await edit(todo, '  web: {', '  site: {');
  const { code, stderr } = await todo.run('up', '-d');
  expect(code).toBe(1);
  expect(stderr).toContain(`port 127.0.0.1:38917/tcp is already in use by container ${todo.project}-web-1`);
  expect(await became(todo, 'up', '-d', '--remove-orphans')).toEqual({ 'site-1': 'new', 'web-1': 'gone' });
  expect(await todo.ok('plan')).toBe('Nothing to do: everything is as the file says.\n');
});
