/** What the language takes and the engine could not start: refused before anything is changed. */
import { child, descend, isNull, itemsOf, type Node, stringOf } from '../node.ts';
import { parseRange } from '../ports.ts';
import type { Problems } from '../problems.ts';
import { suggestion } from '../suggest.ts';
import type { ServicePlace } from './index.ts';

export function checkRunnable(place: ServicePlace, problems: Problems): void {
  for (const check of checks) check(place, problems);
}

const checks: readonly ((place: ServicePlace, problems: Problems) => void)[] = [
  checkProvider,
  checkRestart,
  checkContainerNameForm,
  checkNamespaces,
  checkPorts,
  checkMountTypes,
];

function checkProvider({ name, service, at }: ServicePlace, problems: Problems): void {
  if (child(service, 'provider') === undefined) return;
  problems.add({
    code: 'COMPOSE_UNSUPPORTED',
    message: `services.${name}: services that a program provides are not supported`,
    at,
    hint: 'take `provider:` out, or give the service a profile that is off',
  });
}

/** `none` and `any` are words of `deploy`; both attributes take both kinds. */
const conditions = ['no', 'none', 'always', 'any', 'on-failure', 'unless-stopped'];

const restarts = [
  { path: 'restart', attempts: /:\d+$/, forms: 'no, always, on-failure[:N] or unless-stopped' },
  { path: 'deploy.restart_policy.condition', attempts: undefined, forms: 'none, on-failure or any' },
];

function checkRestart({ name, service }: ServicePlace, problems: Problems): void {
  for (const { path, attempts, forms } of restarts) {
    const node = descend(service, ...path.split('.'));
    const word = stringOf(node);
    if (node === undefined || !word || problems.blames(node)) continue;
    const condition =
      word.startsWith('on-failure') && attempts !== undefined ? word.replace(attempts, '') : word;
    if (conditions.includes(condition)) continue;
    problems.add({
      code: 'COMPOSE_VALUE',
      message: `services.${name}.${path}: invalid restart policy "${word}"`,
      at: node,
      hint: suggestion(word, conditions) ?? `write ${forms}`,
    });
  }
}

function checkContainerNameForm({ name, service }: ServicePlace, problems: Problems): void {
  const container = child(service, 'container_name');
  const text = stringOf(container);
  if (container === undefined || text === undefined || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(text)) return;
  if (problems.blames(container)) return;
  problems.add({
    code: 'COMPOSE_NAME',
    message: `services.${name}.container_name: "${text}" cannot be the name of a container`,
    at: container,
    hint: 'use letters, digits, dots, dashes and underscores, at least two',
  });
}

/** What each namespace may be; those that end with a colon are followed by a name. */
const modes: Readonly<Record<string, readonly string[]>> = {
  network_mode: ['none', 'host', 'bridge', 'default', 'service:', 'container:'],
  pid: ['host', 'service:', 'container:'],
  ipc: ['host', 'private', 'shareable', 'none', 'service:', 'container:'],
  uts: ['host'],
};

function checkNamespaces({ name, service }: ServicePlace, problems: Problems): void {
  for (const [key, known] of Object.entries(modes)) {
    const node = child(service, key);
    const mode = stringOf(node);
    if (node === undefined || mode === undefined || mode === '' || problems.blames(node)) continue;
    if (known.some((word) => (word.endsWith(':') ? mode.startsWith(word) : mode === word))) continue;
    problems.add({
      code: 'COMPOSE_VALUE',
      message: `services.${name}.${key}: "${mode}" is no mode`,
      at: node,
      hint: suggestion(mode, known) ?? `write one of ${known.join(', ')}`,
    });
  }
}

function checkPorts({ name, service }: ServicePlace, problems: Problems): void {
  for (const [index, port] of itemsOf(child(service, 'ports')).entries()) {
    const path = `services.${name}.ports[${index}]`;
    const refuse = (key: string, what: string, hint: string): void => {
      const node = child(port, key);
      // Null is what is left of a value that was refused; a port without a target has been told of.
      if (node?.kind !== 'scalar' || isNull(node) || problems.blames(node)) return;
      problems.add({
        code: 'COMPOSE_PORT',
        message: `${path}.${key}: "${node.value}" is no ${what}`,
        at: node,
        hint,
      });
    };
    const published = textOf(child(port, 'published'));
    if (parseRange(textOf(child(port, 'target')) ?? '') === undefined) {
      refuse('target', 'port', 'write the port in the container, 1 to 65535');
    }
    if (published !== undefined && published !== '' && parseRange(published) === undefined) {
      refuse('published', 'port', 'write a port or a range such as 8000-8003');
    }
    if (!['tcp', 'udp', 'sctp', undefined].includes(textOf(child(port, 'protocol')))) {
      refuse('protocol', 'protocol', 'write tcp, udp or sctp');
    }
  }
}

const mountTypes = ['bind', 'volume', 'tmpfs'];

function checkMountTypes({ name, service }: ServicePlace, problems: Problems): void {
  for (const [index, mount] of itemsOf(child(service, 'volumes')).entries()) {
    const type = child(mount, 'type');
    const text = stringOf(type);
    if (text === undefined || mountTypes.includes(text)) continue;
    problems.add({
      code: 'COMPOSE_UNSUPPORTED',
      message: `services.${name}.volumes[${index}]: mounts of type ${text} are not supported`,
      at: type,
      hint: `write one of ${mountTypes.join(', ')}`,
    });
  }
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}
