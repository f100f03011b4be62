/** What a container may do: capabilities, system calls, hidden and read-only paths, devices, sysctls. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { capabilitiesOfMask, defaultCapabilities } from '../../src/runtime/capabilities.ts';
import { said } from './attributes.ts';
import { sharedStack, stack } from './stack.ts';

/** The capability sets of `/proc/self/status`, by name: `Inh`, `Prm`, `Eff`, `Bnd`, `Amb`. */
function capabilities(lines: readonly string[] | undefined): Readonly<Record<string, readonly string[]>> {
  const entries = (lines ?? []).flatMap((line) => {
    const [, set, mask] = /^Cap(\w+):\s*([0-9a-f]+)$/.exec(line) ?? [];
    return set === undefined || mask === undefined ? [] : [[set, capabilitiesOfMask(mask).sort()] as const];
  });
  return Object.fromEntries(entries);
}

async function hostCapabilities(): Promise<string[]> {
  const status = (await readFile('/proc/self/status', 'utf8')).split('\n');
  return [...(capabilities(status).Bnd ?? [])];
}

const docker = [...defaultCapabilities].sort();
const only = (names: readonly string[]) => ({ Inh: [], Prm: names, Eff: names, Bnd: names, Amb: [] });

describe('capabilities', () => {
  const show = 'command: grep Cap /proc/self/status';
  const it = sharedStack(
    `
x-box: &box {image: busybox}
services:
  default: {<<: *box, ${show}}
  user: {<<: *box, user: "1000", ${show}}
  add: {<<: *box, cap_add: [NET_ADMIN, cap_sys_time], ${show}}
  drop: {<<: *box, cap_drop: [CHOWN, CAP_MKNOD], ${show}}
  drop-all: {<<: *box, cap_drop: [ALL], ${show}}
  drop-all-add: {<<: *box, cap_drop: [all], cap_add: [NET_BIND_SERVICE], ${show}}
  add-all: {<<: *box, cap_add: [ALL], cap_drop: [SYS_ADMIN], ${show}}
  privileged: {<<: *box, privileged: true, ${show}}
`,
    {},
    (made) => made.ok('up'),
  );

  test('are Docker’s fourteen, less and more as asked, and all that the host has when privileged', async () => {
    const host = await hostCapabilities();
    const found = Object.fromEntries(
      Object.entries(await said(it())).map(([service, lines]) => [service, capabilities(lines)]),
    );
    expect(docker).toHaveLength(14);
    expect(found).toEqual({
      default: only(docker),
      user: { ...only([]), Bnd: docker },
      add: only([...docker, 'CAP_NET_ADMIN', 'CAP_SYS_TIME'].sort()),
      drop: only(docker.filter((name) => name !== 'CAP_CHOWN' && name !== 'CAP_MKNOD')),
      'drop-all': only([]),
      'drop-all-add': only(['CAP_NET_BIND_SERVICE']),
      'add-all': only(host.filter((name) => name !== 'CAP_SYS_ADMIN')),
      privileged: only(host),
    });
  });

  test('of an unknown name are refused with a hint', async () => {
    const made = await stack('services: {job: {image: busybox, command: "true", cap_add: [NET_ADMN]}}');
    const { code, stderr } = await made.run('up', '--detach');
    expect(code).not.toBe(0);
    expect(stderr).toContain('unknown capability "NET_ADMN"');
  });
});

describe('security_opt and privileged', () => {
  const status = "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\\\t'";
  const it = sharedStack(
    `
x-box: &box {image: busybox}
x-denied: &denied [sh, -c, "exec 2>&1; ${status}; unshare -m true; mount -t tmpfs none /tmp; mkdir /tmp/x"]
services:
  default: {<<: *box, command: *denied}
  sealed: {<<: *box, security_opt: ["no-new-privileges:true"], command: [sh, -c, "${status}"]}
  sealed-short: {<<: *box, security_opt: [no-new-privileges], command: [sh, -c, "${status}"]}
  unconfined: {<<: *box, security_opt: ["seccomp=unconfined"], command: [sh, -c, "${status}"]}
  colon: {<<: *box, security_opt: ["seccomp:unconfined", "label=disable", "apparmor=unconfined"], command: [sh, -c, "${status}"]}
  file: {<<: *box, security_opt: ["seccomp=./profile.json"], command: [sh, -c, "exec 2>&1; ${status}; mkdir /tmp/x; touch /tmp/y && echo touched"]}
  privileged: {<<: *box, privileged: true, command: [sh, -c, "exec 2>&1; ${status}; mount -t tmpfs none /tmp && echo mounted; test -w /proc/sys/kernel/domainname && echo writable; grep -c ' /proc/' /proc/mounts; ls /dev | grep -c -E '^(kmsg|loop0|mem)$$'"]}
  sys-admin: {<<: *box, cap_add: [SYS_ADMIN], command: [sh, -c, "exec 2>&1; ${status}; mount -t tmpfs none /tmp && echo mounted"]}
  open-paths: {<<: *box, security_opt: ["systempaths=unconfined"], command: [sh, -c, "grep -c ' /proc/' /proc/mounts; head -c 1 /proc/interrupts | wc -c"]}
`,
    {
      'profile.json': JSON.stringify({
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }],
      }),
    },
    (made) => made.ok('up'),
  );

  test('filter system calls and hold privileges as Docker does', async () => {
    const filtered = ['NoNewPrivs:0', 'Seccomp:2'];
    const open = ['NoNewPrivs:0', 'Seccomp:0'];
    const { privileged, ...others } = await said(it());
    expect(others).toEqual({
      default: [
        ...filtered,
        'unshare: unshare(0x20000): Operation not permitted',
        'mount: permission denied (are you root?)',
      ],
      sealed: ['NoNewPrivs:1', 'Seccomp:2'],
      'sealed-short': ['NoNewPrivs:1', 'Seccomp:2'],
      unconfined: open,
      colon: open,
      file: [...filtered, "mkdir: can't create directory '/tmp/x': Operation not permitted", 'touched'],
      'sys-admin': [...filtered, 'mounted'],
      'open-paths': ['0', '1'],
    });
    expect(privileged?.slice(0, 5)).toEqual([...open, 'mounted', 'writable', '0']);
    expect(Number(privileged?.[5])).toBeGreaterThan(0);
  });

  test.each([
    ['seccomp=./absent.json', 'absent.json does not exist'],
    ['seccomp=./bad.json', 'bad.json is not valid JSON'],
    ['seccmp=unconfined', '"seccmp=unconfined"'],
    ['apparmor=mine', 'the AppArmor profile "mine" cannot be applied'],
  ])('that cannot be had is refused: %s', async (option, message) => {
    const made = await stack(
      `services: {job: {image: busybox, command: "true", security_opt: ["${option}"]}}`,
      {
        'bad.json': '{',
      },
    );
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code: code > 0, stderr }).toEqual({ code: true, stderr: expect.stringContaining(message) });
  });
});

test('kernel paths are masked or read-only, as in Docker', async () => {
  const masked =
    '/proc/interrupts /proc/kcore /proc/keys /proc/timer_list /proc/scsi /proc/acpi /sys/firmware';
  const readOnly = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger', '/sys'];
  const made = await stack(`
services:
  job:
    image: busybox
    command:
      - sh
      - -c
      - |
        exec 2>&1
        for path in ${masked}; do
          if [ -d $$path ]; then ls -A $$path; elif [ -f $$path ]; then head -c 1 $$path; fi
        done
        for path in ${readOnly.join(' ')}; do
          grep -q " $$path ro," /proc/self/mountinfo && echo $$path
        done
        ls -d /dev/fuse /dev/kmsg /dev/mem /dev/null 2>/dev/null
        echo 5 >/proc/sys/vm/swappiness
`);
  await made.ok('up');
  // Not every kernel has all of them.
  const there = readOnly.filter((path) => existsSync(path));
  expect((await said(made)).job).toEqual([
    ...there,
    '/dev/null',
    "sh: can't create /proc/sys/vm/swappiness: Read-only file system",
  ]);
});

describe('read_only, devices and sysctls', () => {
  const it = sharedStack(
    `
x-box: &box {image: busybox}
services:
  read-only:
    <<: *box
    read_only: true
    tmpfs: [/run]
    volumes: ["data:/data", "./bound:/bound"]
    command: [sh, -c, "exec 2>&1; for f in /x /etc/hosts /run/x /data/x /bound/x /dev/shm/x /tmp/x; do echo x >>$$f && echo wrote $$f; done"]
  devices: {<<: *box, devices: ["/dev/zero:/dev/nought", "\${NOBODY}:/dev/nobody:r", /dev/random], command: [sh, -c, "exec 2>&1; head -c 2 /dev/nought | wc -c; ls -l /dev/nought | cut -c 1; cat /dev/nobody; echo x >/dev/nobody"]}
  no-device: {<<: *box, command: [sh, -c, "exec 2>&1; mknod /tmp/kmsg c 1 11 && cat /tmp/kmsg"]}
  sysctls: {<<: *box, sysctls: {net.core.somaxconn: 511, kernel.shmmax: "123456789"}, command: [sh, -c, "cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shmmax"]}
  sysctl-list: {<<: *box, sysctls: ["net.ipv4.ip_forward=1"], command: cat /proc/sys/net/ipv4/ip_forward}
  defaults: {<<: *box, user: nobody, command: [sh, -c, "cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ping_group_range"]}
volumes: {data: }
`,
    { 'bound/keep': '' },
    async (made) => {
      await promisify(execFile)('mknod', [`${made.directory}/nobody`, 'c', '1', '99']);
      await made.write('.env', `NOBODY=${made.directory}/nobody\n`);
      await made.ok('up');
    },
  );

  test('keep the root as it is, give the devices and kernel settings asked for, and no others', async () => {
    const lines = await said(it());
    expect(lines['read-only']).toEqual([
      "sh: can't create /x: Read-only file system",
      "sh: can't create /etc/hosts: Read-only file system",
      'wrote /run/x',
      'wrote /data/x',
      'wrote /bound/x',
      'wrote /dev/shm/x',
      "sh: can't create /tmp/x: Read-only file system",
    ]);
    expect(lines.devices).toEqual([
      '2',
      'c',
      // Nobody serves that number: the one was let through to find out, the other was not.
      "cat: can't open '/dev/nobody': No such device or address",
      "sh: can't create /dev/nobody: Operation not permitted",
    ]);
    expect(lines['no-device']).toEqual(["cat: can't open '/tmp/kmsg': Operation not permitted"]);
    expect(lines.sysctls).toEqual(['511', '123456789']);
    expect(lines['sysctl-list']).toEqual(['1']);
    expect(lines.defaults).toEqual(['0', '0\t2147483647']);
  });

  test.each([
    ['sysctls: {vm.swappiness: 5}', 'vm.swappiness cannot be set'],
    ['sysctls: {net.core.somaxconn: 5}, network_mode: host', 'net.core.somaxconn cannot be set'],
    ['devices: [/dev/no-such-device]', '/dev/no-such-device'],
  ])('that the host cannot give are refused: %s', async (attributes, message) => {
    const made = await stack(`services: {job: {image: busybox, command: "true", ${attributes}}}`);
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code: code > 0, stderr }).toEqual({ code: true, stderr: expect.stringContaining(message) });
  });
});
