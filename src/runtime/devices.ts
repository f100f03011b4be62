/** Device nodes, and the device cgroup's rules. */
import type { OciDevice, OciDeviceRule } from './oci.ts';

/** A device of the host, looked up: where it appears in the container and what may be done with it. */
export interface HostDevice extends OciDevice {
  /** Of `r`, `w`, `m`. */
  readonly permissions: string;
}

/** Docker's: null, zero, full's kin, random, tty, console; not /dev/fuse. @see moby, daemon/pkg/oci/defaults.go */
const defaultRules: readonly OciDeviceRule[] = [
  { allow: false, access: 'rwm' },
  { allow: true, type: 'c', major: 1, minor: 5, access: 'rwm' },
  { allow: true, type: 'c', major: 1, minor: 3, access: 'rwm' },
  { allow: true, type: 'c', major: 1, minor: 9, access: 'rwm' },
  { allow: true, type: 'c', major: 1, minor: 8, access: 'rwm' },
  { allow: true, type: 'c', major: 5, minor: 0, access: 'rwm' },
  { allow: true, type: 'c', major: 5, minor: 1, access: 'rwm' },
  { allow: false, type: 'c', major: 10, minor: 229, access: 'rwm' },
];

export function deviceRules(privileged: boolean, devices: readonly HostDevice[]): readonly OciDeviceRule[] {
  if (privileged) return [{ allow: true, access: 'rwm' }];
  return [
    ...defaultRules,
    ...devices.map(
      ({ type, major, minor, permissions }): OciDeviceRule => ({
        allow: true,
        type: type === 'b' ? 'b' : 'c',
        major,
        minor,
        access: permissions,
      }),
    ),
  ];
}

export function deviceNodes(devices: readonly HostDevice[]): OciDevice[] {
  return devices.map(({ permissions: _permissions, ...node }) => node);
}

/** Linux's device number, as stat(2) gives it. @see makedev(3) */
export function deviceNumber(rdev: number): { major: number; minor: number } {
  const bits = BigInt(rdev);
  return {
    major: Number(((bits >> 8n) & 0xfffn) | ((bits >> 32n) & ~0xfffn)),
    minor: Number((bits & 0xffn) | ((bits >> 12n) & ~0xffn)),
  };
}
