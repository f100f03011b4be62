/** Attributes that came after the reference of the corpus: what the specification's text makes of them. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/compose/model/project.ts';
import { projectReader } from '../../src/host/project-reader.ts';
import { run } from '../cli/world.ts';
import { unpackCorpus } from './cases.ts';

const corpus = unpackCorpus();
afterAll(corpus.remove);

describe('build.no_cache_filter', () => {
  it('is a stage or a list of stages, and prints as a list', async () => {
    const { list, string } = await servicesOf('compose-go-build-extra-buildnocachefilter-1');
    expect(list).toMatchObject({ build: { no_cache_filter: ['foo', 'bar'] } });
    expect(string).toMatchObject({ build: { no_cache_filter: ['foo'] } });
  });
});

describe('pre_start', () => {
  it('runs in the image of the service where it names none', async () => {
    const { app, builder, hybrid } = await servicesOf(
      'compose-go-normalize-normalizeprestartinheritsserviceimage-1',
    );
    expect(app).toMatchObject({
      pre_start: [
        { command: ['migrate'], image: 'alpine' },
        { command: ['chown', '-R', '1000:1000', '/data'], image: 'busybox' },
      ],
    });
    // The image that is built has a name only when the project runs.
    expect(builder).toMatchObject({ pre_start: [{ command: ['init'] }] });
    expect(hybrid).toMatchObject({ pre_start: [{ command: ['bootstrap'], image: 'ubuntu' }] });
  });

  it('has a command unless the image runs the right one, and may be run once for each replica', async () => {
    const { test } = await servicesOf('compose-go-service-hooks-servicehooks-1');
    expect(test).toMatchObject({
      pre_start: [
        {
          command: ['./manage.py', 'migrate'],
          image: 'alpine',
          user: 'root',
          working_dir: '/app',
          environment: { FOO: 'BAR' },
        },
        {
          command: ['sh', '-c', 'chown -R 1000:1000 /data'],
          image: 'busybox',
          per_replica: true,
          privileged: true,
        },
        { image: 'migrator:latest' },
      ],
    });
  });

  it.each([
    [
      'compose-pkg-e2e-testdata-testprestarthookforcerecreate',
      'echo $$(cat /proc/sys/kernel/random/uuid) >> /shared/tokens.txt',
    ],
    ['compose-pkg-e2e-testdata-testprestarthookrerunonspecchange', 'echo 7 >> /shared/versions.txt'],
  ])('takes a line as words, and variables in it: %s', async (name, line) => {
    expect((await servicesOf(name, { HOOK_VERSION: '7' })).sample).toMatchObject({
      pre_start: [{ command: ['sh', '-c', line], image: 'alpine' }],
    });
  });
});

async function servicesOf(
  name: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, Json>>> {
  const cwd = join(corpus.directory, 'newer', name, 'proj');
  const { code, out, err } = await run('config --format json', {
    environment,
    io: { cwd, reader: projectReader() },
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return (JSON.parse(out) as { readonly services: Readonly<Record<string, Json>> }).services;
}
