/** The resolver, asked from inside a container with dnsperf. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, percentile, run } from './measure.mjs';

const services = 10;
const secondsEach = 3;

export async function benchNames(bench) {
  const file = bench.stack(services);
  await bench.run('-f', file, 'up', '-d');
  try {
    const pid = await processIn(bench, file);
    const questions = join(bench.directory, 'questions');
    writeFileSync(questions, Array.from({ length: services }, (_, index) => `s${index} A`).join('\n') + '\n');
    const ask = (...options) =>
      run([
        ...['nsenter', `--net=/proc/${pid}/ns/net`, 'dnsperf', '-s', '127.0.0.11', '-d', questions],
        ...['-l', String(secondsEach), ...options],
      ]);
    const many = await ask('-q', '20');
    const one = await ask('-q', '1', '-v');
    const latencies = [...one.matchAll(/^> NOERROR .* (\d+\.\d+)$/gm)].map(
      ([, seconds]) => Number(seconds) * 1000,
    );
    return [
      {
        what: 'names answered a second, 20 questions at once',
        figure: perSecond(many),
        unit: '/s',
        target: 60_000,
        atLeast: true,
      },
      { what: 'one name, median', figure: median(latencies), unit: 'ms' },
      { what: 'one name, 99 of 100 within', figure: percentile(latencies, 0.99), unit: 'ms', target: 0.25 },
    ];
  } finally {
    await bench.run('-f', file, 'down');
  }
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
