/** Bad input through the real command: what is said, how it ends, and what it changed on the machine. */
import { spawn } from 'node:child_process';
import { program } from './commands.ts';
import { machineOf } from './machine.ts';
import { type Ended, ended, type Stack } from './stack.ts';

/**
 * All that the command said and its exit code, as one text: paths of the stack begin with `./`, those of places in its
 * files included, which are told from the current directory; its project is called `demo`. The last line tells what is different on the machine than before; refusals leave it as it was.
 */
export async function answer(todo: Stack, ...words: readonly string[]): Promise<string> {
  const before = await everything(todo);
  const { code, stdout, stderr } = await spoken(todo, words);
  const after = await everything(todo);
  const news = [
    ...after.filter((line) => !before.includes(line)).map((line) => `new: ${line}`),
    ...before.filter((line) => !after.includes(line)).map((line) => `gone: ${line}`),
  ];
  const said = `${stdout}${stderr}`
    .replaceAll(`${todo.directory}/`, './')
    .replaceAll(/^(?=[\w.][\w./-]*:\d+:\d+: )(?!\.\/)/gm, './')
    .replaceAll(todo.project, 'demo');
  return `${said}exit ${code}, ${news.length === 0 ? 'nothing changed' : news.join(', ')}`;
}

/** Through the program's own first line, as a shell does it. */
export function spoken({ directory, project }: Stack, words: readonly string[]): Promise<Ended> {
  return ended(spawn(program, ['--project-name', project, ...words], { cwd: directory }));
}

/** Objects of the engine as its commands show them, and those of the kernel and on disk. */
async function everything({ ok }: Stack): Promise<readonly string[]> {
  const lists = [
    ['ls', '--all', '--quiet'],
    ['network', 'ls', '--quiet'],
    ['volume', 'ls', '--quiet'],
    ['image', 'ls', '--quiet'],
  ];
  const shown = await Promise.all(lists.map((words) => ok(...words)));
  const inventory = await machineOf().inventory();
  return [
    ...shown.flatMap((text, index) => text.split('\n').map((line) => `${lists[index]?.[0]} ${line}`)),
    ...Object.entries(inventory).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`)),
  ];
}
