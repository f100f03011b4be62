/**
 * What the agent answers, as tables: one handler a name of the protocol. Handlers translate between the
 * protocol and the engine and decide nothing; changes of a project's containers take the project's lock.
 */
import type { Readable } from 'node:stream';
import type { EmbeddedEngine } from '../engine/index.ts';
import { showImage } from '../engine/show.ts';
import { TscomposeError } from '../errors.ts';
import { systemFiles } from '../host/files.ts';
import type { ImageRecord } from '../image/images.ts';
import { imageHistory, inspectImage } from '../image/inspect.ts';
import { apply } from './apply.ts';
import { loadFor } from './load.ts';
import { streamLogs } from './log-streams.ts';
import type { ProjectLocks } from './project-locks.ts';
import type { AgentInfo, Calls, ContainerView, Downloads, Streams, Uploads } from './protocol.ts';

/** What an engine offers, without how. */
export type ServedEngine = Pick<EmbeddedEngine, keyof EmbeddedEngine>;

export interface Context {
  readonly engine: ServedEngine;
  readonly locks: ProjectLocks;
  /** Raised when the client has gone, has cancelled, or the agent must leave. */
  readonly signal: AbortSignal;
  readonly cancel: (request: string) => void;
  readonly about: About;
}

/** What the agent knows of itself without asking its engine. */
export type About = Pick<AgentInfo, 'version' | 'root' | 'run' | 'cgroupVersion'>;

/** Hands a line to the client; the answer, when there is one, resolves when more may come. */
export interface Lines<Line> {
  write(line: Line): Promise<void> | undefined;
  /** The client is behind: a line that only decorates may be left out. */
  readonly isFull: boolean;
}

type CallHandlers = {
  readonly [Name in keyof Calls]: (
    takes: Calls[Name]['takes'],
    context: Context,
  ) => Promise<Calls[Name]['gives']>;
};

type StreamHandlers = {
  readonly [Name in keyof Streams]: (
    takes: Streams[Name]['takes'],
    lines: Lines<Streams[Name]['line']>,
    context: Context,
  ) => Promise<Streams[Name]['gives']>;
};

type UploadHandlers = {
  readonly [Name in keyof Uploads]: (
    options: Uploads[Name]['takes'],
    archive: Readable,
    context: Context,
  ) => Promise<Uploads[Name]['gives']>;
};

type DownloadHandlers = {
  readonly [Name in keyof Downloads]: (
    takes: Downloads[Name]['takes'],
    context: Context,
  ) => Promise<NodeJS.ReadableStream>;
};

export const calls: CallHandlers = {
  info: async (_, { engine, about }) => ({
    ...about,
    runtime: engine.runtimeName,
    pid: process.pid,
    containers: (await engine.containers({ all: false, oneOffs: 'include' })).length,
  }),
  cancel: async ({ request }, { cancel }) => {
    cancel(request);
    return {};
  },
  load: async (request) => (await loadFor(systemFiles, request)) ?? null,
  containers: (filter, { engine }) => engine.containers(filter),
  images: (_, { engine }) => engine.images(),
  networks: (_, { engine }) => engine.networks(),
  volumes: (_, { engine }) => engine.volumes(),
  exec: async ({ container, question }, { engine }) =>
    engine.exec((await find(engine, container)).id, question),
  attach: async ({ container }, { engine }) => engine.attach((await find(engine, container)).id),
  top: async ({ container }, { engine }) => engine.top((await find(engine, container)).id),
  wait: async ({ container, run }, { engine, signal }) => ({
    exitCode: await engine.wait((await find(engine, container)).id, signal, run),
  }),
  settled: async ({ project }, { locks }) => {
    await locks.settled(project);
    return {};
  },
  start: ({ container, ...options }, context) =>
    change(container, context, ({ id }, engine) => engine.start(id, options)),
  stop: ({ container, ...options }, context) =>
    change(container, context, ({ id }, engine) => engine.stop(id, options)),
  kill: async ({ container, signal }, { engine }) => {
    await engine.kill((await find(engine, container)).id, signal);
    return {};
  },
  removeContainer: ({ container, ...options }, context) =>
    change(container, context, ({ id }, engine) => engine.removeContainer(id, options)),
  imageInspect: async ({ reference }, { engine }) => inspectImage(await findImage(engine, reference)),
  imageHistory: async ({ reference }, { engine }) => imageHistory(await findImage(engine, reference)),
  imageResolve: ({ references }, { engine, signal }) =>
    Promise.all(references.map((reference) => engine.store.resolve(reference, signal))),
  imageTag: async ({ source, target }, { engine }) => {
    await engine.store.tag(source, target);
    return {};
  },
  imageRemove: ({ reference, ...options }, { engine }) => engine.removeImage(reference, options),
};

export const streams: StreamHandlers = {
  apply: async (request, lines, context) => {
    await apply(request, lines, context);
    return {};
  },
  logs: async (request, lines, { engine, locks, signal }) => {
    const isChanging = (): boolean => locks.isChanging(request.filter.project);
    await streamLogs({ engine, isChanging }, request, lines, signal);
    return {};
  },
  imagePull: async ({ reference, ...options }, lines, { engine, signal }) => {
    const record = await engine.store.pull(reference, {
      ...options,
      signal,
      onProgress: ({ phase, layer }) => {
        if (!lines.isFull)
          void lines.write({ text: [layer?.slice(7, 19), phase].filter(Boolean).join(': ') });
      },
    });
    return showImage(record);
  },
};

export const uploads: UploadHandlers = {
  imageLoad: async (_, archive, { engine }) => (await engine.store.load(archive)).map(showImage),
  imageImport: async (options, archive, { engine }) => showImage(await engine.store.import(archive, options)),
};

export const downloads: DownloadHandlers = {
  imageSave: ({ references }, { engine }) => engine.store.save(references),
};

/**
 * Changes one container in its project's turn. A one-off belongs to the client that made it and is in nobody's
 * plan, so it does not queue behind the project's other changes; nor does a kill, which is for what hangs.
 */
async function change(
  reference: string,
  { engine, locks, signal }: Context,
  work: (view: ContainerView, engine: ServedEngine) => Promise<void>,
): Promise<Record<string, never>> {
  const view = await find(engine, reference);
  if (view.oneOff) await work(view, engine);
  else {
    const turn = { purpose: `a change of ${view.name}`, signal, onWait: () => undefined };
    await locks.run(view.project, turn, () => work(view, engine));
  }
  return {};
}

async function findImage(engine: ServedEngine, reference: string): Promise<ImageRecord> {
  const image = await engine.store.find(reference);
  if (image === undefined)
    throw new TscomposeError('IMAGE_NOT_FOUND', `no such image: ${reference}`, {
      hint: 'see what there is with: tscompose image ls',
    });
  return image;
}

async function find(engine: ServedEngine, reference: string): Promise<ContainerView> {
  const all = await engine.containers({ all: true, oneOffs: 'include' });
  const exact = all.find((view) => view.id === reference || view.name === reference);
  if (exact !== undefined) return exact;
  const beginning = reference === '' ? [] : all.filter((view) => view.id.startsWith(reference));
  const [only, another] = beginning;
  if (only === undefined) throw new TscomposeError('CONTAINER_NOT_FOUND', `no such container: ${reference}`);
  if (another !== undefined)
    throw new TscomposeError(
      'CONTAINER_AMBIGUOUS',
      `${beginning.length} containers begin with ${reference}`,
      {
        hint: `write more of the id: ${beginning.map((view) => view.id.slice(0, 12)).join(', ')}`,
      },
    );
  return only;
}
