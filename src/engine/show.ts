/** From the engine's records to the views that people are shown. */

import type { ImageRecord } from '../image/images.ts';
import { commandOf } from './bundle-request.ts';
import type { Entry } from './containers.ts';
import { attachedTo, stateOf } from './observe.ts';
import type { Parts } from './parts.ts';
import type { ContainerFilter, ContainerView, ImageView, NetworkView, VolumeView } from './views.ts';

export async function showContainers(parts: Parts, filter: ContainerFilter): Promise<ContainerView[]> {
  const [networks, images] = await Promise.all([parts.networks.list(), parts.images.list()]);
  const gateways = new Map(networks.map(({ id, ipv4 }) => [id, ipv4.gateway]));
  const configs = new Map(images.map((image) => [image.id as string, image]));
  const chosen = parts.containers.all().filter((entry) => matches(entry, filter));
  const views = await Promise.all(chosen.map((entry) => showContainer(parts, entry, gateways, configs)));
  return views.sort(
    (a, b) => a.project.localeCompare(b.project) || a.service.localeCompare(b.service) || a.number - b.number,
  );
}

export function matches({ record, run }: Entry, filter: ContainerFilter): boolean {
  const { spec } = record;
  if (filter.project !== undefined && spec.project !== filter.project) return false;
  if (filter.services !== undefined && !filter.services.includes(spec.service)) return false;
  if (filter.oneOffs !== 'include' && spec.oneOff !== (filter.oneOffs === 'only')) return false;
  return filter.all || run !== undefined || record.restarting;
}

async function showContainer(
  parts: Parts,
  entry: Entry,
  gateways: ReadonlyMap<string, string>,
  images: ReadonlyMap<string, ImageRecord>,
): Promise<ContainerView> {
  const { record, run, removing } = entry;
  const { spec, status } = record;
  const image = images.get(record.imageId);
  return {
    id: record.id,
    name: spec.name,
    project: spec.project,
    service: spec.service,
    number: spec.number,
    oneOff: spec.oneOff,
    image: spec.image,
    imageId: record.imageId,
    command: image === undefined ? (spec.command ?? []) : commandOf(spec, image.config),
    state: removing ? 'removing' : stateOf(entry).status,
    health: run?.health?.status ?? 'none',
    exitCode: status.kind === 'exited' ? status.code : 0,
    oomKilled: status.kind === 'exited' && status.oomKilled,
    pid: run?.started ? run.process.pid : 0,
    createdAt: record.createdAt,
    startedAt: status.kind === 'created' ? 0 : status.startedAt,
    finishedAt: status.kind === 'exited' ? status.finishedAt : 0,
    restartCount: record.restartCount,
    tty: spec.tty,
    stdinOpen: spec.stdinOpen,
    labels: { ...image?.config.labels, ...spec.labels },
    ports: portsOf(entry, image),
    networks: record.leases.map((lease) => ({
      name: lease.networkName,
      ipv4: lease.ipv4,
      ...(lease.ipv6 === undefined ? {} : { ipv6: lease.ipv6 }),
      mac: lease.mac,
      gateway: gateways.get(lease.networkId) ?? '',
    })),
    mounts: await Promise.all(record.mounts.map((mount) => showMount(parts, mount))),
    healthLog: run?.health?.log ?? [],
    ...(record.error === undefined ? {} : { error: record.error }),
  };
}

/** Published ones first, then those that are only exposed by service or image. */
function portsOf({ record, run }: Entry, image: ImageRecord | undefined): ContainerView['ports'] {
  const published = (run?.ports ?? []).map(({ target, protocol, hostIp, hostPort }) => ({
    target,
    protocol,
    hostIp,
    hostPort,
  }));
  const taken = new Set(published.map(({ target, protocol }) => `${target}/${protocol}`));
  const wanted = [...record.spec.expose, ...(image?.config.exposedPorts ?? [])].flatMap(everyPort);
  const exposed = [...new Map(wanted.map((port) => [`${port.target}/${port.protocol}`, port]))].flatMap(
    ([key, port]) => (taken.has(key) ? [] : [{ ...port, hostIp: '', hostPort: 0 }]),
  );
  return [...published, ...exposed];
}

/** Of `8080`, `53/udp` or the range `4000-4002/tcp`. */
function everyPort(text: string): { readonly target: number; readonly protocol: string }[] {
  const [, first, last = first, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(text) ?? [];
  if (first === undefined) return [];
  const count = Math.max(0, Number(last) - Number(first) + 1);
  return Array.from({ length: count }, (_, index) => ({ target: Number(first) + index, protocol }));
}

async function showMount(
  parts: Parts,
  mount: Entry['record']['mounts'][number],
): Promise<ContainerView['mounts'][number]> {
  const { type, target, readOnly } = mount;
  switch (type) {
    case 'volume':
      return { type, name: mount.volume, source: await parts.volumes.path(mount.volume), target, readOnly };
    case 'bind':
      return { type, source: mount.source, target, readOnly };
    case 'tmpfs':
      return { type, source: '', target, readOnly };
  }
}

export function showImage(image: ImageRecord): ImageView {
  return {
    id: image.id,
    references: image.references,
    createdAt: image.createdAt,
    sizeBytes: image.sizeBytes,
    os: image.config.os,
    architecture: image.config.architecture,
    ...(image.config.variant === undefined ? {} : { variant: image.config.variant }),
  };
}

export async function showNetworks(parts: Parts): Promise<NetworkView[]> {
  const entries = parts.containers.all();
  return (await parts.networks.list()).map(({ id, name, driver, internal, labels, ipv4 }) => ({
    id,
    name,
    driver,
    internal,
    subnet: ipv4.subnet,
    gateway: ipv4.gateway,
    labels,
    containers: attachedTo(entries, id),
  }));
}

export async function showVolumes(parts: Parts): Promise<VolumeView[]> {
  const volumes = await parts.volumes.list();
  return Promise.all(
    volumes.map(async ({ name, driver, labels, createdAt, anonymous }) => ({
      name,
      driver,
      mountpoint: await parts.volumes.path(name),
      labels,
      createdAt,
      anonymous,
    })),
  );
}
