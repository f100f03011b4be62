/** Commands that only look: `ps`, `top`, `port`, `images`, `volumes`, `ls`. */
import { describe, expect, test, vi } from 'vitest';
import { invoke } from './commands.ts';
import { sharedStack } from './stack.ts';

const patience = { timeout: 60_000, interval: 100 };

const shared = sharedStack(
  `
services:
  web:
    image: busybox
    command: sh -c 'sleep 1000 & wait'
    stop_signal: SIGKILL
    expose: ["9000"]
    ports: ["80", "127.0.0.1::81", "0.0.0.0::82"]
    labels: {tier: "front, and more"}
    volumes: ["data:/data", ".:/src:ro"]
    networks: [back, default]
    healthcheck: {test: "true", interval: 100ms}
  job: {image: busybox, command: sh -c 'exit 3'}
volumes: {data: {}}
networks: {back: {}, default: {}}
`,
  {},
  async ({ ok }) => {
    await ok('up', '-d');
    await ok('up', '--wait', 'web');
    await ok('wait', 'job').catch(() => undefined);
    await ok('run', '-d', '--name', 'e2e-once', 'job', 'sleep', '1000');
  },
);

/** The rows of a table, by its headings. */
function rows(table: string): Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = table.trimEnd().split('\n');
  const starts = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ index, 0: title }) => ({ index, title }));
  return lines.map((line) =>
    Object.fromEntries(
      starts.map(({ index, title }, at) => [title, line.slice(index, starts[at + 1]?.index).trim()]),
    ),
  );
}

describe('ps', () => {
  test('lists what runs, and with -a everything, under Docker’s headings', async () => {
    const { ok, project } = shared();
    const [web, ...rest] = rows(await ok('ps'));
    expect(rest.map(({ NAME }) => NAME)).toEqual([]);
    expect(web).toEqual({
      NAME: `${project}-web-1`,
      IMAGE: 'busybox',
      COMMAND: `"sh -c 'sleep 1000 &…"`,
      SERVICE: 'web',
      CREATED: expect.stringMatching(/ago$/),
      STATUS: expect.stringMatching(/^Up .* \(healthy\)$/),
      PORTS: expect.stringMatching(
        /^0\.0\.0\.0:(\d+)->80\/tcp, \[::\]:\1->80\/tcp, 127\.0\.0\.1:\d+->81\/tcp, 0\.0\.0\.0:\d+->82\/tcp, 9000\/tcp$|^9000\/tcp, .*$/,
      ),
    });
    expect(rows(await ok('ps', '-a')).map(({ NAME, STATUS }) => [NAME, STATUS?.replace(/ .*/, '')])).toEqual([
      ['e2e-once', 'Up'],
      [`${project}-job-1`, 'Exited'],
      [`${project}-web-1`, 'Up'],
    ]);
  });

  test('prints one JSON object a line, with exactly Docker’s keys', async () => {
    const { ok, project, directory } = shared();
    const [line = '', ...rest] = (await ok('ps', '--format', 'json')).trimEnd().split('\n');
    expect(rest).toEqual([]);
    const web = JSON.parse(line);
    expect(web).toEqual({
      Command: `"sh -c 'sleep 1000 &…"`,
      CreatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} \S+$/),
      ExitCode: 0,
      Health: 'healthy',
      ID: expect.stringMatching(/^[0-9a-f]{12}$/),
      Image: 'busybox',
      Labels: expect.stringContaining('tier=front, and more'),
      LocalVolumes: '1',
      Mounts: expect.stringContaining(`${project}_data`.slice(0, 14)),
      Name: `${project}-web-1`,
      Names: `${project}-web-1`,
      Networks: expect.stringContaining(`${project}_back`),
      Ports: expect.stringContaining('->80/tcp'),
      Project: project,
      Publishers: expect.any(Array),
      RunningFor: expect.stringMatching(/ago$/),
      Service: 'web',
      Size: '0B',
      State: 'running',
      Status: expect.stringMatching(/^Up .* \(healthy\)$/),
    });
    expect(
      web.Publishers.map(({ URL, TargetPort, PublishedPort, Protocol }: Record<string, unknown>) => ({
        URL,
        TargetPort,
        isPublished: PublishedPort !== 0,
        Protocol,
      })),
    ).toEqual([
      { URL: '0.0.0.0', TargetPort: 80, isPublished: true, Protocol: 'tcp' },
      { URL: '::', TargetPort: 80, isPublished: true, Protocol: 'tcp' },
      { URL: '127.0.0.1', TargetPort: 81, isPublished: true, Protocol: 'tcp' },
      { URL: '0.0.0.0', TargetPort: 82, isPublished: true, Protocol: 'tcp' },
      { URL: '', TargetPort: 9000, isPublished: false, Protocol: 'tcp' },
    ]);
    expect(web.Labels.split(',')).toContain(`com.docker.compose.project.working_dir=${directory}`);
  });

  test('prints ids, services and templates, and chooses by state and service', async () => {
    const { ok, run, project } = shared();
    expect(await ok('ps', '-q')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await ok('ps', '--services', '-a')).toBe('job\nweb\n');
    expect(await ok('ps', '--format', '{{.Service}} {{.State}} {{.Label "tier"}}')).toBe(
      'web running front, and more\n',
    );
    expect(await ok('ps', '--format', 'table {{.Service}}\t{{.ExitCode}}', '--status', 'exited')).toBe(
      'SERVICE   EXIT CODE\njob       3\n',
    );
    expect(await ok('ps', '-q', '--filter', 'status=paused')).toBe('');
    expect(await ok('ps', '-a', '--format', '{{.Name}}', 'job')).toBe(`e2e-once\n${project}-job-1\n`);
    expect(await run('-f', 'compose.yaml', 'ps', 'nope')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tscompose: no such service: nope\nhint: the services are job and web\n',
    });
    expect((await run('ps', '--format', '{{.Nmae}}')).stderr).toContain('there is no field .Nmae');
  });
});

test('port prints where a port is published, and fails for one that is not', async () => {
  const { ok, run, project } = shared();
  expect(await ok('port', 'web', '80')).toMatch(/^0\.0\.0\.0:\d+\n$/);
  expect(await ok('port', 'web', '81/tcp')).toMatch(/^127\.0\.0\.1:\d+\n$/);
  expect(await run('port', '--protocol', 'udp', 'web', '80')).toEqual({
    code: 1,
    stdout: '',
    stderr: `tscompose: no port 80/udp for container ${project}-web-1\nhint: publish it in the file: ports: ["80"]\n`,
  });
});

test('top shows the processes of each container with their numbers on this machine', async () => {
  const { ok } = shared();
  // The shell may still be about to start the other.
  await vi.waitFor(async () => {
    const processes = rows(await ok('top', 'web'));
    expect(processes.map(({ SERVICE, '#': number, CMD }) => ({ SERVICE, number, CMD }))).toEqual([
      { SERVICE: 'web', number: '1', CMD: 'sh -c sleep 1000 & wait' },
      { SERVICE: 'web', number: '1', CMD: 'sleep 1000' },
    ]);
    expect(processes[1]?.PPID).toBe(processes[0]?.PID);
  }, patience);
});

test('images shows which image each container has, as a table, as JSON, or by id', async () => {
  const { ok, project } = shared();
  const id = (await ok('image', 'ls', '-q', '--no-trunc', 'busybox')).trim();
  const [job, web] = rows(await ok('images'));
  expect([job?.CONTAINER, web?.CONTAINER]).toEqual([`${project}-job-1`, `${project}-web-1`]);
  expect(web).toMatchObject({ REPOSITORY: 'busybox', TAG: 'latest', 'IMAGE ID': id.slice(7, 19) });
  expect(JSON.parse(await ok('images', '--format', 'json', 'web'))).toEqual([
    {
      ID: id,
      ContainerName: `${project}-web-1`,
      Repository: 'busybox',
      Tag: 'latest',
      Platform: expect.stringMatching(/^linux\//),
      Size: expect.any(Number),
      Created: expect.stringMatching(/^\d{4}-/),
    },
  ]);
  expect(await ok('images', '-q')).toBe(`${id.slice(7)}\n`);
});

test('volumes and volume ls show the project’s volumes', async () => {
  const { ok, project } = shared();
  expect(rows(await ok('volumes'))).toEqual([{ DRIVER: 'local', 'VOLUME NAME': `${project}_data` }]);
  expect(await ok('volumes', '-q', 'job')).toBe('');
  expect(await ok('volumes', '--format', 'json')).toContain(`"Name":"${project}_data"`);
  expect(await ok('volume', 'ls', '-q')).toContain(`${project}_data\n`);
});

test('ls shows projects with the states of their containers and their files', async () => {
  const stack = shared();
  const { project, directory } = stack;
  const all = await invoke(stack, ['ls', '--all', '--format', 'json', '--filter', `name=${project}`], {
    named: false,
  });
  expect(JSON.parse(all.stdout)).toEqual([
    { Name: project, Status: 'exited(1), running(2)', ConfigFiles: `${directory}/compose.yaml` },
  ]);
  expect(await stack.ok('ls', '-q', '--filter', `name=${project}`)).toBe(`${project}\n`);
  expect(rows(await stack.ok('ls', '--filter', `name=${project}`))).toEqual([
    { NAME: project, STATUS: 'running(2)', 'CONFIG FILES': `${directory}/compose.yaml` },
  ]);
});

test('container ls and network ls show what all projects have', async () => {
  const { ok, project } = shared();
  expect(await ok('container', 'ls', '--format', '{{.Names}}')).toContain(`${project}-web-1\n`);
  expect(await ok('network', 'ls', '--format', '{{.Name}}')).toContain(`${project}_back\n`);
});
