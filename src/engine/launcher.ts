/**
 * From a record to a running process: root file system, mounts, generated files, OCI create, network, start.
 * And back: everything a run left on the machine is taken away again. Each step may be repeated.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TscomposeError } from '../errors.ts';
import { allOf } from '../host/turns.ts';
import type { BundleMount, BundleRequest } from '../runtime/container.ts';
import { initialHealth } from '../runtime/health.ts';
import { bindSubpath, prepareBind } from '../volume/index.ts';
import { createAnonymousVolumes } from './anonymous-volumes.ts';
import { bundleRequest } from './bundle-request.ts';
import type { Entry } from './containers.ts';
import type { Parts } from './parts.ts';
import { placeFiles } from './place-files.ts';
import { populateFrom } from './populate.ts';
import type { ContainerRecord, ResolvedMount, RunRecord } from './record.ts';
import { mountRootfs } from './rootfs.ts';

/**
 * Makes the container's process, in its namespaces and wired; it waits for `ignite`.
 * On failure nothing of it is left.
 */
export async function prepare(parts: Parts, entry: Entry): Promise<void> {
  try {
    await prepareOrThrow(parts, entry);
  } catch (error) {
    await land(parts, entry);
    throw error;
  }
}

async function prepareOrThrow(parts: Parts, entry: Entry): Promise<void> {
  const { containers, networks, runtime, host } = parts;
  const { record } = entry;
  const { id, spec } = record;
  // Whatever fails, nothing of it may be under way when what there is gets taken away.
  const [rootfs, ports] = await allOf([
    mountRootfs(parts, record),
    networks.reservePorts(id, spec.name, spec.ports),
    createAnonymousVolumes(parts, record),
  ]);
  await populateFrom(parts, entry, rootfs);
  const mounts = await allOf(
    record.mounts.map((mount, index) => prepareMount(parts, mount, { bundle: containers.bundle(id), index })),
  );
  const files = await placeFiles(parts, record);
  const process = await runtime.create(await describe(parts, record, rootfs, [...mounts, ...files]));
  const run = {
    bootId: parts.bootId,
    process,
    startedAt: host.clock.now(),
    started: false,
    paused: false,
    ports,
  };
  await containers.changeRun(entry, run);
  await wire(parts, record, run);
}

/** Lets a prepared process run the container's program. */
export async function ignite(
  parts: Parts,
  entry: Entry,
  { isChecked }: { readonly isChecked: boolean },
): Promise<RunRecord> {
  if (entry.run === undefined) throw new Error(`${entry.record.spec.name} has not been prepared`);
  await parts.runtime.start(entry.record.id);
  return noteStart(parts, entry, { ...entry.run, startedAt: parts.host.clock.now() }, { isChecked });
}

/** Told as one: who waits for its health takes a started run without any for one that is never checked. */
export async function noteStart(
  { containers }: Parts,
  entry: Entry,
  prepared: RunRecord,
  { isChecked }: { readonly isChecked: boolean },
): Promise<RunRecord> {
  const health = isChecked ? { health: initialHealth(prepared.startedAt) } : {};
  const run = { ...prepared, started: true, ...health };
  await containers.changeRun(entry, run);
  return run;
}

/** Takes away what a run left: names and ports, runtime state, mounts. The writable layer and the log stay. */
export async function land(parts: Parts, entry: Entry): Promise<void> {
  await parts.networks.detach(entry.record.id);
  await landDetached(parts, entry, () => false);
}

/**
 * As `land`, of a run that is off its networks already.
 * @param keepsPorts asked when all else is done: a command that came meanwhile may have called off the next run
 */
export async function landDetached(
  { containers, networks, runtime }: Parts,
  entry: Entry,
  keepsPorts: () => boolean,
): Promise<void> {
  const { id } = entry.record;
  await runtime.delete(id);
  // Before anybody is told: the next start takes them again.
  if (!keepsPorts()) await networks.releasePorts(id);
  await containers.changeRun(entry, undefined);
}

/** Gives a process its network, unless it shares another's. Carried out again it changes nothing. */
export async function wire({ networks }: Parts, record: ContainerRecord, run: RunRecord): Promise<void> {
  const { kind } = record.spec.networkMode;
  if (kind === 'host' || kind === 'container') return;
  await networks.attach({
    containerId: record.id,
    containerName: record.spec.name,
    pid: run.process.pid,
    leases: record.leases,
    ports: run.ports,
    upstreams: record.spec.dns,
  });
}

interface MountPlace {
  readonly bundle: string;
  readonly index: number;
}

async function prepareMount(parts: Parts, mount: ResolvedMount, place: MountPlace): Promise<BundleMount> {
  if (mount.type === 'tmpfs') return mount;
  if (mount.type === 'bind') {
    const { createHostPath, ...bind } = mount;
    return { ...bind, source: await prepareBind(parts.host, mount.source, createHostPath) };
  }
  const { volume, target, readOnly, subpath } = mount;
  const path = await parts.volumes.path(volume);
  const source = subpath === undefined ? path : await bindPart(parts, path, subpath, place);
  return { type: 'bind', source, target, readOnly };
}

async function bindPart(
  { host }: Parts,
  root: string,
  subpath: string,
  { bundle, index }: MountPlace,
): Promise<string> {
  await host.files.makeDirectory(join(bundle, 'mounts'));
  return bindSubpath(host, { root, subpath, mountPoint: join(bundle, 'mounts', String(index)) });
}

async function describe(
  parts: Parts,
  record: ContainerRecord,
  rootfs: string,
  mounts: readonly BundleMount[],
): Promise<BundleRequest> {
  const { files } = parts.host;
  const image = await parts.images.find(record.imageId);
  if (image === undefined) {
    throw new TscomposeError(
      'IMAGE_NOT_FOUND',
      `the image of ${record.spec.name} (${record.spec.image}) is no longer stored`,
      {
        hint: 'run `tscompose up` again: it fetches the image',
      },
    );
  }
  const joined = await joinedFiles(parts, record);
  return bundleRequest(record, {
    image: image.config,
    rootfs,
    mounts,
    namespaces: namespacesOf(parts, record),
    hostName: hostname(),
    hostResolvConf: (await files.readText('/etc/resolv.conf')) ?? '',
    hostHosts: (await files.readText('/etc/hosts')) ?? '',
    hostGateway: await gatewayOf(parts, record),
    ...(joined === undefined ? {} : { joined }),
  });
}

function namespacesOf(parts: Parts, record: ContainerRecord): BundleRequest['namespaces'] {
  const { networkMode, pid, ipc, uts } = record.spec;
  const of = (mode: ContainerRecord['spec']['pid']): 'new' | 'host' | { readonly pid: number } => {
    if (mode?.kind === 'host') return 'host';
    if (mode?.kind === 'container') return { pid: runningOf(parts, record, mode.container).process.pid };
    return 'new';
  };
  return {
    network: networkMode.kind === 'networks' ? 'new' : of(networkMode),
    pid: of(pid),
    ipc: ipc?.kind === 'shareable' ? 'shareable' : of(ipc),
    uts: uts ?? 'new',
  };
}

/** The process of the container whose namespace is joined. */
function runningOf(parts: Parts, record: ContainerRecord, name: string) {
  const target = parts.containers.byName(name) ?? parts.containers.get(name);
  if (target?.run?.started) return target.run;
  throw new TscomposeError(
    'NAMESPACE_NOT_RUNNING',
    `cannot start ${record.spec.name}: the container ${name} whose namespace it joins is not running`,
  );
}

async function joinedFiles(parts: Parts, record: ContainerRecord) {
  const { networkMode } = record.spec;
  if (networkMode.kind !== 'container') return undefined;
  const target =
    parts.containers.byName(networkMode.container) ?? parts.containers.get(networkMode.container);
  if (target === undefined) return undefined;
  const bundle = parts.containers.bundle(target.record.id);
  const [name, hosts, resolvConf] = await Promise.all(
    ['hostname', 'hosts', 'resolv.conf'].map((file) => parts.host.files.readText(join(bundle, file))),
  );
  return {
    hostname: (name ?? target.record.id.slice(0, 12)).trim(),
    hosts: hosts ?? '',
    resolvConf: resolvConf ?? '',
  };
}

/** The host as the container reaches it: the gateway of the network with the default route. */
async function gatewayOf(parts: Parts, record: ContainerRecord): Promise<string> {
  const lease = record.leases.find(({ defaultRoute }) => defaultRoute) ?? record.leases[0];
  if (lease === undefined) return '127.0.0.1';
  const network = (await parts.networks.list()).find(({ id }) => id === lease.networkId);
  return network?.ipv4.gateway ?? '127.0.0.1';
}
