/** What does not fit within one service. */

import { cleanPath } from '../implied.ts';
import { child, type Entry, itemsOf, type Node, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';
import { nearest, suggestion } from '../suggest.ts';
import type { ServicePlace } from './index.ts';

type Check = (place: ServicePlace, problems: Problems) => void;

export function checkService(place: ServicePlace, problems: Problems): void {
  for (const check of checks) check(place, problems);
}

const checks: readonly Check[] = [
  checkHasImage,
  checkBuild,
  checkNetworkMode,
  checkHealthTest,
  checkContainerName,
  checkMountTargets,
];

/** `extends` is there only where it could not be followed. */
const sources = ['image', 'build', 'provider', 'extends'];

/** An unknown key that is probably one of them: blamed already. */
function isMisspelt(key: string): boolean {
  return !sources.includes(key) && nearest(key, sources) !== undefined;
}

/** Mistakes of `extends`: what it would have brought is not known. */
const extending = ['COMPOSE_EXTENDS', 'COMPOSE_CYCLE', 'COMPOSE_NO_FILE'];

function checkHasImage({ name, service, at }: ServicePlace, problems: Problems): void {
  const written = sources.some((key) => {
    const value = child(service, key);
    return value !== undefined && stringOf(value) !== '';
  });
  if (written || problems.blames(service, (text, code) => isMisspelt(text) || extending.includes(code)))
    return;
  problems.add({
    code: 'COMPOSE_NO_IMAGE',
    message: `service "${name}" has neither an image nor a build context specified`,
    at,
    hint: 'add `image:` or `build:`',
  });
}

function checkBuild({ name, service }: ServicePlace, problems: Problems): void {
  const build = child(service, 'build');
  const inline = child(build, 'dockerfile_inline');
  const file = child(build, 'dockerfile');
  if (stringOf(inline) && stringOf(file)) {
    problems.add({
      code: 'COMPOSE_CONFLICT',
      message: `service "${name}" declares mutually exclusive dockerfile and dockerfile_inline`,
      at: keyOf(build, 'dockerfile_inline'),
      hint: 'keep one of the two',
    });
  }
  const platform = child(service, 'platform');
  const wanted = stringOf(platform);
  const platforms = itemsOf(child(build, 'platforms')).map(stringOf);
  if (platform === undefined || wanted === undefined || platforms.length === 0 || platforms.includes(wanted))
    return;
  problems.add({
    code: 'COMPOSE_CONFLICT',
    message: `service.build.platforms MUST include service.platform "${wanted}"`,
    at: platform,
    hint: `add ${wanted} to build.platforms`,
  });
}

function checkNetworkMode({ name, service }: ServicePlace, problems: Problems): void {
  const networks = child(service, 'networks');
  if (!stringOf(child(service, 'network_mode')) || networks?.kind !== 'map' || networks.entries.size === 0)
    return;
  problems.add({
    code: 'COMPOSE_CONFLICT',
    message: `service ${name} declares mutually exclusive \`network_mode\` and \`networks\``,
    at: keyOf(service, 'network_mode'),
    hint: 'keep `networks:` to join networks, `network_mode:` to use none or those of something else',
  });
}

const testWords = ['CMD', 'CMD-SHELL', 'NONE'];

function checkHealthTest({ name, service }: ServicePlace, problems: Problems): void {
  const first = itemsOf(child(child(service, 'healthcheck'), 'test'))[0];
  const word = stringOf(first);
  if (first === undefined || word === undefined || testWords.includes(word)) return;
  problems.add({
    code: 'COMPOSE_HEALTHCHECK',
    message: `services.${name}.healthcheck.test must begin with CMD, CMD-SHELL or NONE, not "${word}"`,
    at: first,
    hint: suggestion(word, testWords) ?? `write ["CMD", "${word}", …]`,
  });
}

function checkContainerName({ name, service }: ServicePlace, problems: Problems): void {
  const container = child(service, 'container_name');
  if (container === undefined) return;
  const scale = child(service, 'scale');
  const replicas = child(child(service, 'deploy'), 'replicas');
  const written = scale ?? replicas;
  if (written?.kind !== 'scalar' || Number(written.value) <= 1) return;
  problems.add({
    code: 'COMPOSE_CONFLICT',
    message: `services.${name}: can't set container_name and ${scale === undefined ? 'deploy.replicas' : 'scale'} as container name must be unique`,
    at: container,
    hint: 'take container_name out, or run one container',
  });
}

function checkMountTargets({ name, service }: ServicePlace, problems: Problems): void {
  const seen = new Map<string, string>();
  itemsOf(child(service, 'volumes')).forEach((mount, index) => {
    const target = child(mount, 'target');
    claimTarget(seen, target, stringOf(target), `services.${name}.volumes[${index}]`, problems);
  });
  const tmpfs = child(service, 'tmpfs');
  const items = tmpfs?.kind === 'scalar' ? [tmpfs] : itemsOf(tmpfs);
  items.forEach((item, index) => {
    claimTarget(seen, item, stringOf(item)?.split(':', 1)[0], `services.${name}.tmpfs[${index}]`, problems);
  });
}

/** `seen` maps a target to the path of what is mounted there. */
function claimTarget(
  seen: Map<string, string>,
  node: Node | undefined,
  target: string | undefined,
  path: string,
  problems: Problems,
): void {
  if (node === undefined || target === undefined || target === '') return;
  const clean = cleanPath(target);
  const first = seen.get(clean);
  if (first === undefined) seen.set(clean, path);
  else {
    problems.add({
      code: 'COMPOSE_CONFLICT',
      message: `${path}: target ${clean} already mounted as ${first}`,
      at: node,
      hint: 'give one of the two another target, or take it out',
    });
  }
}

function keyOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}
