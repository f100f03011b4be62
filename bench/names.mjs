/** The resolver, asked from inside a container: by dnsperf with many questions at once, and one by one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, percentile, run } from './measure.mjs';

const services = 10;
const address = '127.0.0.11';
const client = fileURLToPath(new URL('one-by-one.pl', import.meta.url));
const echoServer = fileURLToPath(new URL('echo.mjs', import.meta.url));

export async function benchNames(bench) {
  const file = bench.stack(services);
  await bench.run('-f', file, 'up', '-d');
  try {
    const names = Array.from({ length: services }, (_, index) => `s${index}`);
    const inside = ['nsenter', `--net=/proc/${await processIn(bench, file)}/ns/net`];
    const one = await oneByOne(bench.rounds, inside, names);
    return [
      {
        what: 'names answered a second, 20 questions at once',
        figure: perSecond(await manyAtOnce(bench, inside, names)),
        unit: '/s',
        target: 60_000,
        atLeast: true,
      },
      { what: 'one name, median', figure: one.resolver.median, ...echo(one.echo.median) },
      { what: 'one name, 99 of 100 within', figure: one.resolver.p99, unit: 'ms', target: 0.25 },
      { what: '  the same', figure: one.resolver.p99, ...echo(one.echo.p99) },
    ];
  } finally {
    await bench.run('-f', file, 'down');
  }
}

function echo(against) {
  return { unit: 'ms', against, base: 'a bare echo in Node' };
}

function manyAtOnce(bench, inside, names) {
  const questions = join(bench.directory, 'questions');
  writeFileSync(questions, `${names.map((name) => `${name} A`).join('\n')}\n`);
  return run([...inside, 'dnsperf', '-s', address, '-d', questions, '-l', '3', '-q', '20']);
}

/**
 * Milliseconds from question to answer, of the resolver and of a bare echo at the same place, in turn. Each figure is
 * the median of its rounds: a machine that stands still for a moment spoils one round of one of them.
 */
async function oneByOne(rounds, inside, names) {
  const server = spawn(inside[0], [...inside.slice(1), process.execPath, echoServer], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(server.stdout.setEncoding('utf8'), 'data');
    const timesOf = async (...place) => {
      const said = await run([...inside, 'perl', client, ...place, '0.5', ...names]);
      return said.trim().split('\n').map(Number);
    };
    const measured = { resolver: [], echo: [] };
    for (let round = 0; round <= rounds; round++) {
      measured.resolver.push(await timesOf(address, '53'));
      measured.echo.push(await timesOf('127.0.0.1', port.trim()));
    }
    return { resolver: figures(measured.resolver), echo: figures(measured.echo) };
  } finally {
    server.kill();
  }
}

/** The first round warms up and does not count. */
function figures([, ...rounds]) {
  return { median: median(rounds.map(median)), p99: median(rounds.map((times) => percentile(times, 0.99))) };
}

function perSecond(report) {
  const [, lost] = /Queries lost:\s+(\d+)/.exec(report);
  if (Number(lost) > 0) throw new Error(`the resolver lost ${lost} questions:\n${report}`);
  const [, rate] = /Queries per second:\s+([\d.]+)/.exec(report);
  return Number(rate);
}

/** The first container's main process, by its cgroup: it holds the network namespace. */
async function processIn(bench, file) {
  const id = (await bench.run('-f', file, 'ps', '--quiet')).split('\n')[0];
  const found = await run(['find', '/sys/fs/cgroup', '-path', `*${id}*`, '-name', 'cgroup.procs']);
  const [pid] = readFileSync(found.split('\n')[0], 'utf8').split('\n');
  return Number(pid);
}
