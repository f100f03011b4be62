import { describe, expect, it } from 'vitest';
import type { AgentClient, ContainerLogEntry, ContainerLogsQuery } from '../../src/agent/protocol.ts';
import { main } from '../../src/cli/main.ts';
import { container, now, run, shop, world } from './world.ts';

const entry = (service: string, text: string, number = 1): ContainerLogEntry => ({
  container: `shop-${service}-${number}`,
  service,
  number,
  oneOff: false,
  time: '2024-05-01T09:59:00.123456789Z',
  stream: text.startsWith('!') ? 'stderr' : 'stdout',
  text,
});

function talking(...entries: ContainerLogEntry[]) {
  const asked: ContainerLogsQuery[] = [];
  const client: Partial<AgentClient> = {
    containers: async () => [container(), container({ service: 'database' })],
    logs: async (_filter, query, onEntry) => {
      asked.push(query);
      entries.forEach(onEntry);
    },
  };
  return { asked, options: { files: shop, client } };
}

describe('logs', () => {
  it('puts the name of the container before each line, all of one width', async () => {
    const { options } = talking(entry('web', 'hello'), entry('database', 'ready'), entry('web', '!oops'));
    expect(await run('logs', options)).toMatchObject({
      code: 0,
      out: 'web-1       | hello\ndatabase-1  | ready\n',
      err: 'web-1       | !oops\n',
    });
  });

  it('leaves the name out and the time in when asked to', async () => {
    const { options } = talking(entry('web', 'hello'));
    expect((await run('logs --no-log-prefix', options)).out).toBe('hello\n');
    expect((await run('logs -t', options)).out).toBe('web-1       | 2024-05-01T09:59:00.123456789Z hello\n');
  });

  it('colours each container on a terminal', async () => {
    const { options } = talking(entry('web', 'hello'), entry('database', 'ready'));
    expect((await run('logs', { ...options, tty: true })).out).toBe(
      '\u001b[36mweb-1       | \u001b[39mhello\n\u001b[33mdatabase-1  | \u001b[39mready\n',
    );
    expect((await run('logs --no-color', { ...options, tty: true })).out).toBe(
      'web-1       | hello\ndatabase-1  | ready\n',
    );
  });

  it('asks for the lines that are wanted', async () => {
    const { options, asked } = talking();
    await run('logs -f -n 5 --since 10m --until 2024-05-01T10:00:00Z', options);
    await run('logs --tail all --since 1714550400', options);
    expect(asked).toEqual([
      { follow: true, tail: 5, since: now - 600_000, until: now },
      { follow: false, since: 1_714_550_400_000 },
    ]);
  });

  it('shows one container of many with --index', async () => {
    const { options } = talking(entry('web', 'one'), entry('web', 'two', 2));
    expect((await run('logs --index 2 web', options)).out).toBe('web-2       | two\n');
  });

  it('ends with 130 when a follower is interrupted', async () => {
    const here = world({
      files: shop,
      client: {
        logs: (_filter, _query, _onEntry, signal) =>
          new Promise((resolve) => {
            signal?.addEventListener('abort', () => resolve());
            here.interrupt();
          }),
      },
    });
    expect(await main(['logs', '-f'], here.io)).toBe(130);
  });
});
