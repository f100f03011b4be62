/** `config` of big files: time against what any Node program costs, and memory. Docker Compose stands beside it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, run, timeOf } from './measure.mjs';

const sizes = [
  { count: 100, target: 3 },
  { count: 1000, target: 12 },
];
const huge = 10_000;
const peak = fileURLToPath(new URL('./peak.cjs', import.meta.url));

export async function benchConfig(bench) {
  const env = bench.environment;
  const compose = await dockerCompose();
  const tasks = { node: () => timeOf([process.execPath, '-e', '0'], { env }) };
  for (const { count } of sizes) {
    const file = project(bench, count);
    tasks[count] = () => timeOf(bench.argv('-f', file, 'config'), { env });
    if (compose !== undefined) tasks[`docker ${count}`] = () => timeOf([...compose, '-f', file, 'config']);
  }
  const times = await interleaved(bench.rounds * 2, tasks);
  const against = { unit: 'ms', against: times.node, base: 'node -e 0' };
  const rows = sizes.flatMap(({ count, target }) => [
    { what: `config, ${count} services`, figure: times[count], ...against, target },
    ...(compose === undefined
      ? []
      : [
          {
            what: `config, ${count} services, and Docker Compose`,
            figure: times[count],
            unit: 'ms',
            against: times[`docker ${count}`],
            base: 'docker compose',
            target: 1,
          },
        ]),
  ]);
  const megabytes = await peakMegabytes(bench, project(bench, huge));
  return [...rows, { what: `config, ${huge} services, memory`, figure: megabytes, unit: 'MB', target: 200 }];
}

async function dockerCompose() {
  for (const argv of [['docker-compose'], ['docker', 'compose']]) {
    const works = await run([...argv, 'version']).then(
      () => true,
      () => false,
    );
    if (works) return argv;
  }
  return undefined;
}

async function peakMegabytes(bench, file) {
  const result = join(bench.directory, 'peak');
  const [node, ...words] = bench.argv('-f', file, 'config');
  await run([node, '-r', peak, ...words], { env: { ...bench.environment, PEAK_FILE: result } });
  return Number(readFileSync(result, 'utf8')) / 1024;
}

/** Services as real projects have them; the file's path. */
function project(bench, count) {
  const directory = join(bench.directory, `config${count}`);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'compose.yaml');
  const volumes = Math.min(count, 50);
  const services = Array.from({ length: count }, (_, index) => service(index, volumes));
  const names = Array.from({ length: volumes }, (_, index) => `  data-${index}: {}\n`);
  writeFileSync(
    file,
    `name: bench\nservices:\n${services.join('')}networks:\n  front: {}\n  back: {}\nvolumes:\n${names.join('')}`,
  );
  return file;
}

function service(index, volumes) {
  const dependsOn =
    index === 0
      ? ''
      : `    depends_on:
      service-${Math.floor((index - 1) / 4)}:
        condition: service_healthy
`;
  return `  service-${index}:
    image: registry.example/team/app-${index % 20}:1.${index % 7}.0
    command: ["serve", "--port", "8080", "--workers", "4"]
    restart: unless-stopped
    environment:
      NODE_ENV: production
      PORT: "8080"
      DATABASE_URL: postgres://app@service-0/app
      LOG_LEVEL: \${LOG_LEVEL:-info}
    ports:
      - "127.0.0.1:${10_000 + index}:8080"
    volumes:
      - data-${index % volumes}:/var/lib/data
      - ./config/${index}:/etc/app:ro
${dependsOn}    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8080/health"]
      interval: 30s
      timeout: 5s
      retries: 3
      start_period: 10s
    networks: [front, back]
    deploy:
      resources:
        limits: {cpus: "0.5", memory: 256M}
`;
}
