/** Commands that change nothing, against what any Node program costs. */
import { interleaved, timeOf } from './measure.mjs';

const unchanged = 10;

export async function benchStart(bench) {
  const small = bench.stack(3);
  const running = bench.stack(unchanged);
  const env = bench.environment;
  await bench.run('-f', running, 'up', '-d');
  const times = await interleaved(bench.rounds * 2, {
    node: () => timeOf([process.execPath, '-e', '0'], { env }),
    version: () => timeOf(bench.argv('--version'), { env }),
    config: () => timeOf(bench.argv('-f', small, 'config'), { env }),
    ps: () => timeOf(bench.argv('-f', running, 'ps'), { env }),
    up: () => timeOf(bench.argv('-f', running, 'up', '-d'), { env }),
  });
  await bench.run('-f', running, 'down');
  const row = (what, figure, target) => ({
    what,
    figure,
    unit: 'ms',
    against: times.node,
    base: 'node -e 0',
    ...(target === undefined ? {} : { target }),
  });
  return [
    row('--version', times.version, 1.2),
    row('config, 3 services', times.config, 2.5),
    row(`ps, ${unchanged} services`, times.ps),
    row(`up -d with nothing to do, ${unchanged} services`, times.up, 3),
  ];
}
