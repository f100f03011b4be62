/** Stacks up and down, against the floor and against other tools that are on this machine. */
import { floorDown, floorUp } from './floor-commands.mjs';
import { interleaved, timeOf } from './measure.mjs';
import { otherTools } from './others.mjs';

const sizes = [1, 10, 25];
/** As parts of the floor: what a stack may take that an agent is there for. */
const warmLimit = 1.5;
/** In starts of Node: what the agent may take on top. */
const agentLimit = 5;

export async function benchStack(bench) {
  const others = await otherTools(bench);
  const rows = [];
  for (const size of sizes) {
    const times = await interleaved(bench.rounds, tasksFor(bench, size, others));
    rows.push(...rowsFor(size, times, others));
  }
  return rows;
}

/** Each `up` is followed by its `down`, so every round begins with nothing there. */
function tasksFor(bench, size, others) {
  const file = bench.stack(size);
  const env = bench.environment;
  const up = () => timeOf(bench.argv('-f', file, 'up', '-d'), { env });
  const down = () => timeOf(bench.argv('-f', file, 'down'), { env });
  return {
    node: () => timeOf([process.execPath, '-e', '0'], { env }),
    'floor up': () => timeOf(floorUp(bench.floor, size)),
    'floor down': () => timeOf(floorDown(bench.floor)),
    'warm up': async () => {
      await bench.warmUp();
      return up();
    },
    'warm down': down,
    'cold up': async () => {
      await bench.endAgent();
      return up();
    },
    'cold down': down,
    ...Object.assign({}, ...others.map((tool) => tool.tasks(file))),
  };
}

function rowsFor(size, times, others) {
  const services = `${size} service${size === 1 ? '' : 's'}`;
  const row = (what, name, verb, target) => ({
    what: `${what}, ${services}`,
    figure: times[name],
    unit: 'ms',
    against: times[`floor ${verb}`],
    base: 'floor',
    ...(target === undefined ? {} : { target }),
  });
  return [
    row('up -d', 'warm up', 'up', warmLimit),
    row('up -d, no agent yet', 'cold up', 'up'),
    {
      what: `  the same, ${services}`,
      figure: times['cold up'],
      unit: 'ms',
      against: warmLimit * times['floor up'] + agentLimit * times.node,
      base: `${warmLimit} floor + ${agentLimit} node -e 0`,
      // One service takes less than an agent's start: there the floor says nothing about it.
      ...(size === 1 ? {} : { target: 1 }),
    },
    {
      what: `  of it for the agent, ${services}`,
      figure: Math.max(0, times['cold up'] - times['warm up']),
      unit: 'ms',
      against: times.node,
      base: 'node -e 0',
    },
    row('down', 'warm down', 'down', warmLimit),
    ...others.flatMap(({ name }) => [
      row(`${name} up -d`, `${name} up`, 'up'),
      row(`${name} down`, `${name} down`, 'down'),
    ]),
  ];
}
