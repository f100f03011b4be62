/** An engine of which a test fills in what it needs; whatever else is asked of it fails the test. */
import type { ServedEngine } from '../../src/agent/routes.ts';
import type { ContainerView } from '../../src/engine/views.ts';

export function fakeEngine(parts: Partial<ServedEngine> = {}): ServedEngine {
  const given: Partial<ServedEngine> = {
    runtimeName: 'crun',
    idle: () => false,
    close: async () => undefined,
    observe: async () => ({
      containers: [],
      networks: [],
      volumes: [],
      images: {},
      imageAgesMs: {},
      fileDigests: {},
      foreignContainers: {},
      cgroupVersion: 1,
    }),
    preflight: async () => undefined,
    containers: async () => [],
    changed: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    ...parts,
  };
  return new Proxy(given as ServedEngine, {
    get: (target, name) => {
      // A promise of an engine looks whether it is a promise itself.
      if (name in target || name === 'then') return target[name as keyof ServedEngine];
      throw new Error(`the test did not expect engine.${String(name)}`);
    },
  });
}

export function container(name: string, fields: Partial<ContainerView> = {}): ContainerView {
  return {
    id: Buffer.from(name).toString('hex').padEnd(64, '0'),
    name,
    project: 'shop',
    service: name,
    number: 1,
    oneOff: false,
    image: 'busybox',
    imageId: 'sha256:1',
    command: ['sh'],
    state: 'running',
    health: 'none',
    exitCode: 0,
    oomKilled: false,
    pid: 1,
    createdAt: 1,
    startedAt: 1,
    finishedAt: 0,
    restartCount: 0,
    tty: false,
    stdinOpen: false,
    labels: {},
    ports: [],
    networks: [],
    mounts: [],
    healthLog: [],
    ...fields,
  };
}
