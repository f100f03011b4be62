import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type LoadRequest, loadFor, loadRequest } from '../../src/agent/load.ts';
import type { LoadOptions } from '../../src/compose/index.ts';
import { load } from '../../src/compose/index.ts';
import { systemFiles as files } from '../../src/host/files.ts';
import { projectReader } from '../../src/host/project-reader.ts';
import { converse } from './conversation.ts';
import { fakeEngine } from './fake-engine.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tsc-load-'));
  write('compose.yaml', 'services: {web: {image: "busybox:${TAG}", ports: [80]}}\n');
});
afterEach(() => rmSync(cwd, { recursive: true }));

const write = (name: string, content: string) => writeFileSync(join(cwd, name), content);

const options = (more: Partial<LoadOptions> = {}): LoadOptions => ({
  reader: projectReader(),
  environment: { TAG: '1' },
  cwd,
  files: [],
  envFiles: [],
  profiles: [],
  services: [],
  ...more,
});

/** As over the wire. */
const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

async function request(more: Partial<LoadOptions> = {}): Promise<LoadRequest> {
  return asJson((await loadRequest(files, options(more)))!);
}

describe('a project that the agent loads', () => {
  it('is the one that the client would load', async () => {
    const result = await loadFor(files, await request());
    expect(asJson(result)).toEqual(asJson(await load(options())));
    expect(result?.project?.services.web?.image).toBe('busybox:1');
  });

  it('comes with its mistakes and their places', async () => {
    write('compose.yaml', 'services:\n  web:\n    imgae: busybox\n');
    const result = await loadFor(files, await request());
    expect(result?.problems).toEqual((await load(options())).problems);
    expect(result?.problems).toMatchObject([{ code: 'COMPOSE_UNKNOWN_KEY', at: { line: 3, column: 5 } }]);
  });

  it('is refused as by the client when a file is no text', async () => {
    writeFileSync(join(cwd, 'compose.yaml'), Buffer.from('services: {web: {image: caf\xe9}}\n', 'latin1'));
    const result = await loadFor(files, await request());
    expect(result?.problems).toMatchObject([{ code: 'COMPOSE_ENCODING' }]);
    expect(result).toEqual(await load(options()));
  });

  it('is left to the client when it reads standard input', async () => {
    expect(await loadRequest(files, options({ files: ['-'] }))).toBeUndefined();
  });

  it.each([
    ['the directory', {}, () => cwd],
    ['a file of the command line', { files: ['compose.yaml'] }, () => join(cwd, 'compose.yaml')],
    ['a file of variables', { envFiles: ['no.env'] }, () => join(cwd, 'no.env')],
    ['the root', {}, () => '/'],
  ])('is left to the client when the two see another thing in the place of %s', async (_, more, path) => {
    const { options, sees } = await request(more);
    expect(Object.keys(sees)).toContain(path());
    const elsewhere = { options, sees: { ...sees, [path()]: '1 2 3 4' } };
    expect(await loadFor(files, elsewhere)).toBeUndefined();
  });

  it.each([
    ['a file is so large that names would wait', () => write('.env', `A=${'x'.repeat(200_000)}\n`)],
    [
      'a file is a descriptor of the client',
      () => write('compose.yaml', 'services: {web: {image: busybox, env_file: /dev/fd/9}}\n'),
    ],
  ])('is left to the client when %s', async (_, prepare) => {
    prepare();
    expect(await loadFor(files, await request())).toBeUndefined();
  });
});

test('a file that cannot be looked at is named, whoever loads', async () => {
  const loop = join(cwd, 'own.env');
  symlinkSync(loop, loop);
  const result = await loadFor(files, await request({ envFiles: ['own.env'] }));
  expect(result?.problems).toEqual([
    { code: 'HOST_ELOOP', message: `cannot read ${loop}: too many symbolic links encountered` },
  ]);
});

describe('a client that wants a project loaded', () => {
  it('has it from an agent that is there', async () => {
    await using conversation = await converse(async () => fakeEngine());
    expect((await conversation.client.load(options()))?.project?.services.web?.image).toBe('busybox:1');
  });

  it('does it itself when the agent is of another build', async () => {
    await using conversation = await converse(async () => fakeEngine());
    expect(await conversation.join({ build: 'another' }).load(options())).toBeUndefined();
  });

  it('has an agent started meanwhile, but only for what is to be run', async () => {
    await using conversation = await converse(async () => fakeEngine());
    await conversation.agent.leave('terminated');
    let launches = 0;
    const client = conversation.join({
      launch: async () => {
        launches += 1;
        throw new Error('no agent can be started');
      },
    });
    expect(await client.load(options({ purpose: 'read' }))).toBeUndefined();
    expect(launches).toBe(0);
    expect(await client.load(options({ purpose: 'run' }))).toBeUndefined();
    expect(launches).toBe(1);
    await expect(client.info()).rejects.toThrow('no agent can be started');
    expect(launches).toBe(1);
  });
});
