/**
 * How the floor is run: prepares its directory, and gives the command lines whose time is measured.
 * It works in a mount namespace of its own without the version 2 cgroup hierarchy, as tscompose's agent does.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./floor.mjs', import.meta.url));
const rootfsScript = fileURLToPath(new URL('../scripts/busybox-rootfs.sh', import.meta.url));

/** What every benchmarked container runs: it ends at once when told to, and does nothing else. */
export const command = ['sh', '-c', "trap 'exit 0' TERM; sleep 1000000 & wait"];

/** Not measured: an image is there before a stack comes up. */
export function prepareFloor(directory) {
  mkdirSync(directory, { recursive: true });
  execFileSync('sh', [rootfsScript, join(directory, 'image')]);
  writeFileSync(join(directory, 'config.json'), JSON.stringify(ociConfig()));
}

export function floorUp(directory, count) {
  const inside = `umount -l /sys/fs/cgroup/unified 2>/dev/null; exec "$0" "$@"`;
  return [
    ...['unshare', '--mount', '--propagation', 'slave', 'sh', '-c', inside],
    ...[process.execPath, script, 'up', directory, String(count)],
  ];
}

/** Enters the namespace that the monitors keep alive. */
export function floorDown(directory) {
  const [first] = readFileSync(join(directory, 'pids'), 'utf8').split('\n');
  const bundle = join(directory, 'run', 'bundles', first.split(' ')[0]);
  const monitor = execFileSync('pgrep', ['-f', `^conmon .*-b ${bundle} `], { encoding: 'utf8' }).trim();
  return ['nsenter', '--target', monitor, '--mount', process.execPath, script, 'down', directory];
}

const capabilities = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
].map((name) => `CAP_${name}`);

function ociConfig() {
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args: command,
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    },
    mounts: [
      mount('/proc', 'proc', ['nosuid', 'noexec', 'nodev']),
      mount('/dev', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
      mount('/dev/pts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
      mount('/dev/shm', 'tmpfs', ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k']),
      mount('/dev/mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
      mount('/sys', 'sysfs', ['nosuid', 'noexec', 'nodev', 'ro']),
      mount('/sys/fs/cgroup', 'cgroup', ['nosuid', 'noexec', 'nodev', 'relatime', 'ro']),
    ],
    linux: {
      namespaces: ['mount', 'network', 'uts', 'pid', 'ipc', 'cgroup'].map((type) => ({ type })),
      seccomp: seccompProfile(),
      sysctl: { 'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0 2147483647' },
      maskedPaths: ['acpi', 'kcore', 'keys', 'latency_stats', 'timer_list', 'sched_debug', 'scsi'].map(
        (name) => `/proc/${name}`,
      ),
      readonlyPaths: ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`),
    },
  };
}

function mount(destination, type, options) {
  return { destination, type, source: type, options };
}

/** The standard profile, for these capabilities on this machine. */
function seccompProfile() {
  const { defaultAction, defaultErrnoRet, archMap, syscalls } = JSON.parse(
    readFileSync('/usr/share/containers/seccomp.json', 'utf8'),
  );
  const { architecture, subArchitectures } = archMap.find(
    (entry) => entry.architecture === `SCMP_ARCH_${process.arch === 'x64' ? 'X86_64' : 'AARCH64'}`,
  );
  const arch = process.arch === 'x64' ? 'amd64' : 'arm64';
  const applies = ({ includes = {}, excludes = {} }) =>
    (includes.caps ?? []).every((name) => capabilities.includes(name)) &&
    (includes.arches ?? [arch]).includes(arch) &&
    !(excludes.caps ?? []).some((name) => capabilities.includes(name)) &&
    !(excludes.arches ?? []).includes(arch);
  return {
    defaultAction,
    defaultErrnoRet,
    architectures: [architecture, ...subArchitectures],
    syscalls: syscalls.filter(applies).map(({ names, action, args, errnoRet }) => ({
      names,
      action,
      ...(args?.length ? { args } : {}),
      ...(errnoRet === undefined ? {} : { errnoRet }),
    })),
  };
}
