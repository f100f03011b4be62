/** Real stacks for end-to-end tests: a folder with a compose file, and the command run in it as a person would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../bin/tscompose.cjs', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Stack {
  readonly directory: string;
  readonly project: string;
  /** Runs `tscompose` in the folder, to its end, whatever that is. */
  run(...words: string[]): Promise<Ended>;
  /** As `run`; fails the test when the command fails, with what it printed. Answers standard output. */
  ok(...words: string[]): Promise<string>;
  /** Starts `tscompose` in the folder and leaves it running, with its three streams piped. */
  start(...words: string[]): ChildProcess;
  /** Writes a file below the folder. */
  write(path: string, content: string): Promise<void>;
  /** `ps --all --format json`, a container an entry. */
  containers(): Promise<readonly Container[]>;
}

export interface Container {
  readonly ID: string;
  readonly Name: string;
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
  readonly ExitCode: number;
  readonly Status: string;
}

let stacks = 0;

/**
 * A project of its own name; taken down with its volumes when the test ends, however it ends.
 * @param compose the compose file's text
 */
export async function stack(compose: string, files: Files = {}): Promise<Stack> {
  const { made, remove } = await makeStack(compose, files);
  onTestFinished(remove);
  return made;
}

/**
 * One stack for all tests of the file or block: made by `prepare` before the first, taken down after the last.
 * @param prepare brings it up, most often
 */
export function sharedStack(
  compose: string,
  files: Files,
  prepare: (made: Stack) => Promise<unknown>,
): () => Stack {
  let shared: Awaited<ReturnType<typeof makeStack>>;
  beforeAll(async () => {
    shared = await makeStack(compose, files);
    await prepare(shared.made);
  });
  afterAll(() => shared.remove());
  return () => shared.made;
}

type Files = Readonly<Record<string, string>>;

async function makeStack(
  compose: string,
  files: Files,
): Promise<{ readonly made: Stack; readonly remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'tsc-stack-'));
  const project = `e2e${process.pid}x${++stacks}`;
  const words = ['--project-name', project];
  const start = (...more: string[]): ChildProcess =>
    spawn(process.execPath, [program, ...words, ...more], {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const run = (...more: string[]): Promise<Ended> => ended(start(...more));
  const made: Stack = {
    directory,
    project,
    start,
    run,
    ok: async (...more) => {
      const { code, stdout, stderr } = await run(...more);
      if (code !== 0) throw new Error(`tscompose ${more.join(' ')} ended with ${code}\n${stdout}${stderr}`);
      return stdout;
    },
    write: async (path, content) => {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    },
    containers: async () => {
      const lines = await made.ok('ps', '--all', '--format', 'json');
      return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Container]));
    },
  };
  await made.write('compose.yaml', compose);
  for (const [path, content] of Object.entries(files)) await made.write(path, content);
  const remove = async (): Promise<void> => {
    await run('down', '--volumes', '--remove-orphans', '--timeout', '0');
    await rm(directory, { recursive: true, force: true });
  };
  return { made, remove };
}

/** Collects what a process prints until it ends. */
export function ended(child: ChildProcess): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin?.end();
  return new Promise((resolve) =>
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? (signal === 'SIGKILL' ? 137 : 1),
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    ),
  );
}
