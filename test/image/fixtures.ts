/** Images for tests, made of the machine's static busybox in pure TypeScript. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TarEntry, TarType } from '../../src/image/tar/entry.ts';
import { endOfArchive, formatEntry, tarEntry, tarPadding } from '../../src/image/tar/writer.ts';

/** A member, with its content where it is a file. */
export interface Member {
  readonly type: TarType;
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly rest?: Partial<TarEntry>;
}

export function file(name: string, content: string | Uint8Array = '', rest: Partial<TarEntry> = {}): Member {
  return { type: 'file', name, content, rest };
}

export function directory(name: string, rest: Partial<TarEntry> = {}): Member {
  return { type: 'directory', name, rest };
}

export function symlink(name: string, linkName: string, rest: Partial<TarEntry> = {}): Member {
  return { type: 'symlink', name, rest: { linkName, ...rest } };
}

export function hardlink(name: string, linkName: string): Member {
  return { type: 'hardlink', name, rest: { linkName } };
}

export function tar(members: readonly Member[]): Buffer {
  const parts = members.flatMap(({ type, name, content = '', rest = {} }) => {
    const bytes = Buffer.from(content);
    const entry = tarEntry(type, name, { ...rest, size: bytes.length });
    return [formatEntry(entry), bytes, tarPadding(bytes.length)];
  });
  return Buffer.concat([...parts, endOfArchive]);
}

/** Settings of an image configuration, as its JSON has them. */
export type ImageSettingsJson = Readonly<Record<string, unknown>>;

export interface FixtureImage {
  readonly references?: readonly string[];
  /** Uncompressed layer archives, bottom first. */
  readonly layers: readonly Buffer[];
  readonly config?: ImageSettingsJson;
}

/** A docker-archive as `docker save` of old wrote it: layers plain, one manifest.json. */
export function dockerArchive(images: readonly FixtureImage[]): Buffer {
  const members = new Map<string, Member>();
  const listing = images.map(({ references = [], layers, config = {} }) => {
    const json = imageConfig(layers, config);
    const configName = `${sha256(json)}.json`;
    members.set(configName, file(configName, json));
    const names = layers.map((layer) => `${sha256(layer)}/layer.tar`);
    for (const [index, name] of names.entries()) members.set(name, file(name, layers[index] as Buffer));
    return { Config: configName, RepoTags: references, Layers: names };
  });
  return tar([...members.values(), file('manifest.json', JSON.stringify(listing))]);
}

export function imageConfig(layers: readonly Buffer[], config: ImageSettingsJson = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      architecture: architecture(),
      os: 'linux',
      created: '2024-01-02T03:04:05Z',
      config: { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['sh'], ...config },
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
      history: layers.map(() => ({ created: '2024-01-02T03:04:05Z', created_by: 'made for a test' })),
    }),
  );
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function architecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

/** A root file system of busybox: every applet as a link, users, and the directories programs expect. */
export function busyboxRootfs(): Buffer {
  rootfs ??= tar([
    ...['bin', 'dev', 'etc', 'home', 'proc', 'root', 'run', 'sys', 'usr', 'usr/bin', 'var', 'var/www'].map(
      (name) => directory(`${name}/`, name === 'root' ? { mode: 0o700 } : {}),
    ),
    directory('tmp/', { mode: 0o1777 }),
    file('bin/busybox', readFileSync('/bin/busybox'), { mode: 0o755 }),
    ...applets().map((applet) => symlink(`bin/${applet}`, 'busybox')),
    symlink('usr/bin/env', '/bin/busybox'),
    file('etc/passwd', passwd),
    file('etc/group', group),
  ]);
  return rootfs;
}

let rootfs: Buffer | undefined;

/** A docker-archive of that, to be loaded under the reference. */
export function busyboxArchive(reference: string, config: ImageSettingsJson = {}): Buffer {
  return dockerArchive([{ references: [reference], layers: [busyboxRootfs()], config }]);
}

function applets(): string[] {
  const listed = execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n');
  return listed.filter((name) => name !== 'busybox');
}

const passwd = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
app:x:1000:1000:app:/home:/bin/sh
nobody:x:65534:65534:nobody:/home:/bin/false
`;

const group = `root:x:0:
daemon:x:1:
www-data:x:33:
staff:x:50:app
app:x:1000:
nogroup:x:65534:
`;
