/** A command that goes on while the test looks at it: its output so far, signals, and a terminal where it needs one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, vi } from 'vitest';
import type { Ended, Stack } from './stack.ts';

export const program = fileURLToPath(new URL('../../bin/tscompose.cjs', import.meta.url));

const patience = { timeout: 60_000, interval: 20 };

export interface Live {
  stdout(): string;
  stderr(): string;
  /** Resolves when it has printed the text on that stream. */
  says(text: string | RegExp, stream?: 'stdout' | 'stderr'): Promise<void>;
  type(text: string): void;
  signal(name: NodeJS.Signals): void;
  /** Reads no further, as `head` does. */
  closeOutput(): void;
  readonly ended: Promise<Ended>;
}

export interface InvokeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** False: without `--project-name`. */
  readonly named?: boolean;
}

/** Starts `tscompose` in the stack's folder and leaves it running. */
export function live(
  { project, directory }: Stack,
  words: readonly string[],
  options: InvokeOptions = {},
): Live {
  const { environment, named = true } = options;
  const name = named ? ['--project-name', project] : [];
  return watched(
    spawn(process.execPath, [program, ...name, ...words], {
      cwd: directory,
      env: { ...process.env, ...environment },
    }),
  );
}

/** Runs `tscompose` in the stack's folder to its end, with variables or input of its own. */
export function invoke(
  stack: Stack,
  words: readonly string[],
  options: InvokeOptions & { readonly input?: string | Buffer } = {},
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [program, ...((options.named ?? true) ? ['--project-name', stack.project] : []), ...words],
    { cwd: stack.directory, env: { ...process.env, ...options.environment } },
  );
  child.stdin.end(options.input ?? '');
  return watched(child).ended;
}

export interface OnTerminal extends Live {
  /** What the screen was sent, without control characters and carriage returns. */
  text(): string;
  resize(rows: number, columns: number): Promise<void>;
}

/**
 * Runs `tscompose` on a terminal of 30 rows and 100 columns. The terminal is made by `script`; its name is the first
 * line of what is printed, so that the test can change its size as a window manager does.
 */
export function onTerminal(
  { project, directory }: Stack,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): OnTerminal {
  const command = [process.execPath, program, '--project-name', project, ...words].map(quoted).join(' ');
  const child = spawn('script', ['-qfec', `tty; stty rows 30 cols 100; exec ${command}`, '/dev/null'], {
    cwd: directory,
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', ...environment },
  });
  const session = watched(child);
  return {
    ...session,
    text: () => stripVTControlCharacters(session.stdout()).replaceAll('\r', ''),
    resize: async (rows, columns) => {
      const [, name = ''] = /^(\/dev\/\S+)/m.exec(session.stdout()) ?? [];
      const stty = spawn('stty', ['-F', name, 'rows', `${rows}`, 'cols', `${columns}`]);
      expect((await watched(stty).ended).code).toBe(0);
    },
  };
}

/** A word as a shell reads it back unchanged. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function watched(child: ChildProcess): Live {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk;
    });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) =>
      resolve({ code: code ?? (signal === 'SIGKILL' ? 137 : 1), ...output }),
    ),
  );
  // A program that ends before it has read all its input is no failure of the test.
  child.stdin?.on('error', () => undefined);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    says: (text, stream = 'stdout') => vi.waitFor(() => expect(output[stream]).toMatch(text), patience),
    type: (text) => void child.stdin?.write(text),
    signal: (name) => void child.kill(name),
    closeOutput: () => void child.stdout?.destroy(),
    ended,
  };
}

/** Waits until the assertion holds. */
export function until<T>(assertion: () => Promise<T> | T): Promise<T> {
  return vi.waitFor(assertion, patience);
}

/** The stack's file with a text in it replaced. */
export async function edit({ directory }: Stack, from: string, to: string): Promise<void> {
  const path = join(directory, 'compose.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

/** Service → state, of all containers. */
export async function states(stack: Stack): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(
    (await stack.containers()).map(({ Name, State }) => [Name.slice(stack.project.length + 1), State]),
  );
}
