/** What the command line asks of the world. There is one real `Io`; tests give one that remembers. */
import type { AgentClient, AttachPoint } from '../agent/protocol.ts';
import type { PartsOptions } from '../compose/load/parts/index.ts';
import type { Reader } from '../compose/load/reader.ts';
import type { PlanFormat } from '../compose/plan/formats.ts';
import type { Plan } from '../compose/plan/plan.ts';
import type { Stdio, Terminal } from './terminal.ts';

export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** A program run with our own terminal, or let go in the background. */
export interface Program {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly detach: boolean;
  /** False: its standard input is empty. */
  readonly stdin: boolean;
  /** False: it must not see our terminal, nor be able to write into its input. */
  readonly tty: boolean;
}

/** The language, loaded only by commands that need a file: it costs a YAML parser. */
export type Compose = Pick<
  typeof import('../compose/index.ts'),
  'explain' | 'load' | 'loadPrinted' | 'printConfig' | 'printExplanations' | 'renderProblem'
>;

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: { readonly isTTY: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The files as the loader may read them. */
  readonly reader: Reader;
  compose(): Promise<Compose>;
  /** A thread that loads and prints parts of this file, when it is a big one; without a name, of the usual one. */
  secondThread?(file: string | undefined): Promise<PartsOptions['helper']>;
  /** A plan for people, one action a line, or in another format. */
  planText(plan: Plan, format?: PlanFormat): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 12 hexadecimal digits that were not used before. */
  randomSlug(): string;
  /** Starts the agent when there is none. */
  connect(): Promise<AgentClient>;
  /** Calls back at each Ctrl-C or SIGTERM, until the answer is called. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Runs the program to its end. Resolves with its exit code, 128 + signal when one ended it. */
  runProgram(program: Program): Promise<number>;
  /** Our own standard input and output, for a container's stdio. */
  terminal(): Promise<Terminal>;
  /** The container's end of it; `undefined` when nothing listens there. */
  attach(point: AttachPoint): Promise<Stdio | undefined>;
  /** One line typed by the person; `undefined` when there is no terminal to ask on. */
  ask(question: string): Promise<string | undefined>;
  /** The bytes of a file, or of standard input for `-`. */
  readBytes(path: string): NodeJS.ReadableStream;
  /** Writes a file, whole or not at all, or to standard output for `-`. */
  writeBytes(path: string, write: (to: NodeJS.WritableStream) => Promise<void>): Promise<void>;
  writeText(path: string, content: string): Promise<void>;
}
