/** `sysctls`: only those that belong to a namespace of the container's own. */
import { TscomposeError } from '../errors.ts';

/** Which namespaces are not the host's. */
export interface OwnNamespaces {
  readonly network: boolean;
  readonly ipc: boolean;
  readonly uts: boolean;
}

const kernelIpc = new Set([
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
]);

/** Docker's: any user may bind low ports and ping. @see moby, daemon/oci_linux.go */
export const defaultNetworkSysctls: Readonly<Record<string, string>> = {
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '0 2147483647',
};

/** @throws TscomposeError `SYSCTL_NOT_NAMESPACED` */
export function checkSysctls(sysctls: Readonly<Record<string, string>>, own: OwnNamespaces): void {
  for (const name of Object.keys(sysctls)) {
    const reason = refusal(name, own);
    if (reason !== undefined)
      throw new TscomposeError('SYSCTL_NOT_NAMESPACED', `sysctl ${name} cannot be set: ${reason}`, {
        hint: 'set it on the host itself, or leave it out',
      });
  }
}

function refusal(name: string, own: OwnNamespaces): string | undefined {
  if (name.startsWith('net.'))
    return own.network ? undefined : 'the container shares the network of the host';
  if (kernelIpc.has(name) || name.startsWith('fs.mqueue.'))
    return own.ipc ? undefined : 'the container shares the IPC namespace of the host';
  if (name === 'kernel.domainname')
    return own.uts ? undefined : 'the container shares the UTS namespace of the host';
  if (name === 'kernel.hostname') return 'the key "hostname" is for that';
  return 'it belongs to the whole host, not to a namespace of the container';
}
