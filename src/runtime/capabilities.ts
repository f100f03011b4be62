/** Linux capabilities: Docker's default set, `cap_add`, `cap_drop`, and what the host itself has. */
import { TscomposeError } from '../errors.ts';
import { capabilityNamed, capabilityNames } from '../linux.ts';
import type { OciCapabilities } from './oci.ts';

/** Docker's default. @see moby, daemon/pkg/oci/caps/defaults.go */
export const defaultCapabilities: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

export interface CapabilityRequest {
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
}

/**
 * The capabilities a container gets. `ALL` means all that the host has; defaults the host lacks are left out.
 * @param host what the host can give (our bounding set)
 * @throws TscomposeError `CAPABILITY_UNKNOWN`; `CAPABILITY_LACKING` when the host cannot give one that was asked for
 * @see moby, daemon/pkg/oci/caps/utils.go, TweakCapabilities
 */
export function containerCapabilities(request: CapabilityRequest, host: readonly string[]): string[] {
  if (request.privileged) return [...host];
  const added = request.capAdd.map(normalised);
  const dropped = request.capDrop.map(normalised);
  if (added.includes('ALL')) return host.filter((name) => !dropped.includes(name));
  const kept = dropped.includes('ALL')
    ? []
    : defaultCapabilities.filter((name) => host.includes(name) && !dropped.includes(name));
  const lacking = added.find((name) => !host.includes(name));
  if (lacking !== undefined)
    throw new TscomposeError('CAPABILITY_LACKING', `the host itself does not have ${lacking}`, {
      hint: 'leave it out of cap_add, or run on a host that has it',
    });
  return [...new Set([...kept, ...added])];
}

/** Processes of other users than root get none, but can gain those of the bounding set from files: as execve(2) does it. */
export function capabilitySets(names: readonly string[], uid: number): OciCapabilities {
  return uid === 0 ? { bounding: names, effective: names, permitted: names } : { bounding: names };
}

/** Reads the hexadecimal mask of `/proc/<pid>/status`. */
export function capabilitiesOfMask(mask: string): string[] {
  const bits = BigInt(`0x${mask}`);
  return capabilityNames.filter((_name, bit) => (bits >> BigInt(bit)) & 1n);
}

function normalised(name: string): string {
  const known = capabilityNamed(name);
  if (known !== undefined) return known;
  throw new TscomposeError('CAPABILITY_UNKNOWN', `unknown capability "${name}"`, {
    hint: 'capabilities(7) lists them; NET_ADMIN and CAP_NET_ADMIN mean the same',
  });
}
