/** What many containers cost: the agent's memory, and whether the hundredth takes as long as the first. */
import { timeOf } from './measure.mjs';

const few = 25;
const many = 200;

export async function benchGrowth(bench) {
  const env = bench.environment;
  const measure = async (count) => {
    const file = bench.stack(count);
    await bench.endAgent();
    await bench.warmUp();
    const upMs = await timeOf(bench.argv('-f', file, 'up', '-d'), { env });
    const megabytes = bench.agentMegabytes();
    const downMs = await timeOf(bench.argv('-f', file, 'down'), { env });
    return { upMs, downMs, megabytes };
  };
  await measure(few);
  const small = await measure(few);
  const large = await measure(many);
  const each = (verb) => ({
    what: `${verb}, each of ${many} services`,
    figure: large[`${verb}Ms`] / many,
    unit: 'ms',
    against: small[`${verb}Ms`] / few,
    base: `each of ${few}`,
    target: 1.3,
  });
  return [
    { what: `memory of the agent, ${few} containers`, figure: small.megabytes, unit: 'MB', target: 80 },
    { what: `memory of the agent, ${many} containers`, figure: large.megabytes, unit: 'MB' },
    each('up'),
    each('down'),
  ];
}
