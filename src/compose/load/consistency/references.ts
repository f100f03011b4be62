/** Names that a service uses and nobody defines. */
import { extensionsKey } from '../extensions.ts';
import { child, descend, entriesOf, itemsOf, type Node, stringOf } from '../node.ts';
import type { Span } from '../source.ts';
import { suggestion } from '../suggest.ts';
import type { ServicePlace, Whole } from './index.ts';

export function checkReferences({ name, service }: ServicePlace, whole: Whole): void {
  const use = (kind: Kind, key: string | undefined, at: Span | undefined): void => {
    if (key === undefined || at === undefined) return;
    if (key === extensionsKey) refuseExtension(whole, name, at);
    else checkUse(whole, name, kind, key, at);
  };
  for (const [network, entry] of entriesOf(child(service, 'networks'))) use('network', network, entry);
  for (const [model, entry] of entriesOf(child(service, 'models'))) use('model', model, entry);
  for (const mount of itemsOf(child(service, 'volumes'))) {
    const source = child(mount, 'source');
    if (stringOf(child(mount, 'type')) === 'volume' && stringOf(source) !== '') {
      use('volume', stringOf(source), source);
    }
  }
  useSources('secret', child(service, 'secrets'), use);
  useSources('config', child(service, 'configs'), use);
  useSources('build secret', child(child(service, 'build'), 'secrets'), use);
  checkContexts(name, descend(service, 'build', 'additional_contexts'), whole);
  checkDependencies(name, child(service, 'depends_on'), whole);
}

type Kind = 'network' | 'volume' | 'secret' | 'build secret' | 'config' | 'model';

const sections: Readonly<Record<Kind, string>> = {
  network: 'networks',
  volume: 'volumes',
  secret: 'secrets',
  'build secret': 'secrets',
  config: 'configs',
  model: 'models',
};

function useSources(
  kind: Kind,
  mounts: Node | undefined,
  use: (kind: Kind, key: string | undefined, at: Span | undefined) => void,
): void {
  for (const mount of itemsOf(mounts)) {
    const source = child(mount, 'source');
    use(kind, stringOf(source) ?? '', source ?? mount);
  }
}

function checkUse(whole: Whole, service: string, kind: Kind, key: string, at: Span): void {
  const section = sections[kind];
  const declared = child(whole.tree, section);
  if (child(declared, key) !== undefined) return;
  if (key === '') {
    reportNameless(whole, service, kind, at);
    return;
  }
  whole.problems.add({
    code: 'COMPOSE_UNDEFINED',
    message: `service "${service}" refers to undefined ${kind} ${key}`,
    at,
    hint:
      suggestion(
        key,
        [...entriesOf(declared)].map(([name]) => name),
      ) ?? `declare it: \`${section}: {${key}: …}\` at the top level`,
  });
}

function refuseExtension(whole: Whole, service: string, at: Span): void {
  whole.problems.add({
    code: 'COMPOSE_UNDEFINED',
    message: `service "${service}" joins a network whose name starts with x-, which makes it an extension`,
    at,
    hint: 'give the network another name',
  });
}

function reportNameless({ problems }: Whole, service: string, kind: Kind, at: Span): void {
  if (problems.blames(at)) return;
  problems.add({
    code: 'COMPOSE_MISSING_KEY',
    message: `service "${service}" refers to a ${kind} without a name`,
    at,
    hint: `add \`source:\`, which names one of \`${sections[kind]}:\` at the top level`,
  });
}

/** What is built for another service is there only when that one is on. */
function checkContexts(service: string, contexts: Node | undefined, whole: Whole): void {
  for (const [context, { value }] of entriesOf(contexts)) {
    const [, name] = /^service:(.*)/.exec(stringOf(value) ?? '') ?? [];
    if (name === undefined || whole.selection.enabled.has(name)) continue;
    whole.problems.add({
      code: 'COMPOSE_UNDEFINED',
      message: `service "${service}" declares unknown service "${name}" as additional contexts ${context}`,
      at: value,
      hint: serviceHint(name, whole.selection),
    });
  }
}

function serviceHint(name: string, { enabled, disabled }: Whole['selection']): string {
  return disabled.has(name)
    ? `"${name}" is off: ask for one of its profiles`
    : (suggestion(name, [...enabled, ...disabled]) ?? 'define it under `services:`, or take it out');
}

/** A service that is off excuses an optional dependency; one that exists nowhere does not. */
function checkDependencies(service: string, dependsOn: Node | undefined, whole: Whole): void {
  const { enabled, disabled } = whole.selection;
  for (const [name, entry] of entriesOf(dependsOn)) {
    if (enabled.has(name)) continue;
    const required = child(entry.value, 'required');
    if (disabled.has(name) && required?.kind === 'scalar' && required.value === false) continue;
    whole.problems.add({
      code: 'COMPOSE_UNDEFINED',
      message: `service "${service}" depends on undefined service "${name}"`,
      at: entry,
      hint: `${serviceHint(name, whole.selection)}${disabled.has(name) ? ', or write required: false' : ''}`,
    });
  }
}
