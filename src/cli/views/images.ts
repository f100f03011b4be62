/** Images as people write and read them. */
import type { ImageView } from '../../agent/protocol.ts';

/** `registry:5000/team/app:1.2` is `registry:5000/team/app` and `1.2`; a digest counts as no tag. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const [name = ''] = reference.split('@');
  const [, repository = name, tag = ''] = /^(.*):([^:/]+)$/.exec(name) ?? [];
  return { repository, tag };
}

export function platform({ os, architecture, variant }: ImageView): string {
  return [os, architecture, variant].filter((part) => part !== undefined && part !== '').join('/');
}

export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
