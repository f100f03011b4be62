import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ContainerLogEntry } from '../../src/agent/protocol.ts';
import type { ServedEngine } from '../../src/agent/routes.ts';
import { HostError, TscomposeError } from '../../src/errors.ts';
import { converse } from './conversation.ts';
import { container, fakeEngine } from './fake-engine.ts';

const web = container('shop-web-1');

describe('what crosses the socket', () => {
  it('is what the engine answered', async () => {
    const networks = [{ name: 'shop_default' }] as never;
    const engine = fakeEngine({ containers: async () => [web], networks: async () => networks });
    await using talk = await converse(async () => engine);
    expect(await talk.client.containers({ all: true, oneOffs: 'include' })).toEqual([web]);
    expect(await talk.client.networks()).toEqual(networks);
    expect(await talk.client.info()).toMatchObject({
      version: '1.2.3',
      pid: process.pid,
      runtime: 'crun',
      containers: 1,
    });
  });

  it('is the same error that the engine threw', async () => {
    const refusal = new HostError('HOST_ENOSPC', 'cannot write', { hint: 'free some space', exitCode: 17 });
    await using talk = await converse(async () => fakeEngine({ images: () => Promise.reject(refusal) }));
    await expect(talk.client.images()).rejects.toStrictEqual(refusal);
  });

  it('is, for a bug of ours, its message and no closed connection', async () => {
    await using talk = await converse(async () => fakeEngine());
    await expect(talk.client.imageInspect('x')).rejects.toThrow('the test did not expect engine.store');
  });

  it('finds a container by id, name, or the beginning of its id, and says so when it cannot', async () => {
    const stopped: string[] = [];
    const engine = fakeEngine({
      containers: async () => [web, container('shop-db-1')],
      stop: async (id) => void stopped.push(id),
    });
    await using talk = await converse(async () => engine);
    for (const reference of [web.id, web.name, web.id.slice(0, 18)]) await talk.client.stop(reference, {});
    expect(stopped).toEqual([web.id, web.id, web.id]);
    await expect(talk.client.stop('nothing', {})).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' });
    await expect(talk.client.stop(web.id.slice(0, 4), {})).rejects.toMatchObject({
      code: 'CONTAINER_AMBIGUOUS',
    });
  });

  it('is an archive, whole, in both directions', async () => {
    const archive = Buffer.alloc(3 * 1024 * 1024, 'layer');
    const loaded: string[] = [];
    const store = {
      load: async (stream: NodeJS.ReadableStream) => {
        loaded.push(await text(stream));
        return [];
      },
      save: async () => Readable.from([archive]),
    } as unknown as ServedEngine['store'];
    await using talk = await converse(async () => fakeEngine({ store }));

    await talk.client.imageLoad(Readable.from([archive]));
    const saved: Buffer[] = [];
    const to = new Writable({ write: (chunk, _, done) => done(void saved.push(chunk)) });
    await talk.client.imageSave(['busybox'], to);
    expect([loaded[0] === archive.toString(), Buffer.concat(saved).equals(archive)]).toEqual([true, true]);
  });

  it('is a hundred thousand log lines, in order, held back to the pace of the reader', async () => {
    const engine = fakeEngine({
      containers: async () => [{ ...web, state: 'exited' }],
      logs: async function* () {
        for (let n = 0; n < 100_000; n += 1)
          yield { time: `t${n}`, stream: 'stdout' as const, text: `line ${n}` };
      },
    });
    await using talk = await converse(async () => engine);
    const entries: ContainerLogEntry[] = [];
    await talk.client.logs({ all: true, oneOffs: 'include' }, { follow: false }, (entry) =>
      entries.push(entry),
    );
    expect([entries.length, entries[0]?.text, entries.at(-1)?.text]).toEqual([
      100_000,
      'line 0',
      'line 99999',
    ]);
  });
});

describe('a client that has lost interest', () => {
  it('ends a wait by its signal, here and in the agent', async () => {
    let asked = false;
    let raised = false;
    const engine = fakeEngine({
      containers: async () => [web],
      wait: (_, signal) =>
        new Promise((_resolve, reject) => {
          asked = true;
          signal.addEventListener('abort', () => {
            raised = true;
            reject(new TscomposeError('INTERRUPTED', 'gave up'));
          });
        }),
    });
    await using talk = await converse(async () => engine);
    const patience = new AbortController();
    const waiting = talk.client.wait(web.id, patience.signal);
    await expect.poll(() => asked).toBe(true);
    patience.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect.poll(() => raised).toBe(true);
  });

  it('resolves when it stops following logs', async () => {
    const engine = fakeEngine({
      containers: async () => [web],
      logs: async function* (_id, _query, signal) {
        yield { time: 't', stream: 'stdout' as const, text: 'hello' };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    await using talk = await converse(async () => engine);
    const patience = new AbortController();
    const seen: string[] = [];
    const follow = talk.client.logs(
      { all: true, oneOffs: 'include' },
      { follow: true },
      ({ text: line }) => {
        seen.push(line);
        patience.abort();
      },
      patience.signal,
    );
    await follow;
    expect(seen).toEqual(['hello']);
  });
});
