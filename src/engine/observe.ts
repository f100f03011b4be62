/** What planning needs to know of the machine, read from the engine's tables. */
import { createHash } from 'node:crypto';
import type {
  Observed,
  ObservedContainer,
  ObservedState,
  ObserveQuestion,
} from '../compose/plan/observed.ts';
import type { Host } from '../host/host.ts';
import type { Entry } from './containers.ts';
import type { Parts } from './parts.ts';

const projectLabel = 'com.docker.compose.project';

export async function observe(parts: Parts, question: ObserveQuestion): Promise<Observed> {
  const [networks, volumes, fileDigests, images] = await Promise.all([
    parts.networks.list(),
    parts.volumes.list(),
    digestsOf(parts.host, question.files),
    Promise.all(
      question.images.map(async (reference) => [reference, await parts.images.find(reference)] as const),
    ),
  ]);
  const entries = parts.containers.all();
  const now = parts.host.clock.now();
  const ours = (labels: Readonly<Record<string, string>>): boolean =>
    labels[projectLabel] === question.project;
  return {
    containers: entries
      .filter(({ record }) => record.spec.project === question.project)
      .map((entry) => observed(entries, entry)),
    networks: networks
      .filter(({ name, labels }) => ours(labels) || question.networks.includes(name))
      .map(({ id, name, labels }) => ({ name, labels, containers: attachedTo(entries, id) })),
    volumes: volumes
      .filter(
        ({ name, labels, anonymous }) => !anonymous && (ours(labels) || question.volumes.includes(name)),
      )
      .map(({ name, labels }) => ({ name, labels, containers: mounting(entries, name) })),
    images: Object.fromEntries(
      images.flatMap(([reference, image]) => (image === undefined ? [] : [[reference, image.id]])),
    ),
    imageAgesMs: Object.fromEntries(
      images.flatMap(([reference, image]) =>
        image?.pulledAt === undefined ? [] : [[reference, now - image.pulledAt]],
      ),
    ),
    fileDigests,
    cgroupVersion: parts.runtime.cgroupVersion,
    foreignContainers: Object.fromEntries(
      question.containers.flatMap((name) => {
        const entry = parts.containers.byName(name) ?? parts.containers.get(name);
        return entry === undefined
          ? []
          : [[name, { id: entry.record.id, running: entry.run?.started === true }]];
      }),
    ),
  };
}

/** A directory has no digest, nor has what nobody wrote: a pipe would keep us waiting. */
async function digestsOf({ files }: Host, paths: readonly string[]): Promise<Observed['fileDigests']> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const isFile = (await files.stat(path))?.isFile() ?? false;
      const bytes = isFile ? await files.readBytes(path) : undefined;
      return bytes === undefined ? [] : [[path, createHash('sha256').update(bytes).digest('hex')]];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Names of the containers with an address on the network. */
export function attachedTo(entries: readonly Entry[], networkId: string): string[] {
  return entries
    .filter(({ record }) => record.leases.some((lease) => lease.networkId === networkId))
    .map(({ record }) => record.spec.name);
}

/** Names of the containers that mount the volume, whether they run or not. */
export function mounting(entries: readonly Entry[], volume: string): string[] {
  return entries
    .filter(({ record }) => record.mounts.some((mount) => mount.type === 'volume' && mount.volume === volume))
    .map(({ record }) => record.spec.name);
}

export function stateOf(entry: Entry): ObservedState {
  const { status } = entry.record;
  if (entry.record.restarting) return { status: 'restarting' };
  if (entry.run?.paused) return { status: 'paused' };
  switch (status.kind) {
    case 'created':
      return { status: 'created' };
    case 'running':
      return { status: 'running', health: entry.run?.health?.status ?? 'none' };
    case 'exited':
      return { status: 'exited', exitCode: status.code };
  }
}

function observed(entries: readonly Entry[], entry: Entry): ObservedContainer {
  const { id, spec, imageId, leases, mounts, createdAt } = entry.record;
  const joined = [spec.networkMode, spec.pid, spec.ipc].flatMap((mode) =>
    mode?.kind === 'container' ? [mode.container] : [],
  );
  return {
    id,
    name: spec.name,
    project: spec.project,
    service: spec.service,
    number: spec.number,
    oneOff: spec.oneOff,
    configHash: spec.labels['com.docker.compose.config-hash'] ?? '',
    image: spec.image,
    imageId,
    state: stateOf(entry),
    networks: leases.map(({ networkName }) => networkName),
    volumes: mounts.flatMap((mount) => (mount.type === 'volume' && !mount.anonymous ? [mount.volume] : [])),
    dependsOn: dependenciesIn(spec.labels),
    joins: joined.map((name) => entries.find(({ record }) => record.spec.name === name)?.record.id ?? name),
    labels: spec.labels,
    createdAt,
    ...(spec.asked === undefined ? {} : { asked: spec.asked }),
  };
}

/** `svc:condition:restart,…` as Docker Compose writes it. */
function dependenciesIn(labels: Readonly<Record<string, string>>): string[] {
  const text = labels['com.docker.compose.depends_on'] ?? '';
  return text.split(',').flatMap((item) => item.split(':')[0] || []);
}
