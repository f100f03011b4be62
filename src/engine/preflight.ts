/** What only the machine can know, asked before anything is changed. All problems at once. */
import type { Action, ContainerSpec } from '../compose/plan/plan.ts';
import { ComposeError, type Problem } from '../errors.ts';
import { formatPlatform, isMadeFor, parsePlatform } from '../image/index.ts';
import type { PortRequest } from '../network/network.ts';
import type { Places } from './engine.ts';
import type { Parts } from './parts.ts';

export async function preflight(parts: Parts, actions: readonly Action[], places: Places): Promise<void> {
  const specs = containersToRun(parts, actions);
  const problems = [
    ...(await portProblems(parts, specs, actions, places)),
    ...(await bindProblems(parts, specs, places)),
    ...(await imageProblems(parts, actions, places)),
    ...(await platformProblems(parts, specs, actions, places)),
  ];
  if (problems.length > 0) throw new ComposeError(problems);
}

/** Containers that the plan creates or starts. */
function containersToRun(parts: Parts, actions: readonly Action[]): ContainerSpec[] {
  const created = actions.flatMap((action) => (action.kind === 'CreateContainer' ? [action.container] : []));
  const names = new Set(created.map(({ name }) => name));
  const started = actions.flatMap((action) => {
    if (action.kind !== 'StartContainer' || names.has(action.name)) return [];
    const entry = parts.containers.byName(action.name);
    return entry === undefined || entry.run !== undefined ? [] : [entry.record.spec];
  });
  return [...created, ...started];
}

async function portProblems(
  parts: Parts,
  specs: readonly ContainerSpec[],
  actions: readonly Action[],
  places: Places,
): Promise<Problem[]> {
  const leaving = actions.flatMap((action) => {
    if (action.kind === 'CreateContainer') return action.replaces === undefined ? [] : [action.replaces.id];
    if (action.kind !== 'StopContainer' && action.kind !== 'RemoveContainer') return [];
    return parts.containers.byName(action.name)?.record.id ?? [];
  });
  const wanted = specs.flatMap((spec) =>
    spec.ports.map((port, index) => ({ spec, index, port: request(spec, index, port, places) })),
  );
  const taken = await parts.networks.checkPorts(
    wanted.map(({ port }) => port),
    leaving,
  );
  const held = taken.map(
    ({ port, hostPort, holder }): Problem => ({
      code: 'PORT_IN_USE',
      message: `port ${address(port.hostIp)}${hostPort}/${port.protocol} is already in use by ${holder}`,
      ...(port.at === undefined ? {} : { at: port.at }),
      hint: 'stop what holds it, or publish another host port',
    }),
  );
  return [...held, ...clashes(wanted)];
}

interface Wanted {
  readonly spec: ContainerSpec;
  readonly port: PortRequest;
}

/** The same fixed host port twice in one plan, such as a published port of a service with two replicas. */
function clashes(wanted: readonly Wanted[]): Problem[] {
  const seen = new Map<string, Wanted>();
  return wanted.flatMap((want): Problem[] => {
    const { published, hostIp, protocol, at } = want.port;
    if (published === undefined || published.start !== published.end) return [];
    const key = `${hostIp ?? ''}:${published.start}/${protocol}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, want);
      return [];
    }
    return [
      {
        code: 'PORT_CLASH',
        message: `${want.spec.name} and ${first.spec.name} both want port ${address(hostIp)}${published.start}/${protocol}`,
        ...(at === undefined ? {} : { at }),
        hint: 'publish a range with a port for each replica ("8000-8010:80"), or no host port ("80")',
      },
    ];
  });
}

function address(hostIp: string | undefined): string {
  return hostIp === undefined ? '' : `${hostIp}:`;
}

function request(
  spec: ContainerSpec,
  index: number,
  port: ContainerSpec['ports'][number],
  places: Places,
): PortRequest {
  const at = place(places, spec.service, 'ports', index);
  const { target, published, hostIp, protocol } = port;
  return {
    target,
    protocol,
    ...(published === undefined ? {} : { published }),
    ...(hostIp === undefined ? {} : { hostIp }),
    ...(at === undefined ? {} : { at }),
  };
}

async function bindProblems(
  parts: Parts,
  specs: readonly ContainerSpec[],
  places: Places,
): Promise<Problem[]> {
  const problems = new Map<string, Problem>();
  for (const spec of specs) {
    for (const [index, mount] of spec.mounts.entries()) {
      if (
        mount.type !== 'bind' ||
        mount.createHostPath ||
        (await parts.host.files.stat(mount.source)) !== undefined
      )
        continue;
      const at = place(places, spec.service, 'volumes', index);
      problems.set(`${spec.service} ${index}`, {
        code: 'BIND_SOURCE_MISSING',
        message: `the bind source ${mount.source} of service "${spec.service}" does not exist`,
        ...(at === undefined ? {} : { at }),
        hint: 'create it, or let it be made with `bind: {create_host_path: true}`',
      });
    }
    for (const file of spec.files) {
      if (file.kind !== 'bind' || (await parts.host.files.stat(file.source)) !== undefined) continue;
      const at = place(places, spec.service, 'secrets') ?? place(places, spec.service, 'configs');
      problems.set(`${spec.service} ${file.source}`, {
        code: 'BIND_SOURCE_MISSING',
        message: `the file ${file.source}, mounted at ${file.target} of service "${spec.service}", does not exist`,
        ...(at === undefined ? {} : { at }),
      });
    }
  }
  return [...problems.values()];
}

async function imageProblems(parts: Parts, actions: readonly Action[], places: Places): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const action of actions) {
    if (action.kind !== 'EnsureImage' || (action.policy !== 'never' && action.policy !== 'build')) continue;
    if ((await parts.images.find(action.image)) !== undefined) continue;
    const at = places[`services.${action.service}.image`] ?? places[`services.${action.service}`];
    const pulls = action.policy === 'never';
    problems.push({
      code: 'IMAGE_NOT_FOUND',
      message: `the image ${action.image} of service "${action.service}" is not stored here${pulls ? ', and its pull policy is "never"' : ''}`,
      ...(at === undefined ? {} : { at }),
      hint: pulls
        ? 'pull it, or load it with `tscompose image load`'
        : 'load it with `tscompose image load` or `tscompose image import`: building is not part of this version',
    });
  }
  return problems;
}

/** A stored image for another platform; one that is about to be pulled is looked at afterwards. */
async function platformProblems(
  parts: Parts,
  specs: readonly ContainerSpec[],
  actions: readonly Action[],
  places: Places,
): Promise<Problem[]> {
  const pulled = new Set(actions.flatMap((action) => (action.kind === 'EnsureImage' ? [action.image] : [])));
  const problems = new Map<string, Problem>();
  for (const { service, image, platform } of specs) {
    if (platform === undefined || pulled.has(image)) continue;
    const config = (await parts.images.find(image))?.config;
    if (config === undefined || isMadeFor(config, parsePlatform(platform))) continue;
    const at = place(places, service, 'platform');
    problems.set(service, {
      code: 'IMAGE_PLATFORM',
      message: `the image ${image} of service "${service}" is made for ${formatPlatform(config)}, not for ${platform}`,
      ...(at === undefined ? {} : { at }),
      hint: `pull it for that platform (\`tscompose image pull --platform ${platform} ${image}\`), or leave the platform out`,
    });
  }
  return [...problems.values()];
}

/** The narrowest place known: the item, else the list, else the service. */
function place(places: Places, service: string, attribute: string, index?: number): Problem['at'] {
  const base = `services.${service}`;
  const item = index === undefined ? undefined : places[`${base}.${attribute}[${index}]`];
  return item ?? places[`${base}.${attribute}`] ?? places[base];
}
