/**
 * Images: names, a content store other OCI tools can read, unpacked layers, archives, registries.
 * Goes in: references, tar archives, a host to store them on.
 * Comes out: image records and the directories overlayfs stacks into a root file system.
 * It never mounts, never runs anything of an image, and writes nowhere but below `images/`, `layers/` and `l/`.
 * What comes from outside is checked against its digest before anything else sees it.
 */
export { applyChanges } from './changes.ts';
export { parseImageConfig } from './config.ts';
export { millisecondsOf } from './durations.ts';
export type { Digest, ImageConfig, ImageProgress, ImageRecord, ImageStore } from './images.ts';
export { type HistoryRow, imageHistory, inspectImage } from './inspect.ts';
export { formatPlatform, isMadeFor, parsePlatform, platformOfMachine } from './platforms.ts';
export {
  familiarName,
  familiarRepository,
  fullName,
  parseReference,
  type Reference,
  withDefaultTag,
} from './references.ts';
export { shortId } from './remove.ts';
export { createImageStore, type ImageSettings, imageSettings } from './store.ts';
