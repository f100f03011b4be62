/**
 * Words of the Linux kernel that people write into compose files and containers are made with.
 * Goes in: a word. Comes out: what it means, or that it means nothing.
 * It imports nothing, and every folder may import it: what the loader lets through is what the runtime carries out.
 * Words only: whether this machine grants what they stand for is for the runtime to find out.
 */

/** In the order of their bits. @see `<linux/capability.h>` */
export const capabilityNames: readonly string[] =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
   NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
   SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
   MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`
    .split(/\s+/)
    .map((name) => `CAP_${name}`);

/** `ALL`, or the full name of what may be written without its `CAP_` and in any case; `undefined` when there is none. */
export function capabilityNamed(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (upper === 'ALL' || upper === 'CAP_ALL') return 'ALL';
  const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  return capabilityNames.includes(full) ? full : undefined;
}

/** Without their `SIG`, in the order of their numbers, from 1. @see signal(7), the columns of x86 and ARM */
export const signalNames: readonly string[] =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG
   XCPU XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/);

const signalAliases: Readonly<Record<string, string>> = {
  IOT: 'ABRT',
  CLD: 'CHLD',
  POLL: 'IO',
  UNUSED: 'SYS',
};
/** The C library keeps the first two real-time signals for itself. */
const realTime = { min: 34, max: 64 };

/** Of `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`, as Docker takes them; `undefined` when it is no signal. */
export function signalNumbered(text: string): number | undefined {
  const word = text.trim().toUpperCase();
  const number = /^\d+$/.test(word) ? Number(word) : numberOfName(word.replace(/^SIG/, ''));
  return number === undefined || number < 1 || number > realTime.max ? undefined : number;
}

function numberOfName(name: string): number | undefined {
  const at = signalNames.indexOf(signalAliases[name] ?? name);
  return at >= 0 ? at + 1 : realTimeNumber(name);
}

function realTimeNumber(name: string): number | undefined {
  const match = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
  if (match === null) return undefined;
  const [, base, sign = '+', offset = '0'] = match;
  const number = (base === 'MIN' ? realTime.min : realTime.max) + (sign === '-' ? -1 : 1) * Number(offset);
  return number >= realTime.min && number <= realTime.max ? number : undefined;
}

/** Resource limits by Compose's names, with the rows of `/proc/self/limits`. @see proc(5), setrlimit(2) */
export const limitRows: Readonly<Record<string, string>> = {
  core: 'Max core file size',
  cpu: 'Max cpu time',
  data: 'Max data size',
  fsize: 'Max file size',
  locks: 'Max file locks',
  memlock: 'Max locked memory',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  nofile: 'Max open files',
  nproc: 'Max processes',
  rss: 'Max resident set',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
  sigpending: 'Max pending signals',
  stack: 'Max stack size',
};

/** Below this the OCI runtime itself gets no room to start the process. @see moby, daemon/daemon_unix.go */
export const minimumMemoryBytes = 6 * 1024 * 1024;

/** Which namespaces of a container are not the host's. */
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

/** Why a container may not set the sysctl: only those that belong to a namespace of its own. */
export function sysctlRefusal(name: string, own: OwnNamespaces): string | undefined {
  if (name.startsWith('net.'))
    return own.network ? undefined : 'the container shares the network of the host';
  if (kernelIpc.has(name) || name.startsWith('fs.mqueue.'))
    return own.ipc ? undefined : 'the container shares the IPC namespace of the host';
  if (name === 'kernel.domainname')
    return own.uts ? undefined : 'the container shares the UTS namespace of the host';
  if (name === 'kernel.hostname') return 'the key "hostname" is for that';
  return 'it belongs to the whole host, not to a namespace of the container';
}
