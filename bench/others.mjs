/** Other tools that run Compose files, where they are installed together with an engine that works. */

import { image } from './bench.mjs';
import { run, timeOf } from './measure.mjs';

const candidates = [
  { name: 'docker compose', compose: ['docker', 'compose'], engine: 'docker' },
  { name: 'podman-compose', compose: ['podman-compose'], engine: 'podman' },
];

export async function otherTools(bench) {
  const tools = [];
  for (const { name, compose, engine } of candidates) {
    if (!(await works([...compose, 'version'])) || !(await works([engine, 'info']))) continue;
    await run([engine, 'import', bench.tarball, image]);
    tools.push({
      name,
      tasks: (file) => ({
        [`${name} up`]: () => timeOf([...compose, '-f', file, 'up', '-d']),
        [`${name} down`]: () => timeOf([...compose, '-f', file, 'down']),
      }),
    });
  }
  return tools;
}

/** Not installed, or no engine behind it: then there is nothing to compare with. */
async function works(argv) {
  return run(argv).then(
    () => true,
    () => false,
  );
}
