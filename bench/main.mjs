/**
 * The benchmarks: every figure is a median of interleaved runs, and where there is something to compare with, a ratio.
 *
 *   node bench/main.mjs [--quick] [--only config,start,stack,names,growth]
 *
 * Times are wall-clock times of whole commands, as a person or a CI job waits for them. They are compared with
 * `node -e 0` (what any Node program costs) or with the floor (floor.mjs: a bare script that makes the same containers).
 */
import { parseArgs } from 'node:util';
import { Bench } from './bench.mjs';
import { benchConfig } from './config.mjs';
import { benchGrowth } from './growth.mjs';
import { benchNames } from './names.mjs';
import { benchStack } from './stack.mjs';
import { benchStart } from './start.mjs';
import { printTable } from './table.mjs';

const parts = {
  config: benchConfig,
  start: benchStart,
  stack: benchStack,
  names: benchNames,
  growth: benchGrowth,
};

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const chosen = values.only?.split(',') ?? Object.keys(parts);
const unknown = chosen.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`there is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const bench = await Bench.open({ rounds: values.quick ? 3 : 9 });
const rows = [];
try {
  for (const name of chosen) {
    process.stderr.write(`measuring: ${name}\n`);
    rows.push(...(await parts[name](bench)));
  }
} finally {
  await bench.close();
}
printTable(rows);
