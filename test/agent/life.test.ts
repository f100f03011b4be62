import { access, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ServedEngine } from '../../src/agent/routes.ts';
import { HostError, TscomposeError } from '../../src/errors.ts';
import { eventually } from '../patience.ts';
import { type Conversation, converse } from './conversation.ts';
import { container, fakeEngine } from './fake-engine.ts';

const everything = { all: true, oneOffs: 'include' } as const;

describe('the agent', () => {
  it('listens where only its owner may talk to it', async () => {
    await using talk = await converse(async () => fakeEngine());
    const { mode } = await stat(join(talk.run, 'agent.sock'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('takes the place of the socket that a killed one left', async () => {
    await using first = await converse(async () => fakeEngine());
    await writeFile(join(first.run, 'agent.sock.old'), '');
    await using second = await converse(async () => fakeEngine(), { run: first.run });
    expect(await second.client.containers(everything)).toEqual([]);
  });

  it('lets those who come early wait until its engine is ready', async () => {
    let ready: (engine: ServedEngine) => void = () => undefined;
    const engine = new Promise<ServedEngine>((resolve) => {
      ready = resolve;
    });
    const starting = converse(() => engine);
    await sleep(30);
    ready(fakeEngine({ containers: async () => [container('shop-web-1')] }));
    await using talk = await starting;
    expect(await talk.client.containers(everything)).toHaveLength(1);
  });

  it('that cannot start fails with what stopped it', async () => {
    const refusal = new HostError('HOST_EROFS', 'cannot create the directory /data');
    await expect(converse(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });

  it('leaves when nothing runs and nobody is connected, and takes its files with it', async () => {
    const closed: string[] = [];
    // Until the client is there it does not leave, however long that takes.
    let isIdle = false;
    const engine = fakeEngine({ idle: () => isIdle, close: async () => void closed.push('engine') });
    await using talk = await converse(async () => engine, { idleMs: 40 });
    for (const name of ['agent.lock', 'agent.log']) await writeFile(join(talk.run, name), '');
    await talk.client.containers(everything);
    isIdle = true;
    await sleep(120);
    expect(closed).toEqual([]);
    talk.client.close();
    await talk.agent.left;
    expect(closed).toEqual(['engine']);
    await expect(access(talk.run)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that cannot leave in order says so, so that its process ends', async () => {
    const engine = fakeEngine({
      idle: () => true,
      close: () => Promise.reject(new Error('the disk is full')),
    });
    const talk = await converse(async () => engine, { idleMs: 10 });
    await expect(talk.agent.left).rejects.toThrow('the disk is full');
    await rm(talk.run, { recursive: true });
  });

  it('leaves as well after an archive that it did not read to its end', async () => {
    const load = async (archive: NodeJS.ReadableStream): Promise<never> => {
      for await (const chunk of archive) throw new TscomposeError('IMAGE_CORRUPT', `${chunk.length} bytes`);
      throw new Error('nothing came');
    };
    const store = { load } as unknown as ServedEngine['store'];
    const engine = fakeEngine({ idle: () => true, close: async () => undefined, store });
    await using talk = await converse(async () => engine, { idleMs: 1000 });
    const large = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1024 * 1024)));
    await expect(talk.client.imageLoad(large)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    talk.client.close();
    await talk.agent.left;
  });

  it('stays as long as a container runs', async () => {
    let running = true;
    const engine = fakeEngine({ idle: () => !running });
    await using talk = await converse(async () => engine, { idleMs: 20 });
    const left = talk.agent.left.then(() => 'left');
    expect(await Promise.race([left, sleep(150, 'still there')])).toBe('still there');
    running = false;
    expect(await Promise.race([left, sleep(60_000, 'still there', { ref: false })])).toBe('left');
  });

  it('removes no file that is not its own', async () => {
    await using talk = await converse(async () => fakeEngine({ idle: () => true }), { idleMs: 30 });
    await writeFile(join(talk.run, 'precious'), '');
    await talk.agent.left;
    expect(await readdir(talk.run)).toEqual(['precious']);
  });
});

describe('an agent that hands over', () => {
  it('does so when a client of another build comes, which then starts its own', async () => {
    await using old = await converse(async () => fakeEngine());
    let successor: Conversation | undefined;
    const newer = old.join({
      build: 'newer-build',
      launch: async () => {
        await old.agent.left;
        successor = await converse(async () => fakeEngine(), { run: old.run, build: 'newer-build' });
        return 'ready';
      },
    });
    expect(await newer.containers(everything)).toEqual([]);
    expect(successor).toBeDefined();
    await successor?.[Symbol.asyncDispose]();
  });

  it('is not sent away by a client of the build it took the place of', async () => {
    await using old = await converse(async () => fakeEngine());
    await old.client.containers(everything);
    old.agent.leave('handed over');
    await old.agent.left;
    await using _newer = await converse(async () => fakeEngine(), { run: old.run, build: 'newer-build' });
    await expect(old.client.containers(everything)).rejects.toMatchObject({ code: 'AGENT_OTHER_BUILD' });
  });

  it('first brings the change that is being made to its end', async () => {
    let end: (() => void) | undefined;
    let stopped = false;
    const engine = fakeEngine({
      containers: async () => [container('shop-web-1')],
      stop: () =>
        new Promise((resolve) => {
          end = () => {
            stopped = true;
            resolve();
          };
        }),
    });
    await using talk = await converse(async () => engine);
    const stopping = talk.client.stop('shop-web-1', {});
    await eventually(() => expect(end).toBeDefined());
    talk.agent.leave('handed over');
    await sleep(30);
    expect(stopped).toBe(false);
    end?.();
    await stopping;
    await talk.agent.left;
    expect(stopped).toBe(true);
  });

  /** A pull that ends only when it is told to; and the reasons it was told. */
  function endlessPull() {
    const ended: unknown[] = [];
    let begin = (): void => undefined;
    const began = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const pull = (_reference: string, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        begin();
        signal.addEventListener('abort', () => {
          ended.push(signal.reason);
          reject(signal.reason);
        });
      });
    const store = { pull } as unknown as ServedEngine['store'];
    return { engine: fakeEngine({ store }), ended, began };
  }

  it('cuts short a change that takes too long', async () => {
    const { engine, began } = endlessPull();
    await using talk = await converse(async () => engine, { handOverMs: 50 });
    const pulling = talk.client.imagePull('busybox', {});
    const failed = expect(pulling).rejects.toMatchObject({ code: 'AGENT_LEFT' });
    await began;
    talk.agent.leave('handed over');
    await failed;
    await talk.agent.left;
  });

  it('hears by the line that its client gives up, for it listens no more; no other agent is started', async () => {
    const { engine, began, ended } = endlessPull();
    await using talk = await converse(async () => engine);
    let launches = 0;
    const client = talk.join({
      launch: async () => {
        launches += 1;
        return 'busy';
      },
    });
    const patience = new AbortController();
    const pulling = client.imagePull('busybox', { signal: patience.signal });
    const failed = expect(pulling).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    await began;
    talk.agent.leave('handed over');
    await expect
      .poll(() =>
        access(join(talk.run, 'agent.sock')).then(
          () => 'there',
          () => 'gone',
        ),
      )
      .toBe('gone');
    patience.abort();
    await failed;
    await expect.poll(() => ended.length).toBe(1);
    expect(launches).toBe(0);
  });

  it('is waited for only as long as the client wants', async () => {
    const talk = await converse(async () => fakeEngine());
    talk.agent.leave('handed over');
    await talk.agent.left;
    const patience = new AbortController();
    const client = talk.join({
      launch: async () => {
        patience.abort();
        return 'busy';
      },
    });
    const pulling = client.imagePull('busybox', { signal: patience.signal });
    await expect(pulling).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    await talk[Symbol.asyncDispose]();
  });

  it('cuts short what only looks on: the wait goes on with the successor', async () => {
    const wait = vi.fn(
      (_id: string, signal: AbortSignal) =>
        new Promise<number>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        ),
    );
    const engine = fakeEngine({ containers: async () => [container('shop-web-1')], wait });
    await using talk = await converse(async () => engine);
    let successor: Conversation | undefined;
    const patient = talk.join({
      launch: async () => {
        await talk.agent.left;
        successor ??= await converse(
          async () => fakeEngine({ containers: engine.containers, wait: async () => 7 }),
          {
            run: talk.run,
          },
        );
        return 'ready';
      },
    });
    const waiting = patient.wait('shop-web-1');
    await eventually(() => expect(wait).toHaveBeenCalled());
    talk.agent.leave('handed over');
    expect(await waiting).toBe(7);
    await successor?.[Symbol.asyncDispose]();
  });
});
