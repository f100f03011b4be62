/** Gives a test its own state root, a busybox root file system, and a `Runtime` inside a mount namespace like the agent's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { directoriesFor } from '../../src/host/directories.ts';
import type { BundleRequest, Runtime } from '../../src/runtime/index.ts';
import type { SubpathRequest, VolumeManager } from '../../src/volume/index.ts';

export interface Question {
  readonly number: number;
  readonly target: 'runtime' | 'volumes';
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly number: number;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: { message: string; code: string; exitCode: number; hint: string };
}

/** An interface as it looks from outside: every answer comes later, and signals stay inside. */
export type Remote<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => AsyncIterable<infer L>
    ? (...args: WithoutSignal<A>) => Promise<L[]>
    : T[K] extends (...args: infer A) => infer R
      ? (...args: WithoutSignal<A>) => Promise<Awaited<R>>
      : () => Promise<T[K]>;
};
type WithoutSignal<A extends unknown[]> = A extends [...infer Rest, AbortSignal] ? Rest : A;

export interface Engine {
  readonly runtime: Remote<Runtime>;
  readonly volumes: Remote<VolumeManager>;
  bindSubpath(request: SubpathRequest): Promise<string>;
  /** SIGKILL, as a crash would have it. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export class RuntimeWorld {
  readonly root: string;
  readonly rootfs: string;
  private readonly worker: string;

  private constructor(root: string) {
    this.root = root;
    this.rootfs = join(root, 'rootfs');
    this.worker = join(root, 'worker.cjs');
  }

  static async make(): Promise<RuntimeWorld> {
    const world = new RuntimeWorld(await mkdtemp(join(tmpdir(), 'tscompose-runtime-')));
    await Promise.all([makeRootfs(world.rootfs), bundleWorker(world.worker)]);
    return world;
  }

  get directories() {
    return directoriesFor({ TSCOMPOSE_ROOT: this.root }, 0);
  }

  /** A process as the agent is one; several may come after one another, as agents do. */
  async engine(environment: Record<string, string> = {}): Promise<Engine> {
    const inside = 'umount /sys/fs/cgroup/unified 2>/dev/null; exec "$@"';
    const argv = [
      '--mount',
      '--propagation',
      'slave',
      'sh',
      '-c',
      environment.KEEP_UNIFIED ? 'exec "$@"' : inside,
    ];
    const child = spawn('unshare', [...argv, 'sh', process.execPath, this.worker], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { PATH: process.env.PATH, TSCOMPOSE_ROOT: this.root, ...environment },
    });
    return engineOf(child);
  }

  request(id: string, args: readonly string[], changes: Partial<BundleRequest> = {}): BundleRequest {
    return {
      id,
      name: id,
      rootfs: this.rootfs,
      args,
      env: [],
      cwd: '/',
      user: '',
      groupAdd: [],
      hostname: 'box',
      annotations: {},
      mounts: [],
      tty: false,
      stdinOpen: false,
      keepsLog: true,
      readOnly: false,
      privileged: false,
      init: false,
      capAdd: [],
      capDrop: [],
      securityOpt: [],
      ulimits: {},
      sysctls: {},
      devices: [],
      resources: {},
      namespaces: { network: 'new', pid: 'new', ipc: 'new', uts: 'new' },
      hosts: '127.0.0.1 localhost\n',
      resolvConf: 'nameserver 127.0.0.11\n',
      ...changes,
    };
  }

  /** What is left in the kernel under this world's tag. */
  async leftovers(): Promise<string[]> {
    const { tag } = this.directories;
    const groups = (await readdir('/sys/fs/cgroup')).map((one) => `/sys/fs/cgroup/${one}/tscompose-${tag}`);
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const commands = await Promise.all(
      pids.map(async (pid) =>
        (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
      ),
    );
    const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
    return [
      ...groups.filter((path) => existsSync(path)),
      ...commands.filter((command) => command.includes(this.root) && !command.includes('worker.cjs')),
      ...mounts.filter((line) => line.includes(this.root)),
    ];
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Calls become messages; answers come back by number. */
function engineOf(child: ChildProcess): Promise<Engine> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let number = 0;
  child.on('message', ({ number, ok, value, error }: Answer) => {
    const call = waiting.get(number);
    waiting.delete(number);
    if (ok) call?.resolve(value);
    else call?.reject(Object.assign(new Error(error?.message), error));
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void gone.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the engine process is gone'));
  });
  const remote = <T>(target: Question['target']): T =>
    new Proxy(
      {},
      {
        get:
          (_object, method: string) =>
          (...args: unknown[]) =>
            new Promise((resolve, reject) => {
              number += 1;
              waiting.set(number, { resolve, reject });
              child.send({ number, target, method, args } satisfies Question);
            }),
      },
    ) as T;
  const runtime = remote<Remote<Runtime>>('runtime');
  const engine: Engine = {
    runtime,
    volumes: remote('volumes'),
    bindSubpath: (request) => remote<Pick<Engine, 'bindSubpath'>>('runtime').bindSubpath(request),
    crash: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    close: async () => {
      child.disconnect();
      await gone;
    },
  };
  return runtime.open().then(() => engine);
}

const applets =
  `sh echo cat env id ls mount sleep true false touch pwd hostname kill dd yes head seq ps grep nproc tty stat
  unshare date mkdir nc test printf chmod`.split(/\s+/);

async function makeRootfs(rootfs: string): Promise<void> {
  for (const directory of ['bin', 'dev', 'etc', 'proc', 'root', 'sys', 'tmp'])
    await mkdir(join(rootfs, directory), { recursive: true });
  await copyFile('/usr/bin/busybox', join(rootfs, 'bin/busybox'));
  await Promise.all(applets.map((applet) => symlink('busybox', join(rootfs, 'bin', applet))));
  await writeFile(
    join(rootfs, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  );
  await writeFile(join(rootfs, 'etc/group'), 'root:x:0:\napp:x:1000:\naudio:x:29:app\nvideo:x:44:\n');
  const program = async (name: string, text: string, mode: number): Promise<void> =>
    writeFile(join(rootfs, 'bin', name), text, { mode });
  await program('no-shebang', 'echo hi\n', 0o755);
  await program('lost-interpreter', '#!/no/such/interpreter\n', 0o755);
  await program('not-executable', '#!/bin/sh\n', 0o644);
}

async function bundleWorker(outfile: string): Promise<void> {
  const origin = join(import.meta.dirname, 'runtime-worker.ts');
  await build({
    entryPoints: [origin],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    define: {
      'import.meta.dirname': JSON.stringify(import.meta.dirname),
      'import.meta.filename': JSON.stringify(origin),
    },
  });
}
