/** What the parts of the benchmark share: a state root, stacks of any size, the commands, the agent. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { command, prepareFloor } from './floor-commands.mjs';
import { environment, run } from './measure.mjs';

const program = fileURLToPath(new URL('../bin/tscompose.cjs', import.meta.url));

/** The image of every benchmarked service, here and in the other tools. */
export const image = 'tscompose-bench:latest';

export class Bench {
  /** Work directory of the whole run. */
  directory;
  /** For what lies on tmpfs where tscompose is installed, in `/run`. */
  volatile;
  rounds;
  environment;

  static async open({ rounds }) {
    const bench = new Bench();
    bench.rounds = rounds;
    bench.directory = mkdtempSync(join(tmpdir(), 'tsb-'));
    bench.volatile = mkdtempSync('/dev/shm/tsb-');
    bench.environment = {
      ...environment,
      TSCOMPOSE_ROOT: join(bench.directory, 'root'),
      TSCOMPOSE_ADDRESS_POOLS: '10.214.0.0/16:24',
      // Longer than a run: whether the agent is there is the benchmark's decision.
      TSCOMPOSE_IDLE_MS: '600000',
    };
    for (const root of ['root', 'floor']) {
      const there = join(bench.volatile, root);
      mkdirSync(join(bench.directory, root), { recursive: true });
      mkdirSync(there);
      symlinkSync(there, join(bench.directory, root, 'run'));
    }
    prepareFloor(bench.floor);
    await run(['tar', '-C', join(bench.floor, 'image'), '-cf', bench.tarball, '.']);
    await bench.run('image', 'import', bench.tarball, image);
    return bench;
  }

  async close() {
    const projects = (await this.run('ls', '--all', '--quiet')).split('\n').filter((name) => name !== '');
    for (const name of projects) await this.run('-p', name, 'down', '--volumes', '--timeout', '0');
    await this.endAgent();
    for (const path of [this.directory, this.volatile]) rmSync(path, { recursive: true, force: true });
  }

  get floor() {
    return join(this.directory, 'floor');
  }

  get tarball() {
    return join(this.directory, 'image.tar');
  }

  /** The command line of tscompose. */
  argv(...words) {
    return [process.execPath, program, ...words];
  }

  run(...words) {
    return run(this.argv(...words), { env: this.environment });
  }

  /** A Compose file of that many equal services; its path. */
  stack(count) {
    const directory = join(this.directory, `stack${count}`);
    mkdirSync(directory, { recursive: true });
    const service = { image, pull_policy: 'never', command };
    const services = Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, service]));
    const file = join(directory, 'compose.yaml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ name: `bench${count}`, services }, null, 2));
    return file;
  }

  // --- the agent

  /** Starts it if it is not there. */
  async warmUp() {
    await this.run('ls');
  }

  async endAgent() {
    const pid = this.agentPid();
    if (pid === undefined) return;
    process.kill(pid, 'SIGTERM');
    while (this.agentPid() !== undefined) await sleep(2);
  }

  agentPid() {
    const mark = `TSCOMPOSE_ROOT=${this.environment.TSCOMPOSE_ROOT}`;
    const pid = readdirSync('/proc').find(
      (name) =>
        /^\d+$/.test(name) &&
        wordsOf(`/proc/${name}/cmdline`).some((word) => word.endsWith('/agent.cjs')) &&
        !wordsOf(`/proc/${name}/cmdline`).some((word) => word.endsWith('/respawner.sh')) &&
        wordsOf(`/proc/${name}/environ`).includes(mark),
    );
    return pid === undefined ? undefined : Number(pid);
  }

  /** Megabytes of memory that the agent holds. */
  agentMegabytes() {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(
      readFileSync(`/proc/${this.agentPid()}/status`, 'utf8'),
    );
    return Number(kilobytes) / 1024;
  }
}

/** The words of a process's file; none when it has just ended. */
function wordsOf(path) {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return [];
    throw error;
  }
}
