/** A container in the foreground: its stdio joined to ours, its exit code ours. */
import type { AttachPoint } from '../agent/protocol.ts';
import { TscomposeError } from '../errors.ts';
import type { Cli } from './cli.ts';
import { defaultDetachKeys, join, type Stdio } from './terminal.ts';

export interface StdioOptions {
  readonly stdin: boolean;
  /** As Docker writes them: `ctrl-p,ctrl-q`. */
  readonly detachKeys: string | undefined;
  readonly forwardSignals: boolean;
  /** Starts the container, when it is not running yet. Connecting goes on meanwhile. */
  readonly begin: () => Promise<void>;
}

/** Resolves with the container's exit code, or with 0 when the person left it running. */
export async function attachTo(cli: Cli, container: string, options: StdioOptions): Promise<number> {
  const client = await cli.client();
  const point = await client.attach(container);
  const keys = options.detachKeys === undefined ? defaultDetachKeys : parseKeys(options.detachKeys);
  const terminal = await cli.io.terminal();
  const over = new AbortController();
  const exit = client.wait(container, over.signal);
  exit.catch(() => undefined);
  const release = forwardInterrupts(cli, container, options.forwardSignals && !point.tty);
  try {
    const [stdio] = await Promise.all([connect(cli, point, exit), options.begin()]);
    if (stdio === undefined) return await exit;
    const end = await join(terminal, stdio, { tty: point.tty, stdin: options.stdin, detachKeys: keys });
    return end === 'detached' ? 0 : await exit;
  } finally {
    release();
    over.abort();
  }
}

/** Between two attempts to connect to a container that is being started. */
const retryMs = 1;

/** Its output begins with its process, so this tries from before the start. `undefined`: it has ended already. */
async function connect(cli: Cli, point: AttachPoint, exit: Promise<number>): Promise<Stdio | undefined> {
  let ended = false;
  exit.then(
    () => (ended = true),
    () => (ended = true),
  );
  for (;;) {
    const stdio = await cli.io.attach(point);
    if (stdio !== undefined || ended) return stdio;
    await cli.io.sleep(retryMs);
  }
}

/** With a terminal, Ctrl-C is a byte of its input. Without one it is a signal, and meant for the container. */
function forwardInterrupts(cli: Cli, container: string, forward: boolean): () => void {
  if (!forward) return () => undefined;
  return cli.io.onInterrupt(() => {
    void cli
      .client()
      .then((client) => client.kill(container, 'SIGINT'))
      // It may have ended in the meantime; then its exit code says so.
      .catch(() => undefined);
  });
}

/** `ctrl-p,ctrl-q`, `ctrl-x,x`. @throws TscomposeError `CLI_USAGE` */
export function parseKeys(text: string): Buffer {
  const bytes = text
    .split(',')
    .filter((key) => key !== '')
    .map((key) => {
      const [, letter] = /^ctrl-([a-z@[\\\]^_])$/.exec(key) ?? [];
      if (letter !== undefined) return letter.toUpperCase().charCodeAt(0) & 0x1f;
      if (key.length === 1) return key.charCodeAt(0);
      throw new TscomposeError('CLI_USAGE', `"${key}" is no key to detach with`, {
        hint: 'write keys as ctrl-p,ctrl-q or single letters',
      });
    });
  return Buffer.from(bytes);
}
