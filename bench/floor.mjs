/**
 * The floor: what a bare script needs for the same containers, with no project, no state, no agent.
 *
 *   node bench/floor.mjs up DIRECTORY COUNT       in a mount namespace of its own (see floor-commands.mjs)
 *   node bench/floor.mjs down DIRECTORY
 *
 * Each container gets what tscompose gives it: an overlay root, hosts and resolv.conf, a monitor, an OCI runtime with
 * Docker's capabilities and seccomp profile, a cgroup, a veth on a bridge, address, default route, and the redirect
 * of 127.0.0.11:53. One process does a batch wherever a tool can: `ip -batch`, `nft -f`, `mount -a`, one shell for many
 * short commands.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const [verb, directory, count] = process.argv.slice(2);
const tag = 'f100f1';
const bridge = `tsb${tag}000000`;
const subnet = '10.212.0';
/** On tmpfs, as tscompose's: what need not outlive a reboot. */
const volatile = join(directory, 'run');
const runtime = ['crun', '--root', join(volatile, 'crun')];
const table = `tscompose_${tag}`;
const parallel = 4;

await (verb === 'up' ? up(Number(count)) : down());

async function up(many) {
  const containers = Array.from({ length: many }, (_, index) => containerOf(index));
  writeBundles(containers);
  await Promise.all([mountOverlays(containers), makeBridge()]);
  await inTurns(containers, async (container) => {
    container.pid = await create(container);
  });
  await attach(containers);
  await startAll(containers);
  writeFileSync(join(directory, 'pids'), containers.map(({ id, pid }) => `${id} ${pid}`).join('\n'));
}

function containerOf(index) {
  const id = index.toString(16).padStart(64, 'f');
  const bundle = join(volatile, 'bundles', id);
  return {
    id,
    bundle,
    rootfs: join(bundle, 'rootfs'),
    layer: join(directory, 'containers', id),
    address: `${subnet}.${index + 2}`,
    link: `tsv${tag}${index.toString(16).padStart(6, '0')}`,
  };
}

// --- up

function writeBundles(containers) {
  const template = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'));
  for (const name of ['exits', 'crun']) mkdirSync(join(volatile, name), { recursive: true });
  for (const { id, bundle, rootfs, layer, address } of containers) {
    mkdirSync(rootfs, { recursive: true });
    for (const part of ['upper', 'work']) mkdirSync(join(layer, part), { recursive: true });
    const file = (name, content) => {
      writeFileSync(join(bundle, name), content);
      return {
        destination: `/etc/${name}`,
        type: 'bind',
        source: join(bundle, name),
        options: ['rbind', 'rprivate'],
      };
    };
    const mounts = [
      file('hosts', `127.0.0.1 localhost\n${address} ${id.slice(0, 12)}\n`),
      file('hostname', `${id.slice(0, 12)}\n`),
      file('resolv.conf', 'nameserver 127.0.0.11\noptions ndots:0\n'),
    ];
    const config = {
      ...template,
      hostname: id.slice(0, 12),
      root: { path: rootfs },
      mounts: [...template.mounts, ...mounts],
      linux: { ...template.linux, cgroupsPath: `/tscompose-${tag}/${id}` },
    };
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
  }
}

function mountOverlays(containers) {
  const lower = join(directory, 'image');
  const lines = containers.map(
    ({ rootfs, layer }) =>
      `overlay ${rootfs} overlay lowerdir=${lower},upperdir=${layer}/upper,workdir=${layer}/work 0 0`,
  );
  const table = join(directory, 'fstab');
  writeFileSync(table, lines.join('\n') + '\n');
  return run(['mount', '-a', '-T', table]);
}

function makeBridge() {
  const links = [
    `link add ${bridge} type bridge`,
    `addr add ${subnet}.1/24 dev ${bridge}`,
    `link set ${bridge} up`,
  ];
  const rules = `table ip ${table} {\nchain out {\ntype nat hook postrouting priority srcnat
    ip saddr ${subnet}.0/24 oifname != "${bridge}" masquerade\n}\n}\n`;
  return Promise.all([run(['ip', '-batch', '-'], links.join('\n')), run(['nft', '-f', '-'], rules)]);
}

/** Resolves with the pid of the process that waits for `start`. */
function create({ id, bundle, layer }) {
  const [program, ...options] = runtime;
  const monitor = spawn(
    'conmon',
    [
      ...['--api-version', '1', '-c', id, '-u', id, '-n', id, '-r', `/usr/bin/${program}`, '-b', bundle],
      ...['-p', join(bundle, 'pid'), '--exit-dir', join(volatile, 'exits'), '--full-attach'],
      ...['-l', `k8s-file:${join(layer, 'container.log')}`, '--log-level', 'error'],
      ...options.flatMap((option) => ['--runtime-arg', option]),
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, _OCI_SYNCPIPE: '3' } },
  );
  return new Promise((resolve, reject) => {
    monitor.on('error', reject);
    let said = '';
    monitor.stdio[3].setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
      if (!said.includes('\n')) return;
      // The monitor lives on and keeps its end open.
      monitor.stdio[3].destroy();
      const { data, message } = JSON.parse(said);
      if (data > 0) resolve(data);
      else reject(new Error(message));
    });
  });
}

/** Two shells for all containers: in each namespace one batch for the links and one for the rules. */
async function attach(containers) {
  const outside = containers.map(
    ({ link, pid }) => `link add ${link} master ${bridge} up type veth peer name eth0 netns ${pid}`,
  );
  await run(['ip', '-batch', '-'], outside.join('\n'));
  const inside = ({ pid, address }) => {
    const links = `addr add ${address}/24 dev eth0\nlink set eth0 up\nroute add default via ${subnet}.1`;
    const rules = `table ip dns {\nchain ask {\ntype nat hook output priority -100
      ip daddr 127.0.0.11 udp dport 53 dnat to 127.0.0.11:30053
      ip daddr 127.0.0.11 tcp dport 53 dnat to 127.0.0.11:30053\n}\n}`;
    return `nsenter --net=/proc/${pid}/ns/net sh -e <<'S'\nip -batch - <<'E'\n${links}\nE\nnft -f - <<'E'\n${rules}\nE\nS\n`;
  };
  await inShells(containers, inside);
}

function startAll(containers) {
  return inShells(containers, ({ id }) => `${runtime.join(' ')} start ${id}\n`);
}

// --- down

async function down() {
  const containers = readFileSync(join(directory, 'pids'), 'utf8')
    .split('\n')
    .map((line, index) => ({ ...containerOf(index), pid: Number(line.split(' ')[1]) }));
  for (const { pid } of containers) process.kill(pid, 'SIGTERM');
  await allExited(containers.length);
  await Promise.all([
    inShells(containers, ({ id }) => `${runtime.join(' ')} delete --force ${id}\n`),
    run(['umount', '-l', ...containers.map(({ rootfs }) => rootfs)]),
    run(['nft', 'delete', 'table', 'ip', table]),
    run(['ip', 'link', 'del', bridge]),
  ]);
  for (const path of ['bundles', 'exits', 'crun'].map((name) => join(volatile, name)))
    rmSync(path, { recursive: true });
  rmSync(join(directory, 'containers'), { recursive: true });
  for (const controller of readdirSync('/sys/fs/cgroup')) removeCgroup(join('/sys/fs/cgroup', controller));
}

async function allExited(many) {
  const exits = join(volatile, 'exits');
  while ((await readdir(exits)).length < many) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Below the unmounted version 2 hierarchy crun leaves a plain directory with a plain file in it. */
function removeCgroup(hierarchy) {
  const cgroup = join(hierarchy, `tscompose-${tag}`);
  if (hierarchy.endsWith('/unified')) rmSync(cgroup, { recursive: true, force: true });
  else if (existsSync(cgroup)) rmdirSync(cgroup);
}

// --- processes

async function inTurns(items, work) {
  const left = items.values();
  const one = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, one));
}

/** The commands of all items, dealt out to two shells. */
function inShells(items, commandOf) {
  const shells = [0, 1].map((shell) =>
    items
      .filter((_, index) => index % 2 === shell)
      .map(commandOf)
      .join(''),
  );
  return Promise.all(shells.filter((script) => script !== '').map((script) => run(['sh', '-e'], script)));
}

function run([program, ...args], input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args[0]} ended with ${code}`)),
    );
    // Whoever fails before it has read everything says so by its exit code.
    child.stdin.on('error', () => undefined).end(input);
  });
}
