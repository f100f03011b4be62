/** `sysctls`: only those that belong to a namespace of the container's own. */
import { TscomposeError } from '../errors.ts';
import { type OwnNamespaces, sysctlRefusal } from '../linux.ts';

/** Docker's: any user may bind low ports and ping. @see moby, daemon/oci_linux.go */
export const defaultNetworkSysctls: Readonly<Record<string, string>> = {
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '0 2147483647',
};

/** @throws TscomposeError `SYSCTL_NOT_NAMESPACED` */
export function checkSysctls(sysctls: Readonly<Record<string, string>>, own: OwnNamespaces): void {
  for (const name of Object.keys(sysctls)) {
    const reason = sysctlRefusal(name, own);
    if (reason !== undefined)
      throw new TscomposeError('SYSCTL_NOT_NAMESPACED', `sysctl ${name} cannot be set: ${reason}`, {
        hint: 'set it on the host itself, or leave it out',
      });
  }
}
