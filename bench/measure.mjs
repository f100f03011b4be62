/** Time: of whole commands, in interleaved rounds, as medians. */
import { spawn } from 'node:child_process';

/** What every measured program sees of the environment. */
export const environment = { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C.UTF-8' };

/** Milliseconds from start to end. @throws Error as `run` does */
export async function timeOf(argv, options = {}) {
  const begin = performance.now();
  await run(argv, options);
  return performance.now() - begin;
}

/**
 * Standard output, once the program has ended and nobody holds its pipes.
 * @throws Error with what the program said when it ends otherwise than with 0
 */
export function run([program, ...args], { env = environment } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => {
        said[name] += text;
      });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said.stdout);
      else
        reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${said.stderr || said.stdout}`));
    });
  });
}

/**
 * Runs every task once a round, in turn, so that a busy moment of the machine meets all of them, and answers the
 * median of each by its name. A task answers milliseconds; the first round warms up and does not count.
 */
export async function interleaved(rounds, tasks) {
  const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, task] of Object.entries(tasks)) {
      const time = await task();
      if (round > 0) times[name].push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

export function median(list) {
  return percentile(list, 0.5);
}

export function percentile(list, share) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
