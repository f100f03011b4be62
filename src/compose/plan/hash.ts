/** Digests of what was asked for. A container whose digest still fits is left alone. */
import { createHash } from 'node:crypto';
import type { FileObject, Json, Project, Service } from '../model/project.ts';
import { linkAliases } from './links.ts';

export type Canonical = Readonly<Record<string, Json>>;

/** Attributes that take effect without a new container, as Docker Compose has them. */
const withoutEffect = new Set(['build', 'pull_policy', 'scale', 'depends_on', 'profiles']);

/**
 * SHA-256, in hexadecimal, of a service in canonical form; what `config --hash` prints and the label
 * `com.docker.compose.config-hash` keeps. `build`, `pull_policy`, `scale`, `deploy.replicas`, `depends_on` and
 * `profiles` are left out: changing them makes no new container.
 */
export function configHash(canonical: Canonical): string {
  return digestOf(effective(canonical));
}

/** SHA-256, in hexadecimal, of any plain value; the order of keys makes no difference. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Attribute → short digest. */
export type AttributeDigests = Readonly<Record<string, string>>;

/** File → digest of what is in it. */
export type FileDigests = Readonly<Record<string, string>>;

/**
 * A digest for every attribute that makes a new container when it changes. Beyond what the configuration hash
 * covers: the content of configs and secrets, and the aliases under which other services link to this one.
 */
export function attributeDigests(project: Project, service: Service, files: FileDigests): AttributeDigests {
  const attributes: Record<string, unknown> = {
    ...effective(service.canonical),
    'content of configs': contents(project.configs, service.configs, files),
    'content of secrets': contents(project.secrets, service.secrets, files),
    'links to it': linkAliases(project, service.name),
  };
  return Object.fromEntries(
    Object.keys(attributes)
      .filter((name) => !isEmpty(attributes[name]))
      .sort()
      .map((name) => [name, digestOf(attributes[name]).slice(0, 8)]),
  );
}

/** `command=1f0c…;image=99ab…`, as a label keeps it. */
export function formatDigests(digests: AttributeDigests): string {
  return Object.entries(digests)
    .map(([name, digest]) => `${name}=${digest}`)
    .join(';');
}

export function parseDigests(text: string): AttributeDigests {
  return Object.fromEntries(
    text
      .split(';')
      .map((part) => part.split('='))
      .filter((pair): pair is [string, string] => pair.length === 2),
  );
}

/** Names of the attributes that are new, gone or different. */
export function changedAttributes(before: AttributeDigests, now: AttributeDigests): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}

/** A service in canonical form, without what takes effect without a new container. */
export function effective(canonical: Canonical): Canonical {
  const kept = Object.fromEntries(Object.entries(canonical).filter(([name]) => !withoutEffect.has(name)));
  return isMap(kept.deploy) ? { ...kept, deploy: without(kept.deploy, 'replicas') } : kept;
}

function contents(
  objects: Project['configs'],
  mounts: Service['configs'],
  files: FileDigests,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    mounts.flatMap(({ source }) => {
      const content = contentOf(objects[source], files);
      return content === undefined ? [] : [[source, content]];
    }),
  );
}

function contentOf(object: FileObject | undefined, files: FileDigests): string | undefined {
  if (object === undefined || object.kind === 'external') return undefined;
  return object.kind === 'file' ? files[object.file] : object.content;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isMap(member)
      ? Object.fromEntries(
          Object.keys(member)
            .sort()
            .map((key) => [key, member[key]]),
        )
      : member,
  );
}

function without(map: Canonical, key: string): Canonical {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}

export function isMap(value: unknown): value is Canonical {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Absent, null and empty say the same in a canonical service, with the exception of `command: []`. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isMap(value) && Object.keys(value).length === 0);
}
