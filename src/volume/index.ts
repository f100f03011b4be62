/**
 * Keeps volumes: directories that outlive containers, and the host paths that bind mounts name.
 * Goes in: names, the `local` driver's options, paths of files. Comes out: host paths ready to be mounted.
 * A new volume is filled from the image once; a copy that was cut short is never taken for a whole one.
 * It never removes a named volume by itself, follows no link out of a root file system, and knows no container.
 * @see moby, volume/local, daemon/volumes_unix.go
 */
export { prepareBind } from './binds.ts';
export { createVolumeManager } from './manager.ts';
export { bindSubpath, type SubpathRequest } from './subpath.ts';
export type * from './volumes.ts';
