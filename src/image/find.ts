/** From what a person wrote to the image they mean: a name first, then an id or the start of one. */
import { TscomposeError } from '../errors.ts';
import type { CatalogEntry } from './catalog.ts';
import { hexOf } from './digests.ts';
import type { Digest } from './images.ts';
import { fullName, parseReference, type Reference, repositoryOf, withDefaultTag } from './references.ts';

export interface Found {
  readonly image: Digest;
  /** The entry of that very name; absent when found by id. */
  readonly named?: CatalogEntry;
}

/** Shorter beginnings are more likely to be a name of an image that is not here (`db`). */
const shortestPrefix = 3;

/** @throws TscomposeError `IMAGE_AMBIGUOUS` when several ids begin like that, `IMAGE_REFERENCE_INVALID` */
export function findEntry(entries: readonly CatalogEntry[], text: string): Found | undefined {
  const id = /^sha256:([0-9a-f]+)$/.exec(text)?.[1] ?? (/^[0-9a-f]{64}$/.test(text) ? text : undefined);
  if (id !== undefined) return findById(entries, id);
  const named = findNamed(entries, withDefaultTag(parseReference(text)));
  if (named !== undefined) return { image: named.image, named };
  return /^[0-9a-f]+$/.test(text) && text.length >= shortestPrefix ? findById(entries, text) : undefined;
}

function findNamed(entries: readonly CatalogEntry[], reference: Reference): CatalogEntry | undefined {
  const { digest } = reference;
  if (digest === undefined) return entries.find(({ name }) => name === fullName(reference));
  const repository = repositoryOf(reference);
  return entries.find(
    (entry) =>
      entry.source === `${repository}@${digest}` ||
      (entry.descriptor.digest === digest && isFrom(entry, repository)),
  );
}

/** Whether the entry has its name or origin in that repository. */
function isFrom({ name, source }: CatalogEntry, repository: string): boolean {
  return [name, source].some(
    (full) => full !== undefined && repositoryOf(parseReference(full)) === repository,
  );
}

function findById(entries: readonly CatalogEntry[], prefix: string): Found | undefined {
  const ids = new Set(entries.map(({ image }) => image).filter((id) => hexOf(id).startsWith(prefix)));
  if (ids.size > 1)
    throw new TscomposeError('IMAGE_AMBIGUOUS', `"${prefix}" is the beginning of ${ids.size} image ids`, {
      hint: 'write more of the id',
    });
  const [image] = ids;
  return image === undefined ? undefined : { image };
}
