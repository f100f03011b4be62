/** An engine whose machine is made of promises: files are real (in a temporary directory), everything else is played. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ContainerSpec } from '../../src/compose/plan/plan.ts';
import { ContainerTable } from '../../src/engine/containers.ts';
import type { Parts } from '../../src/engine/parts.ts';
import { systemFiles } from '../../src/host/files.ts';
import type { Host } from '../../src/host/host.ts';
import type { Digest, ImageRecord, ImageStore } from '../../src/image/images.ts';
import type { Lease, NetworkManager } from '../../src/network/network.ts';
import type { CreatedProcess, Exit, Runtime } from '../../src/runtime/container.ts';
import type { VolumeManager, VolumeRecord } from '../../src/volume/volumes.ts';
import { eventually } from '../patience.ts';

export interface FakeParts extends Parts {
  /** What was done to the machine, in order: `create db`, `attach db`, `start db`, `kill db SIGTERM`. */
  readonly calls: string[];
  /** Ends the running process of the container with that name. */
  end(name: string, exit?: Partial<Exit>): void;
  /** A table over the same directory, as an agent that starts anew reads it. */
  reopened(changes?: { readonly bootId?: string }): Promise<FakeParts>;
  /** What the signal of `kill` does; by default SIGTERM and SIGKILL end the process. */
  deafTo: Set<string>;
  /** Makes the next `create` of the container with that name fail. */
  readonly failures: Map<string, Error>;
}

export async function fakeParts(
  root = temporaryRoot(),
  machine: Machine = newMachine(),
  bootId = 'boot-1',
): Promise<FakeParts> {
  const calls: string[] = machine.calls;
  const dirs = { data: join(root, 'data'), run: join(root, 'run'), tag: 'abcdef' };
  const host = fakeHost(calls);
  await host.files.makeDirectory(join(dirs.run, 'containers'));
  const containers = new ContainerTable(host, dirs);
  await containers.open();
  const nameOf = (id: string): string => containers.get(id)?.record.spec.name ?? machine.names.get(id) ?? id;
  return {
    host,
    dirs,
    bootId,
    containers,
    images: fakeImages(),
    networks: fakeNetworks(calls),
    volumes: fakeVolumes(machine),
    runtime: fakeRuntime(machine, nameOf, (id) => systemFiles.remove(containers.bundle(id))),
    calls,
    deafTo: machine.deafTo,
    failures: machine.failures,
    end: (name, exit) => {
      const id = [...machine.names].find(([id, known]) => known === name && machine.processes.has(id))?.[0];
      if (id === undefined) throw new Error(`${name} does not run`);
      machine.finish(id, { code: 0, oomKilled: false, finishedAt: Date.now(), ...exit });
    },
    reopened: ({ bootId: next = bootId } = {}) => fakeParts(root, machine, next),
  };
}

function temporaryRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'tscompose-engine-'));
  // What goes on in the background may still be writing there.
  onTestFinished(() => eventually(() => rmSync(root, { recursive: true, force: true })));
  return root;
}

interface Machine {
  readonly calls: string[];
  readonly names: Map<string, string>;
  readonly processes: Map<
    string,
    { readonly process: CreatedProcess; readonly exit: Promise<Exit>; readonly resolve: (exit: Exit) => void }
  >;
  readonly exits: Map<string, Exit>;
  readonly begun: Set<string>;
  readonly volumes: Map<string, VolumeRecord>;
  readonly deafTo: Set<string>;
  readonly failures: Map<string, Error>;
  finish(id: string, exit: Exit): void;
}

export function newMachine(): Machine {
  const machine: Machine = {
    calls: [],
    names: new Map(),
    processes: new Map(),
    exits: new Map(),
    begun: new Set(),
    volumes: new Map(),
    deafTo: new Set(),
    failures: new Map(),
    finish: (id, exit) => {
      machine.exits.set(id, exit);
      machine.processes.get(id)?.resolve(exit);
      machine.processes.delete(id);
    },
  };
  return machine;
}

function fakeHost(calls: string[]): Host {
  return {
    run: () => Promise.reject(new Error('no programs here')),
    runQuickly: () => Promise.reject(new Error('no programs here')),
    spawn: () => {
      throw new Error('no programs here');
    },
    files: systemFiles,
    mounts: {
      mount: ({ type }) => void calls.push(`mount ${type}`),
      unmount: async () => undefined,
    },
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      // Back-off is about order here, not about time.
      sleep: (_ms, signal) =>
        new Promise((resolve) => (signal?.aborted ? resolve() : setTimeout(resolve, 2))),
    },
  };
}

export const imageId = `sha256:${'1'.repeat(64)}` as Digest;

export function fakeImage(config: Partial<ImageRecord['config']> = {}): ImageRecord {
  return {
    id: imageId,
    references: ['app:latest'],
    repoDigests: [],
    layerSizes: [],
    manifest: imageId,
    createdAt: 0,
    sizeBytes: 1,
    config: {
      architecture: 'amd64',
      os: 'linux',
      user: '',
      env: ['PATH=/bin', 'FROM_IMAGE=1'],
      entrypoint: [],
      cmd: ['run'],
      workingDir: '',
      volumes: [],
      exposedPorts: [],
      labels: {},
      diffIds: [],
      history: [],
      ...config,
    },
  };
}

function fakeImages(image = fakeImage()): ImageStore {
  const unused = (): never => {
    throw new Error('not part of this machine');
  };
  return {
    open: async () => undefined,
    find: async (reference) => (reference === 'missing' ? undefined : image),
    list: async () => [image],
    pull: unused,
    resolve: unused,
    load: unused,
    import: unused,
    save: unused,
    tag: unused,
    remove: unused,
    lowerDirectories: async () => ['/lower'],
  };
}

function fakeNetworks(calls: string[]): NetworkManager {
  let next = 2;
  return {
    open: async () => undefined,
    create: async ({ name }) => ({
      id: name,
      name,
      driver: 'bridge',
      driverOptions: {},
      internal: false,
      labels: {},
      createdAt: 0,
      bridge: 'tsb0',
      ipv4: { subnet: '10.0.0.0/24', gateway: '10.0.0.1', reserved: [] },
    }),
    refusals: async () => [],
    remove: async (name) => void calls.push(`remove network ${name}`),
    list: async () => [],
    lease: async ({ networks }) =>
      networks.map(
        ({ network, names }, index): Lease => ({
          networkId: network,
          networkName: network,
          ipv4: `10.0.0.${next++}`,
          mac: '02:42:0a:00:00:02',
          interfaceName: `eth${index}`,
          names,
          defaultRoute: index === 0,
        }),
      ),
    restoreLeases: () => undefined,
    release: () => undefined,
    reservePorts: async (_id, _name, ports) =>
      ports.map(({ target, protocol }) => ({ target, protocol, hostPort: 8080, hostIp: '0.0.0.0' })),
    restorePorts: async () => undefined,
    releasePorts: async () => undefined,
    checkPorts: async () => [],
    attach: async ({ containerName }) => void calls.push(`attach ${containerName}`),
    detach: async () => undefined,
    close: async () => void calls.push('close network'),
  };
}

function fakeVolumes(machine: Machine): VolumeManager {
  return {
    open: async () => undefined,
    refusal: () => undefined,
    create: async ({ anonymous = false, ...rest }) => {
      const record = { ...rest, anonymous, createdAt: 0 };
      machine.volumes.set(rest.name, record);
      return record;
    },
    remove: async (name) => void machine.volumes.delete(name),
    get: async (name) => machine.volumes.get(name),
    list: async () => [...machine.volumes.values()],
    path: async (name) => `/volumes/${name}/_data`,
    copyUp: async (name, _rootfs, target) => void machine.calls.push(`fill ${name} from ${target}`),
  };
}

function fakeRuntime(
  machine: Machine,
  nameOf: (id: string) => string,
  removeBundle: (id: string) => Promise<void>,
): Runtime {
  const { calls } = machine;
  let pid = 100;
  const unused = (): never => {
    throw new Error('not part of this machine');
  };
  return {
    name: 'crun',
    cgroupVersion: 1,
    open: async () => undefined,
    refusals: async () => [],
    create: async ({ id, name }) => {
      const failure = machine.failures.get(name);
      machine.failures.delete(name);
      if (failure !== undefined) throw failure;
      machine.names.set(id, name);
      machine.exits.delete(id);
      machine.begun.delete(id);
      let resolve: (exit: Exit) => void = () => undefined;
      const exit = new Promise<Exit>((settle) => {
        resolve = settle;
      });
      const process = { pid: pid++, pidStartTime: '1', conmonPid: pid++, conmonStartTime: '1' };
      machine.processes.set(id, { process, exit, resolve });
      calls.push(`create ${name}`);
      return process;
    },
    start: async (id) => {
      machine.begun.add(id);
      calls.push(`start ${nameOf(id)}`);
    },
    hasBegun: async (id) => machine.begun.has(id),
    kill: async (id, signal) => {
      calls.push(`kill ${nameOf(id)} ${signal}`);
      if (!machine.deafTo.has(signal))
        machine.finish(id, {
          code: signal === 'SIGKILL' ? 137 : 143,
          oomKilled: false,
          finishedAt: Date.now(),
        });
    },
    killAll: async (id) => {
      calls.push(`kill-all ${nameOf(id)}`);
      machine.finish(id, { code: 137, oomKilled: false, finishedAt: Date.now() });
    },
    pause: async (id) => void calls.push(`pause ${nameOf(id)}`),
    resume: async (id) => void calls.push(`resume ${nameOf(id)}`),
    delete: async (id) => {
      machine.processes.delete(id);
      machine.begun.delete(id);
      await removeBundle(id);
    },
    isAlive: async ({ pid: wanted }) =>
      [...machine.processes.values()].some(({ process }) => process.pid === wanted),
    exit: async (id, _process, signal) => {
      const known = machine.exits.get(id);
      const running = machine.processes.get(id);
      if (running === undefined)
        return known ?? { code: 255, oomKilled: false, finishedAt: 0, uncertain: true };
      return Promise.race([
        running.exit,
        new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('left'))),
        ),
      ]);
    },
    exec: unused,
    execArgv: unused,
    attachPaths: unused,
    logs: unused,
    top: unused,
    rotateLog: unused,
    list: async () => [...machine.processes.keys()],
  };
}

/** A container of nothing but defaults. */
export function specOf(name: string, changes: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name,
    project: 'p',
    service: name,
    number: 1,
    oneOff: false,
    image: 'app',
    environment: {},
    groupAdd: [],
    labels: { 'com.docker.compose.project': 'p', 'com.docker.compose.config-hash': 'h1' },
    annotations: {},
    ports: [],
    expose: [],
    mounts: [],
    networks: [{ network: 'p_default', aliases: [name], gatewayPriority: 0 }],
    networkMode: { kind: 'networks' },
    restart: { kind: 'no' },
    init: false,
    tty: false,
    stdinOpen: false,
    readOnly: false,
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    ulimits: {},
    sysctls: {},
    extraHosts: [],
    dns: [],
    dnsSearch: [],
    dnsOptions: [],
    devices: [],
    resources: {},
    files: [],
    autoRemove: false,
    ...changes,
  };
}
