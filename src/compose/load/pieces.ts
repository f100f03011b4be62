/**
 * A project as text, in pieces that are put together in the end: one for each service, network and the like.
 * Of a tree that is loaded for nothing else, they are all that needs to stay in memory.
 */
import { isExtension } from './extensions.ts';
import { entriesOf, type MapNode } from './node.ts';
import { byName } from './order.ts';
import type { Problems } from './problems.ts';
import { lazy } from './rules.ts';
import { sortedJson } from './shape/extensions.ts';
import { namedWriter, type WriteNamed } from './shape/lines.ts';
import { project } from './shape/resources.ts';
import { entryLines } from './write-yaml.ts';

export interface Pieces {
  /** By section and name, with the indent of what stands in a section. */
  readonly sections: Map<string, Map<string, string>>;
  /** By key, whole: the name, and extensions. */
  readonly entries: Map<string, string>;
}

export function noPieces(): Pieces {
  return { sections: new Map(), entries: new Map() };
}

const inner = '  ';

const writers = lazy(() => {
  const found = new Map<string, WriteNamed>();
  for (const { key, shape } of project().fields) if (shape.kind === 'map') found.set(key, namedWriter(shape));
  return found;
});

/**
 * Those of a tree in long syntax. What has no type that fits is told of services that are off as well.
 * @param enabled the services that are printed; absent: all
 */
export function piecesOf(tree: MapNode, problems: Problems, enabled?: ReadonlySet<string>): Pieces {
  const pieces = noPieces();
  const at = { tree, problems };
  for (const [key, { value }] of tree.entries) {
    const write = writers().get(key);
    if (write !== undefined) {
      const section = new Map<string, string>();
      for (const [name, { value: node }] of entriesOf(value)) {
        const lines = write(name, node, at, `${inner}${inner}`, inner);
        if (key !== 'services' || enabled === undefined || enabled.has(name))
          section.set(name, escaped(lines));
      }
      pieces.sections.set(key, section);
    } else if (isExtension(key) || key === 'name')
      pieces.entries.set(key, escaped(entryLines('', key, sortedJson(value, byName), inner)));
  }
  return pieces;
}

/** Adds what other pieces have: what several have is the same. */
export function addPieces(to: Pieces, { sections, entries }: Pieces): void {
  for (const [key, text] of entries) to.entries.set(key, text);
  for (const [key, own] of sections) {
    const section = to.sections.get(key);
    if (section === undefined) to.sections.set(key, own);
    else for (const [name, text] of own) section.set(name, text);
  }
}

/** Sections of a project in YAML; extensions stand behind them. */
const order = ['name', 'services', 'networks', 'volumes', 'secrets', 'configs', 'models'];

/** The whole text. */
export function joined({ sections, entries }: Pieces): string {
  const texts = order.map((key) => {
    const section = sections.get(key);
    if (section !== undefined && section.size > 0) return `${key}:\n${inOrder(section)}`;
    return entries.get(key) ?? (key === 'services' ? 'services: {}\n' : '');
  });
  const extensions = new Map([...entries].filter(([key]) => isExtension(key)));
  return `${texts.join('')}${inOrder(extensions)}`;
}

function inOrder(texts: ReadonlyMap<string, string>): string {
  return [...texts.keys()]
    .sort(byName)
    .map((name) => texts.get(name)!)
    .join('');
}

/** In neither language a dollar means anything: wherever one stands it is the text's own. */
export function escaped(text: string): string {
  return text.replaceAll('$', '$$$$');
}
