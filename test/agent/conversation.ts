/** A client and an agent that talk over a real socket, within the test's own process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../../src/agent/agent.ts';
import { clientOver } from '../../src/agent/client.ts';
import type { AgentClient } from '../../src/agent/protocol.ts';
import type { ServedEngine } from '../../src/agent/routes.ts';
import { Transport } from '../../src/agent/transport.ts';
import { systemHost } from '../../src/host/system-host.ts';

export interface Conversation extends AsyncDisposable {
  readonly agent: Agent;
  readonly client: AgentClient;
  readonly run: string;
  /** Another client, perhaps of another build. */
  join(options?: { build?: string; launch?: () => Promise<'ready' | 'busy'> }): AgentClient;
}

export async function converse(
  createEngine: () => Promise<ServedEngine>,
  options: { idleMs?: number; handOverMs?: number; run?: string; build?: string } = {},
): Promise<Conversation> {
  const run = options.run ?? (await mkdtemp(join(tmpdir(), 'tsc-')));
  const agent = await Agent.start({
    host: systemHost,
    directories: { data: run, run, tag: '000000' },
    createEngine,
    version: '1.2.3',
    build: options.build ?? 'this-build',
    idleMs: options.idleMs ?? 60_000,
    ...(options.handOverMs === undefined ? {} : { handOverMs: options.handOverMs }),
  }).catch(async (error: unknown) => {
    await rm(run, { recursive: true, force: true });
    throw error;
  });
  const clients: AgentClient[] = [];
  const connect: Conversation['join'] = ({ build = 'this-build', launch = noLaunch } = {}) => {
    const transport = new Transport({ socketPath: join(run, 'agent.sock'), build, launch });
    const client = clientOver(systemHost.files, transport, async () => false);
    clients.push(client);
    return client;
  };
  return {
    agent,
    client: connect(),
    run,
    join: connect,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close();
      agent.leave('terminated');
      await agent.left;
      await rm(run, { recursive: true, force: true });
    },
  };
}

function noLaunch(): never {
  throw new Error('the client found no agent and wanted to start one');
}
