/**
 * A world for the command line that remembers: what was printed, what was asked of the agent.
 * Files are a map of strings, the agent a script of answers; the loader and the views are the real ones.
 */
import { Readable, Writable } from 'node:stream';
import type { AgentClient, ApplyLine, ApplyRequest, ContainerView } from '../../src/agent/protocol.ts';
import type { Io, Program } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import type { Stdio, Terminal } from '../../src/cli/terminal.ts';
import type { Action, ContainerSpec, NodeId, Plan } from '../../src/compose/plan/plan.ts';

/** 2024-05-01T10:00:00Z */
export const now = Date.UTC(2024, 4, 1, 10);

export interface World {
  readonly io: Io;
  readonly requests: ApplyRequest[];
  readonly programs: Program[];
  /** Calls on the client other than `apply`, as `name(arguments)`. */
  readonly calls: string[];
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** What came out so far. */
  out(): string;
  err(): string;
}

export interface WorldOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly client?: Partial<AgentClient>;
  readonly io?: Partial<Io>;
  readonly tty?: boolean;
  readonly answer?: string;
}

export function world(options: WorldOptions = {}): World {
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<(signal: 'SIGINT') => void>();
  const requests: ApplyRequest[] = [];
  const programs: Program[] = [];
  const calls: string[] = [];
  const files = options.files ?? {};
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: options.tty ?? false,
    columns: 80,
  });
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTTY: options.tty ?? false },
    environment: options.environment ?? {},
    cwd: '/shop',
    reader: {
      readText: async (path) => files[path],
      kind: async (path) => (files[path] === undefined ? 'none' : 'file'),
    },
    compose: () => import('../../src/compose/index.ts'),
    planText: async (plan, format = 'text') =>
      (await import('../../src/compose/plan/index.ts')).formatPlan(plan, format),
    now: () => now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 1))),
    randomSlug: () => '0123456789ab',
    connect: async () => client(options.client ?? {}, requests, calls),
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    runProgram: async (program) => {
      programs.push(program);
      return 7;
    },
    terminal: async () => quietTerminal(written),
    attach: async () => undefined,
    ask: async () => options.answer,
    readBytes: (path) => Readable.from([`bytes of ${path}`]),
    writeBytes: (_path, write) => write(new Writable({ write: (_chunk, _encoding, done) => done() })),
    writeText: async (path, content) => {
      calls.push(`writeText(${path})`);
      written.stdout += content;
    },
    ...options.io,
  };
  return {
    io,
    requests,
    programs,
    calls,
    interrupt: () => {
      for (const listener of [...listeners]) listener('SIGINT');
    },
    out: () => written.stdout,
    err: () => written.stderr,
  };
}

/** Runs a command line to its end and answers everything it left. */
export async function run(
  words: string | readonly string[],
  options: WorldOptions = {},
): Promise<{
  code: number;
  out: string;
  err: string;
  requests: ApplyRequest[];
  programs: Program[];
  calls: string[];
}> {
  const here = world(options);
  const code = await main(typeof words === 'string' ? words.split(' ').filter(Boolean) : words, here.io);
  return {
    code,
    out: here.out(),
    err: here.err(),
    requests: here.requests,
    programs: here.programs,
    calls: here.calls,
  };
}

function client(given: Partial<AgentClient>, requests: ApplyRequest[], calls: string[]): AgentClient {
  const refuse = (name: string) => () => Promise.reject(new Error(`the test did not expect ${name}`));
  const plain: AgentClient = {
    load: async () => undefined,
    apply: async ({ projectName }) => emptyPlan(projectName),
    containers: async () => [],
    images: async () => [],
    networks: async () => [],
    volumes: async () => [],
    logs: async () => undefined,
    settled: async () => undefined,
    exec: refuse('exec'),
    attach: refuse('attach'),
    start: async () => undefined,
    stop: refuse('stop'),
    kill: async () => undefined,
    removeContainer: refuse('removeContainer'),
    wait: refuse('wait'),
    top: refuse('top'),
    imagePull: refuse('imagePull'),
    imageResolve: refuse('imageResolve'),
    imageLoad: refuse('imageLoad'),
    imageImport: refuse('imageImport'),
    imageSave: refuse('imageSave'),
    imageInspect: refuse('imageInspect'),
    imageHistory: refuse('imageHistory'),
    imageTag: async () => undefined,
    imageRemove: refuse('imageRemove'),
    info: refuse('info'),
    close: () => undefined,
    ...given,
  };
  const remembered = Object.entries(plain).map(([name, call]) => [
    name,
    (...args: unknown[]) => {
      if (name === 'apply') requests.push(args[0] as ApplyRequest);
      else if (name !== 'close' && name !== 'load')
        calls.push(
          `${name}(${args
            .filter(isPlain)
            .map((arg) => JSON.stringify(arg))
            .join(', ')})`,
        );
      return (call as (...given: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(remembered) as AgentClient;
}

/** Callbacks, signals and streams say nothing in a comparison. */
function isPlain(arg: unknown): boolean {
  if (typeof arg !== 'object' || arg === null) return typeof arg !== 'function' && arg !== undefined;
  return [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(arg) as object);
}

/** An agent that carries out these actions, one after the other, without a hitch. */
export function applying(...actions: Action[]): AgentClient['apply'] {
  return async ({ projectName }, { onLine }) => {
    const plan = planOf(projectName, actions);
    for (const line of linesOf(plan)) onLine(line);
    return plan;
  };
}

export function planOf(project: string, actions: readonly Action[]): Plan {
  return {
    project,
    nodes: actions.map((action, at) => ({
      id: `n${at}` as NodeId,
      action,
      after: at === 0 ? [] : [`n${at - 1}` as NodeId],
      because: 'new',
    })),
    warnings: [],
  };
}

export function linesOf(plan: Plan): ApplyLine[] {
  return [
    { kind: 'plan', plan },
    ...plan.nodes.flatMap(({ id }): ApplyLine[] => [
      { kind: 'node', node: id, phase: 'started' },
      { kind: 'node', node: id, phase: 'done' },
    ]),
    { kind: 'outcome', ok: true },
  ];
}

export function emptyPlan(project: string): Plan {
  return { project, nodes: [], warnings: [] };
}

/** Only what the command line looks at: a container to be created. */
export function creating(name: string, rest: { replaces?: string; oneOff?: boolean } = {}): Action {
  const { replaces } = rest;
  const container: Partial<ContainerSpec> = { name, oneOff: rest.oneOff ?? false, files: [] };
  return {
    kind: 'CreateContainer',
    container: container as ContainerSpec,
    ...(replaces === undefined
      ? {}
      : { replaces: { id: 'old', name: replaces, keepAnonymousVolumes: true } }),
  };
}

export function container(over: Partial<ContainerView> = {}): ContainerView {
  const service = over.service ?? 'web';
  const number = over.number ?? 1;
  return {
    id: 'a1b2c3d4e5f6'.padEnd(64, '0'),
    name: `shop-${service}-${number}`,
    project: 'shop',
    service,
    number,
    oneOff: false,
    image: 'nginx:1.27',
    imageId: `sha256:${'f'.repeat(64)}`,
    command: ['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'],
    state: 'running',
    health: 'none',
    exitCode: 0,
    oomKilled: false,
    pid: 812,
    createdAt: now - 6 * 60_000,
    startedAt: now - 5 * 60_000,
    finishedAt: 0,
    restartCount: 0,
    tty: false,
    stdinOpen: false,
    labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': service },
    ports: [],
    networks: [{ name: 'shop_default', ipv4: '10.1.0.2', mac: '02:42:0a:01:00:02', gateway: '10.1.0.1' }],
    mounts: [],
    healthLog: [],
    ...over,
  };
}

export const shop = {
  '/shop/compose.yaml': `name: shop
services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
    depends_on: [db]
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data: {}
`,
};

function quietTerminal(written: { stdout: string; stderr: string }): Terminal {
  return {
    stdinIsTTY: false,
    rows: 24,
    columns: 80,
    onInput: () => () => undefined,
    onResize: () => () => undefined,
    setRaw: () => undefined,
    write: async (stream, bytes) => {
      written[stream] += bytes.toString();
    },
  };
}

/** A container's stdio that plays packets and remembers what it was sent. */
export function stdioOf(
  packets: readonly (readonly ['stdout' | 'stderr', string])[],
): Stdio & { readonly sent: string[]; readonly ended: Promise<void> } {
  const sent: string[] = [];
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    sent,
    ended,
    read: async (onPacket) => {
      for (const [stream, text] of packets) await onPacket(stream, Buffer.from(text));
    },
    write: async (bytes) => void sent.push(bytes.toString('latin1')),
    endInput: () => {
      sent.push('<end>');
      finish();
    },
    resize: (rows, columns) => void sent.push(`<${rows}x${columns}>`),
    close: () => void sent.push('<close>'),
  };
}
