/** A container in the foreground: its stdio joined to ours, its exit code ours. */
import { TscomposeError } from '../errors.ts';
import type { Cli } from './cli.ts';
import { defaultDetachKeys, join } from './terminal.ts';

export interface StdioOptions {
  readonly stdin: boolean;
  /** As Docker writes them: `ctrl-p,ctrl-q`. */
  readonly detachKeys: string | undefined;
  readonly forwardSignals: boolean;
  /** Starts the container, when it is not running yet: once we are connected, so that nothing it says is missed. */
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
    const stdio = await cli.io.attach(point);
    const begun = options.begin();
    begun.catch(() => stdio?.close());
    // Nothing listens where a container has ended already.
    const end = await (stdio === undefined
      ? 'ended'
      : join(terminal, stdio, { tty: point.tty, stdin: options.stdin, detachKeys: keys }));
    await begun;
    return end === 'detached' ? 0 : await exit;
  } finally {
    release();
    over.abort();
  }
}

/** With a terminal, Ctrl-C is a byte of its input. Without one it is a signal, and meant for the container. */
function forwardInterrupts(cli: Cli, container: string, forward: boolean): () => void {
  if (!forward) return () => undefined;
  return cli.io.onInterrupt((signal) => {
    void cli
      .client()
      .then((client) => client.kill(container, signal))
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
