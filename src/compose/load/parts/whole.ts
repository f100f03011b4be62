/** What is kept of the parts of a project, and how they are printed together. */
import type { Json } from '../../model/project.ts';
import { isExtension } from '../extensions.ts';
import { define } from '../node.ts';
import { byText } from '../order.ts';
import { yamlOf } from '../print.ts';
import { fitTogether, type Member, memberOf } from './fit.ts';

export type Canonical = { readonly [key: string]: Json };

export interface PartsMade {
  /** Names and texts. */
  readonly printed: readonly (readonly [string, string])[];
  readonly members: readonly Member[];
  readonly around: Canonical;
}

export class Whole {
  readonly #printed = new Map<string, string>();
  readonly #members: Member[] = [];
  readonly #around = new Map<string, Json>();

  take({ services, ...around }: Canonical): void {
    for (const [name, service] of Object.entries(services as Canonical)) {
      this.#printed.set(name, yamlOf({ services: { [name]: service } }).slice('services:\n'.length));
      this.#members.push(memberOf(name, service));
    }
    for (const [section, found] of Object.entries(around)) this.#add(section, found);
  }

  add({ printed, members, around }: PartsMade): void {
    for (const [name, text] of printed) this.#printed.set(name, text);
    for (const member of members) this.#members.push(member);
    for (const [section, found] of Object.entries(around)) this.#add(section, found);
  }

  made(): PartsMade {
    return {
      printed: [...this.#printed],
      members: this.#members,
      around: Object.fromEntries(this.#around),
    };
  }

  /** `undefined` when the services do not fit together, or are not that many. */
  print(count: number): string | undefined {
    if (this.#printed.size !== count || !fitTogether(this.#members)) return undefined;
    const { name = null, ...rest } = Object.fromEntries(this.#around);
    const services = [...this.#printed].sort(([a], [b]) => byText(a, b)).map(([, text]) => text);
    const behind = Object.keys(rest).length === 0 ? '' : yamlOf(sorted(rest));
    return [yamlOf({ name }), 'services:\n', ...services, behind].join('');
  }

  /** Each part has of the networks, volumes and the rest those that its services use. */
  #add(section: string, found: Json): void {
    if (!isMap(found) || isExtension(section)) {
      this.#around.set(section, found);
      return;
    }
    const known = (this.#around.get(section) ?? {}) as Record<string, Json>;
    for (const name of Object.keys(found)) define(known, name, found[name]!);
    this.#around.set(section, known);
  }
}

/** The sections, and in each of them what it names, in the order in which they are printed. */
function sorted(around: Canonical): Canonical {
  return byName(around, (found, section) => (isMap(found) && !isExtension(section) ? byName(found) : found));
}

function byName(tree: Canonical, change = (value: Json, _key: string): Json => value): Canonical {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(tree).sort(byText)) define(result, key, change(tree[key]!, key));
  return result;
}

function isMap(value: Json | undefined): value is Canonical {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
