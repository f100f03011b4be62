import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ApplyLine, ApplyRequest } from '../../src/agent/protocol.ts';
import type { ObservedContainer } from '../../src/compose/plan/observed.ts';
import { ComposeError, TscomposeError } from '../../src/errors.ts';
import { attached, project, up } from '../compose/plan/model.ts';
import { converse } from './conversation.ts';
import { fakeEngine } from './fake-engine.ts';

const data = { type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: false } as const;

const stop = (projectName = 'shop'): ApplyRequest => ({
  projectName,
  command: { kind: 'stop', services: [] },
  dryRun: false,
});

function running(service: string, project = 'shop'): ObservedContainer {
  return {
    id: service.padEnd(64, '0'),
    name: `${project}-${service}-1`,
    project,
    service,
    number: 1,
    oneOff: false,
    configHash: 'x',
    image: 'busybox',
    imageId: 'sha256:1',
    state: { status: 'running', health: 'none' },
    networks: [],
    volumes: [],
    dependsOn: [],
    joins: [],
    labels: {},
    createdAt: 1,
  };
}

function observing(...containers: ObservedContainer[]) {
  return async () => ({
    containers,
    networks: [],
    volumes: [],
    images: {},
    imageAgesMs: {},
    fileDigests: {},
    foreignContainers: {},
    cgroupVersion: 1 as const,
  });
}

/** Lines in short: what matters of each in these tests. */
function brief(line: ApplyLine): string {
  if (line.kind === 'node') return `${line.node} ${line.phase}`;
  if (line.kind === 'plan') return `plan of ${line.plan.nodes.length}`;
  if (line.kind === 'outcome') return line.ok ? 'done' : line.error.code;
  return line.kind;
}

describe('an apply', () => {
  it('tells the plan, what happens, and the outcome', async () => {
    const performed: string[] = [];
    const engine = fakeEngine({
      observe: observing(running('web')),
      perform: async (action) => void performed.push(action.kind),
    });
    await using talk = await converse(async () => engine);
    const lines: string[] = [];
    const plan = await talk.client.apply(stop(), { onLine: (line) => lines.push(brief(line)) });
    const [node] = plan.nodes;
    expect(lines).toEqual(['plan of 1', `${node?.id} started`, `${node?.id} done`, 'done']);
    expect(performed).toEqual(['StopContainer']);
  });

  it('stops before anything is changed when it is a dry run, having checked it all the same', async () => {
    const taken = new ComposeError([{ code: 'PORT_IN_USE', message: 'port 80 is in use by nginx' }]);
    const engine = fakeEngine({ observe: observing(running('web')), preflight: () => Promise.reject(taken) });
    await using talk = await converse(async () => engine);
    const lines: string[] = [];
    const dry = talk.client.apply({ ...stop(), dryRun: true }, { onLine: (line) => lines.push(brief(line)) });
    await expect(dry).rejects.toStrictEqual(taken);
    expect(lines).toEqual(['plan of 1', 'COMPOSE_INVALID']);
  });

  it('refuses at once what is missing outside the project and what the machine has not, before an image is fetched', async () => {
    const shop = project({
      services: { web: { image: 'nginx', networks: { lan: attached() }, mounts: [data] } },
      networks: { lan: { external: true, name: 'lan' } },
      volumes: { data: { external: true, name: 'old' } },
    });
    const taken = new ComposeError([{ code: 'PORT_IN_USE', message: 'port 80 is in use by nginx' }]);
    const engine = fakeEngine({ preflight: () => Promise.reject(taken) });
    await using talk = await converse(async () => engine);
    const asked = talk.client.apply(
      { projectName: 'shop', project: shop, command: up(), dryRun: false },
      { onLine: () => undefined },
    );
    const refusal = await asked.catch((error: ComposeError) => error.problems);
    expect(refusal).toMatchObject([
      { message: 'network lan declared as external, but could not be found' },
      { message: 'external volume "old" not found' },
      { code: 'PORT_IN_USE' },
    ]);
  });

  it('throws the one cause of a failure, as the action threw it', async () => {
    const cause = new TscomposeError('CONTAINER_STUCK', 'it does not stop', { hint: 'kill it', exitCode: 4 });
    const engine = fakeEngine({ observe: observing(running('web')), perform: () => Promise.reject(cause) });
    await using talk = await converse(async () => engine);
    await expect(talk.client.apply(stop(), { onLine: () => undefined })).rejects.toStrictEqual(cause);
  });

  it('waits for the one before it of the same project, and says so; other projects do not wait', async () => {
    const order: string[] = [];
    const lines: string[] = [];
    const engine = fakeEngine({
      observe: async ({ project }) => observing(running('web', project))(),
      perform: async (action) => {
        const name = 'name' in action ? action.name : '';
        order.push(`${name} begins`);
        // The first holds its project until the second has been told to wait and the other project is at work.
        await vi.waitUntil(() => lines.length > 0 && order.includes('blog-web-1 begins'), {
          timeout: 60_000,
        });
        order.push(`${name} ends`);
      },
    });
    await using talk = await converse(async () => engine);
    const first = talk.client.apply(stop(), { onLine: () => undefined });
    await vi.waitUntil(() => order.length > 0, { timeout: 60_000 });
    const second = talk.client.apply(stop(), { onLine: (line) => lines.push(brief(line)) });
    const other = talk.client.apply(stop('blog'), { onLine: () => undefined });
    await Promise.all([first, second, other]);
    expect(order.slice(0, 2)).toEqual(['shop-web-1 begins', 'blog-web-1 begins']);
    expect(order.filter((event) => event.startsWith('shop'))).toEqual([
      'shop-web-1 begins',
      'shop-web-1 ends',
      'shop-web-1 begins',
      'shop-web-1 ends',
    ]);
    expect(lines[0]).toBe('waiting');
  });

  it('that is interrupted lets what is in flight end, skips the rest, and tells both', async () => {
    const engine = fakeEngine({
      observe: observing({ ...running('web'), dependsOn: ['db'] }, running('db')),
      perform: () => sleep(500),
    });
    await using talk = await converse(async () => engine);
    const interrupt = new AbortController();
    const lines: string[] = [];
    const interrupted = talk.client.apply(
      { ...stop(), parallel: 1 },
      {
        onLine: (line) => {
          lines.push(brief(line));
          if (brief(line).endsWith('started')) interrupt.abort();
        },
        signal: interrupt.signal,
      },
    );
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual([
      '2',
      'started',
      'done',
      'skipped',
      'INTERRUPTED',
    ]);
  });

  it('whose client dies ends the same way, and the next one gets its turn', async () => {
    const performed: string[] = [];
    const engine = fakeEngine({
      observe: observing(running('web'), running('db')),
      perform: async (action) => {
        await sleep(60);
        performed.push(action.kind);
      },
    });
    await using talk = await converse(async () => engine);
    const mortal = talk.join();
    const lost = mortal.apply(
      { ...stop(), parallel: 1 },
      {
        onLine: (line) => {
          if (brief(line).endsWith('started')) mortal.close();
        },
      },
    );
    await expect(lost).rejects.toMatchObject({ code: 'AGENT_LOST' });
    await talk.client.apply({ ...stop(), dryRun: false }, { onLine: () => undefined });
    // One of the first client's two, then both of the second's.
    expect(performed.length).toBe(3);
  });
});
