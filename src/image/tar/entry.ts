/** What one member of a tar archive says. Names and link targets are byte strings: one character a byte. */
import { TscomposeError } from '../../errors.ts';
import type { Timestamp } from '../../host/tree-nodes.ts';

export type TarType = 'file' | 'hardlink' | 'symlink' | 'character' | 'block' | 'directory' | 'fifo';

export interface TarEntry {
  readonly type: TarType;
  readonly name: string;
  /** Target of a hard or symbolic link, else empty. */
  readonly linkName: string;
  /** Permission, set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow; 0 for all but files. */
  readonly size: number;
  readonly mtime: Timestamp;
  readonly device: { readonly major: number; readonly minor: number };
  /** Extended attributes by full name (`security.capability`). */
  readonly attributes: ReadonlyMap<string, Buffer>;
}

export const blockBytes = 512;

/** Type flags of USTAR; the old format's NUL and the contiguous file (7) are ordinary files too. */
export const typeByFlag: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
};

/** An archive or layer that is not what it claims to be. */
export function corrupt(message: string, cause?: unknown): TscomposeError {
  return new TscomposeError('IMAGE_CORRUPT', message, cause === undefined ? {} : { cause });
}
