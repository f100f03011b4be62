/** Which names and images a removal takes away, by Docker's rules. Pure: it only decides. */
import { TscomposeError } from '../errors.ts';
import type { CatalogEntry } from './catalog.ts';
import { hexOf } from './digests.ts';
import type { Found } from './find.ts';
import type { Digest } from './images.ts';
import { familiarName, parseReference, repositoryOf } from './references.ts';

export interface Removal {
  /** The catalogue's entries afterwards. */
  readonly entries: readonly CatalogEntry[];
  /** Familiar names that are gone. */
  readonly untagged: readonly string[];
  /** The image has no entry left. */
  readonly isDeleted: boolean;
}

/**
 * By name: the name goes, and the image with its last name. By id: all names go, where they lie in one repository
 * or force is used. An image that a container uses stays, nameless, even when force takes its names; when it has none,
 * force is refused too.
 * @throws TscomposeError `IMAGE_IN_USE` naming the container, `IMAGE_HAS_SEVERAL_NAMES`
 */
export function planRemoval(
  entries: readonly CatalogEntry[],
  found: Found,
  options: { readonly force: boolean; readonly usedBy: (id: Digest) => string | undefined },
): Removal {
  const own = entries.filter(({ image }) => image === found.image);
  const others = entries.filter(({ image }) => image !== found.image);
  const leaving =
    found.named?.name === undefined ? own : own.filter(({ name }) => name === found.named?.name);
  const staying = own.filter((entry) => !leaving.includes(entry) && entry.name !== undefined);
  if (staying.length > 0)
    return { entries: [...others, ...staying], untagged: untaggedOf(leaving, staying), isDeleted: false };

  if (found.named === undefined && !options.force) refuseSeveralRepositories(found.image, own);
  const user = options.usedBy(found.image);
  if (user !== undefined && !options.force) throw inUse(found, user);
  if (user === undefined) return { entries: others, untagged: untaggedOf(own, []), isDeleted: true };
  if (own.every(({ name }) => name === undefined)) throw inUse(found, user);
  const { name: _, pulledAt: __, ...nameless } = own[0] as CatalogEntry;
  return { entries: [...others, nameless], untagged: untaggedOf(own, [nameless]), isDeleted: false };
}

function untaggedOf(leaving: readonly CatalogEntry[], staying: readonly CatalogEntry[]): readonly string[] {
  const namesOf = (entries: readonly CatalogEntry[]): string[] => [
    ...entries.flatMap(({ name }) => (name === undefined ? [] : [name])),
    ...entries.flatMap(({ source }) => (source === undefined ? [] : [source])),
  ];
  const kept = namesOf(staying);
  const gone = [...new Set(namesOf(leaving))].filter((name) => !kept.includes(name));
  return gone.map((name) => familiarName(parseReference(name)));
}

function refuseSeveralRepositories(image: Digest, own: readonly CatalogEntry[]): void {
  const named = own.flatMap(({ name }) => (name === undefined ? [] : [parseReference(name)]));
  if (new Set(named.map(repositoryOf)).size < 2 && named.length < 2) return;
  throw new TscomposeError(
    'IMAGE_HAS_SEVERAL_NAMES',
    `the image ${shortId(image)} has several names: ${named.map(familiarName).join(', ')}`,
    { hint: 'remove it by name, or use force to remove all of them' },
  );
}

function inUse({ image, named }: Found, container: string): TscomposeError {
  const shown = named?.name === undefined ? shortId(image) : familiarName(parseReference(named.name));
  return new TscomposeError('IMAGE_IN_USE', `the image ${shown} is used by the container ${container}`, {
    hint: `remove the container ${container} first`,
  });
}

/** Twelve digits, as everywhere ids are shown. */
export function shortId(id: Digest): string {
  return hexOf(id).slice(0, 12);
}
