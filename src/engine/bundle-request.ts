/** From what a container was asked to be, and what its image says, to the OCI bundle's request. Pure. */
import type { ContainerSpec } from '../compose/plan/plan.ts';
import type { ImageConfig } from '../image/images.ts';
import type { BundleMount, BundleRequest } from '../runtime/container.ts';
import { hostsFile, resolvConf } from './name-files.ts';
import type { ContainerRecord } from './record.ts';

/** What only the machine knows when the container starts. */
export interface BundleFacts {
  readonly image: ImageConfig;
  readonly rootfs: string;
  /** Volumes, binds, tmpfs, secrets and configs, with sources on the host. */
  readonly mounts: readonly BundleMount[];
  readonly namespaces: BundleRequest['namespaces'];
  readonly hostName: string;
  readonly hostResolvConf: string;
  readonly hostHosts: string;
  /** Answers `host-gateway` in `extra_hosts`. */
  readonly hostGateway: string;
  /** Files of the container whose network is joined; they are shared with it. */
  readonly joined?: { readonly hostname: string; readonly hosts: string; readonly resolvConf: string };
}

export function bundleRequest(record: ContainerRecord, facts: BundleFacts): BundleRequest {
  const { spec } = record;
  const hostname = hostnameOf(record, facts);
  return {
    id: record.id,
    name: spec.name,
    rootfs: facts.rootfs,
    args: commandOf(spec, facts.image),
    env: environmentOf(spec, facts.image),
    cwd: spec.workingDir ?? (facts.image.workingDir || '/'),
    user: spec.user ?? facts.image.user,
    groupAdd: spec.groupAdd,
    hostname,
    ...(spec.domainname === undefined ? {} : { domainname: spec.domainname }),
    annotations: spec.annotations,
    mounts: facts.mounts,
    tty: spec.tty,
    stdinOpen: spec.stdinOpen,
    // At a terminal the end is a key, and leaving is none.
    stdinOnce: spec.oneOff && !spec.tty,
    keepsLog: spec.logging?.kind !== 'none',
    readOnly: spec.readOnly,
    privileged: spec.privileged,
    init: spec.init,
    capAdd: spec.capAdd,
    capDrop: spec.capDrop,
    securityOpt: spec.securityOpt,
    ulimits: spec.ulimits,
    sysctls: spec.sysctls,
    devices: spec.devices,
    ...(spec.shmSizeBytes === undefined ? {} : { shmSizeBytes: spec.shmSizeBytes }),
    resources: spec.resources,
    namespaces: facts.namespaces,
    hosts: facts.joined?.hosts ?? hostsFile(record, hostname, facts),
    resolvConf: facts.joined?.resolvConf ?? resolvConf(spec, facts.hostResolvConf),
  };
}

/**
 * The process to run. Setting `entrypoint` drops the image's command; where nothing would be left to run,
 * as with `entrypoint: []` alone, Docker falls back to that command.
 * @see Compose Specification, services → entrypoint; moby, daemon/commit.go, merge
 */
export function commandOf(spec: ContainerSpec, image: ImageConfig): readonly string[] {
  const entrypoint = spec.entrypoint ?? image.entrypoint;
  const command = spec.command ?? (spec.entrypoint === undefined ? image.cmd : []);
  const words = [...entrypoint, ...command];
  return words.length > 0 ? words : image.cmd;
}

/** The image's variables, each replaced by the service's of the same name; a `null` takes one away. */
export function environmentOf(spec: ContainerSpec, image: ImageConfig): readonly string[] {
  const merged = new Map<string, string>();
  for (const entry of image.env) {
    const at = entry.indexOf('=');
    merged.set(at < 0 ? entry : entry.slice(0, at), at < 0 ? '' : entry.slice(at + 1));
  }
  for (const [name, value] of Object.entries(spec.environment)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  return [...merged].map(([name, value]) => `${name}=${value}`);
}

function hostnameOf(record: ContainerRecord, facts: BundleFacts): string {
  if (record.spec.uts === 'host') return facts.hostName;
  if (record.spec.hostname !== undefined) return record.spec.hostname;
  if (facts.joined !== undefined) return facts.joined.hostname;
  return record.spec.networkMode.kind === 'host' ? facts.hostName : record.id.slice(0, 12);
}
