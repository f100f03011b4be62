/** Image references by Docker's grammar and defaults. @see distribution/reference, reference.go and normalize.go */
import { TscomposeError } from '../errors.ts';
import type { Digest } from './images.ts';

export type Domain = string & { readonly __brand: 'Domain' };
export type RepositoryPath = string & { readonly __brand: 'RepositoryPath' };
export type Tag = string & { readonly __brand: 'Tag' };
/** In full: `docker.io/library/nginx:latest`. */
export type FullReference = string & { readonly __brand: 'FullReference' };

export interface Reference {
  /** Registry, with a port where one is given: `docker.io`, `localhost:5000`. */
  readonly domain: Domain;
  readonly path: RepositoryPath;
  readonly tag?: Tag;
  readonly digest?: Digest;
}

const defaultDomain = 'docker.io';
const officialPrefix = 'library/';

const domainLabel = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domainPattern = new RegExp(
  `^(?:${domainLabel}(?:\\.${domainLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`,
);
const pathPart = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*';
const pathPattern = new RegExp(`^${pathPart}(?:/${pathPart})*$`);
const tagPattern = /^[\w][\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;
const longestName = 255;

/**
 * A reference as people write it, with registry and `library/` filled in but not the tag.
 * @throws TscomposeError `IMAGE_REFERENCE_INVALID` saying which part is wrong
 */
export function parseReference(text: string): Reference {
  const wrong = (why: string, hint?: string): TscomposeError =>
    new TscomposeError(
      'IMAGE_REFERENCE_INVALID',
      `"${text}" is no image reference: ${why}`,
      hint ? { hint } : {},
    );

  if (text === '') throw wrong('it is empty');
  if (/^[0-9a-f]{64}$/.test(text)) throw wrong('a name of 64 hexadecimal digits would look like an image id');
  const at = text.indexOf('@');
  const named = at === -1 ? text : text.slice(0, at);
  const digest = at === -1 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !digestPattern.test(digest))
    throw wrong('after the @ must come sha256: and 64 hexadecimal digits');

  const { domain, rest } = splitDomain(named);
  const colon = rest.indexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  if (path !== path.toLowerCase())
    throw wrong('the repository must be in lower case', `write ${lowered(text, path)}`);
  if (!domainPattern.test(domain)) throw wrong(`"${domain}" is no registry`);
  if (!pathPattern.test(path)) throw wrong(`"${path}" is no repository`);
  if (domain.length + 1 + path.length > longestName)
    throw wrong(`the name is longer than ${longestName} characters`);
  if (tag !== undefined && !tagPattern.test(tag)) throw wrong(`"${tag}" is no tag`);
  return {
    domain: domain as Domain,
    path: path as RepositoryPath,
    ...(tag === undefined ? {} : { tag: tag as Tag }),
    ...(digest === undefined ? {} : { digest: digest as Digest }),
  };
}

/** The text with its repository in lower case; `library/` may have been filled in. */
function lowered(text: string, path: string): string {
  const written = text.includes(path) ? path : path.slice(officialPrefix.length);
  return text.replace(written, written.toLowerCase());
}

/** What is before the first slash is a registry when it could not be anything else. */
function splitDomain(name: string): { readonly domain: string; readonly rest: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isDomain = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  const domain = isDomain && first !== 'index.docker.io' ? first : defaultDomain;
  const rest = isDomain ? name.slice(slash + 1) : name;
  const repository = rest.split(':', 1)[0] as string;
  const isOfficial = domain === defaultDomain && !repository.includes('/');
  return { domain, rest: isOfficial ? `${officialPrefix}${rest}` : rest };
}

/** With the tag `latest` when there is neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' as Tag }
    : reference;
}

/** `docker.io/library/nginx` */
export function repositoryOf({ domain, path }: Reference): string {
  return `${domain}/${path}`;
}

/** `docker.io/library/nginx:latest` */
export function fullName(reference: Reference): FullReference {
  return `${repositoryOf(reference)}${suffix(reference)}` as FullReference;
}

/** As short as it can be written: `nginx:latest`. */
export function familiarName(reference: Reference): string {
  return `${familiarRepository(reference)}${suffix(reference)}`;
}

export function familiarRepository({ domain, path }: Reference): string {
  if (domain !== defaultDomain) return `${domain}/${path}`;
  const official = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  return official.includes('/') ? path : official;
}

function suffix({ tag, digest }: Reference): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
