/** Content addresses. Only sha256 is stored, as by every registry and engine in use. */
import { createHash } from 'node:crypto';
import { TscomposeError } from '../errors.ts';
import type { Digest } from './images.ts';

/**
 * @throws TscomposeError `IMAGE_CORRUPT` for what is no sha256 digest: it would become a file name
 */
export function parseDigest(text: unknown): Digest {
  if (typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text)) return text as Digest;
  throw new TscomposeError('IMAGE_CORRUPT', `${JSON.stringify(text)?.slice(0, 100)} is no sha256 digest`);
}

export function digestOf(bytes: string | Uint8Array): Digest {
  return digestFromHex(createHash('sha256').update(bytes).digest('hex'));
}

export function digestFromHex(hex: string): Digest {
  return `sha256:${hex}` as Digest;
}

/** The digits alone, as file names have them. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/**
 * Identities of the stacks of layers, bottom first: each names a layer together with all below it.
 * @see OCI image-spec, config.md, "Layer ChainID"
 */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}
