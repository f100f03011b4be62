/** What a service says now that its container was not made of: value by value, with the places. */
import type { SourceRange } from '../../errors.ts';
import type { Json, Project, Service } from '../model/project.ts';
import { isSecretName } from '../model/secret-names.ts';
import { placeOf } from './blame.ts';
import { type Canonical, digestOf, effective, isMap } from './hash.ts';

/** A value that is new, gone or another one. */
export interface Change {
  /** Within the service: `environment.LOG`. */
  readonly path: string;
  /** Absent: there was none. */
  readonly before?: Json;
  /** Absent: there is none any more. */
  readonly after?: Json;
  /** Of what is now; of what is gone, where it stood would be anybody's guess. */
  readonly at?: SourceRange;
}

/** `made` is what `effective` said of the service when its container was made. Secrets are masked. */
export function changesOf(project: Project, service: Service, made: Canonical): readonly Change[] {
  return [...differences(made, effective(service.canonical), '')].map((change) => {
    const at = 'after' in change ? placeOf(project, `services.${service.name}.${change.path}`) : undefined;
    return at === undefined ? change : { ...change, at };
  });
}

function* differences(before: Canonical, after: Canonical, path: string): Generator<Change> {
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const [old, now] = [before[key] ?? null, after[key] ?? null];
    if (digestOf(old) === digestOf(now)) continue;
    const here = path === '' ? key : `${path}.${key}`;
    if (hasParts(old) && hasParts(now)) yield* differences(old, now, here);
    else if (hasParts(old) && now === null) yield* differences(old, {}, here);
    else if (hasParts(now) && old === null) yield* differences({}, now, here);
    else yield { path: here, ...side('before', key, old), ...side('after', key, now) };
  }
}

/** A mapping without entries is a value of its own. */
function hasParts(value: Json): value is Canonical {
  return isMap(value) && Object.keys(value).length > 0;
}

function side(name: 'before' | 'after', key: string, value: Json): { readonly [name: string]: Json } {
  if (value === null) return {};
  return { [name]: isSecretName(key) ? '***' : value };
}
