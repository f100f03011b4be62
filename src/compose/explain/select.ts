/** The place that a path such as `services.web.ports[0]` names. */
import { serviceHint, suggestion } from '../load/suggest.ts';
import { childrenOf, type Place } from './place.ts';

export type Selected =
  | { readonly place: Place }
  /** `at` is how far the path leads, `rest` what it does not have. */
  | { readonly at: Place; readonly rest: string; readonly hint: string | undefined };

/** Keys may hold dots, so the longest that fits counts. A service's name alone stands for `services.NAME`. */
export function select(root: Place, path: string): Selected {
  const found = follow(root, path);
  if ('place' in found || found.at !== root) return found;
  const services = childrenOf(root).find(({ key }) => key === 'services');
  const inService = services === undefined ? found : follow(services, path);
  if ('place' in inService || inService.at !== services) return inService;
  return { ...found, hint: found.hint ?? inService.hint };
}

function follow(from: Place, path: string): Selected {
  let at = from;
  let rest = path;
  while (rest !== '') {
    const children = childrenOf(at);
    const fitting = children.filter(({ key }) => after(rest, key) !== undefined);
    const next = fitting.sort((one, other) => other.key.length - one.key.length)[0];
    if (next === undefined) return { at, rest, hint: hintFor(at, rest, children) };
    rest = after(rest, next.key) ?? '';
    at = next;
  }
  return { place: at };
}

/** What is left of the path behind a key, or `undefined` when it begins with something else. */
function after(path: string, key: string): string | undefined {
  if (path.startsWith(`[${key}]`)) return path.slice(key.length + 2).replace(/^\./, '');
  if (!path.startsWith(key)) return undefined;
  const rest = path.slice(key.length);
  if (rest === '' || rest.startsWith('[')) return rest;
  return rest.startsWith('.') ? rest.slice(1) : undefined;
}

function hintFor(at: Place, rest: string, children: readonly Place[]): string | undefined {
  const word = rest.split(/[.[]/, 1)[0] ?? '';
  const keys = children.map(({ key }) => key);
  return at.path === 'services' ? serviceHint(word, keys) : suggestion(word, keys);
}
