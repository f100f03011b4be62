/** Makes the bundle: looks up what the request needs of host and image, and writes the directory that the OCI runtime reads. */
import { basename, join } from 'node:path';
import { HostError, TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { readInRoot } from '../host/rooted.ts';
import type { BundleRequest } from './container.ts';
import { allDevices, requestedDevices } from './device-lookup.ts';
import { defaultSeccomp, type HostSurvey } from './host-facts.ts';
import { type OciSpec, toJson } from './oci.ts';
import { parseSeccompProfile, type SeccompProfile } from './seccomp.ts';
import { parseSecurityOptions } from './security-options.ts';
import { type BundleFacts, bundleSpec } from './spec.ts';
import type { UserFiles } from './users.ts';

export interface BundlePlace {
  readonly directory: string;
  readonly cgroupsPath: string;
  /** Host directory with the shared memory, when the IPC namespace is shared. */
  readonly sharedMemory?: string;
}

/** Looks up what is needed and makes the configuration. */
export async function makeSpec(
  host: Host,
  survey: HostSurvey,
  request: BundleRequest,
  place: BundlePlace,
): Promise<OciSpec> {
  return bundleSpec(request, await bundleFacts(host, survey, request, place));
}

/** Writes `config.json` and the generated files. The directory exists. They need not outlive a reboot, so nothing is synced. */
export async function writeBundle(
  host: Host,
  request: BundleRequest,
  spec: OciSpec,
  directory: string,
): Promise<void> {
  await Promise.all([
    host.files.write(join(directory, 'config.json'), toJson(spec), 0o600),
    ...Object.entries(generatedFiles(request)).map(([target, text]) =>
      host.files.write(join(directory, basename(target)), text, 0o644),
    ),
  ]);
}

async function bundleFacts(
  host: Host,
  survey: HostSurvey,
  request: BundleRequest,
  place: BundlePlace,
): Promise<BundleFacts> {
  const [users, seccomp, devices, init, singleFiles] = await Promise.all([
    readUserFiles(request.rootfs),
    seccompProfile(host, survey, request),
    request.privileged ? allDevices(host) : requestedDevices(host, request.devices),
    request.init ? initProgram(host) : undefined,
    singleFilesOf(host, request),
  ]);
  return {
    host: survey.facts,
    users,
    devices,
    cgroupsPath: place.cgroupsPath,
    ...(seccomp === undefined ? {} : { seccomp }),
    mounts: {
      generated: Object.fromEntries(
        Object.keys(generatedFiles(request)).map((target) => [
          target,
          join(place.directory, basename(target)),
        ]),
      ),
      cgroupVersion: survey.facts.cgroupVersion,
      kernel: survey.facts.kernel,
      singleFiles,
      ...(init === undefined ? {} : { init }),
      ...(place.sharedMemory === undefined ? {} : { sharedMemory: place.sharedMemory }),
    },
  };
}

async function singleFilesOf({ files }: Host, { mounts }: BundleRequest): Promise<ReadonlySet<string>> {
  const sources = mounts.flatMap((mount) => (mount.type === 'bind' && mount.readOnly ? [mount.source] : []));
  const stats = await Promise.all(sources.map((source) => files.stat(source)));
  return new Set(sources.filter((_, index) => stats[index]?.isDirectory() === false));
}

/** By their place in the container; each lies in the bundle under its base name. Empty ones are left to the image. */
function generatedFiles(request: BundleRequest): Record<string, string> {
  const files = {
    '/etc/resolv.conf': request.resolvConf,
    '/etc/hostname': `${request.hostname}\n`,
    '/etc/hosts': request.hosts,
  };
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== ''));
}

export async function readUserFiles(rootfs: string): Promise<UserFiles> {
  const [passwd, group] = await Promise.all([
    readInRoot(rootfs, '/etc/passwd'),
    readInRoot(rootfs, '/etc/group'),
  ]);
  return { passwd: passwd?.toString('utf8') ?? '', group: group?.toString('utf8') ?? '' };
}

/**
 * The filter that was asked for; `undefined` for none at all, which only the privileged and `unconfined` get.
 * @throws HostError `HOST_SECCOMP_PROFILE_MISSING`
 * @throws TscomposeError `SECCOMP_PROFILE`
 */
export async function seccompProfile(
  host: Host,
  survey: HostSurvey,
  request: Pick<BundleRequest, 'securityOpt' | 'privileged'>,
): Promise<SeccompProfile | undefined> {
  const { seccomp } = parseSecurityOptions(request.securityOpt);
  if (seccomp === 'unconfined') return undefined;
  if (seccomp === 'default') return request.privileged ? undefined : requireDefault(host, survey);
  const { profile } = seccomp;
  if (profile.trimStart().startsWith('{')) return parseSeccompProfile(profile, 'in security_opt');
  const text = await host.files.readText(profile);
  if (text === undefined)
    throw new TscomposeError('SECCOMP_PROFILE', `the seccomp profile ${profile} does not exist`, {
      hint: 'write the path of a profile in JSON, or seccomp=unconfined',
    });
  return parseSeccompProfile(text, profile);
}

/** Its package may have been installed since the survey. */
async function requireDefault(host: Host, survey: HostSurvey): Promise<SeccompProfile> {
  const profile = survey.seccomp ?? (await defaultSeccomp(host));
  if (profile !== undefined) return profile;
  throw new HostError(
    'HOST_SECCOMP_PROFILE_MISSING',
    'the default filter of system calls, without which containers are not safe, is not on this machine',
    {
      hint: 'install the package "golang-github-containers-common": apt-get install golang-github-containers-common, or write security_opt: [seccomp=unconfined]',
    },
  );
}

const initPrograms = ['/usr/bin/tini-static', '/usr/bin/docker-init', '/usr/libexec/docker/docker-init'];

/** A static program, for it must run in any image. */
export async function initProgram(host: Host): Promise<string> {
  for (const path of initPrograms) if ((await host.files.stat(path)) !== undefined) return path;
  throw new HostError(
    'HOST_TOOL_MISSING',
    '"init: true" needs the program "tini-static", which is not on this machine',
    {
      hint: 'install the package "tini": apt-get install tini',
    },
  );
}
