/**
 * Our terminal joined to a container's stdio: raw mode while it lasts, sizes passed on,
 * ctrl-p ctrl-q to leave. Whatever happens, the terminal is given back as it was.
 */

/** Our own standard streams. */
export interface Terminal {
  readonly stdinIsTTY: boolean;
  readonly rows: number;
  readonly columns: number;
  /** Bytes typed or piped in; `undefined` at the end. Answers how to stop listening. */
  onInput(listener: (bytes: Buffer | undefined) => void): () => void;
  onResize(listener: () => void): () => void;
  setRaw(raw: boolean): void;
  write(stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void>;
}

/** A container's stdio, connected. */
export interface Stdio {
  /** Calls back with each piece of output, in order; resolves when the container's side is closed. */
  read(onPacket: (stream: 'stdout' | 'stderr', bytes: Buffer) => void | Promise<void>): Promise<void>;
  write(bytes: Buffer): Promise<void>;
  /** No more input: closes the container's standard input. */
  endInput(): void;
  resize(rows: number, columns: number): void;
  close(): void;
}

export interface JoinOptions {
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Keys that leave the container running; empty: none. */
  readonly detachKeys: Buffer;
}

/** ctrl-p ctrl-q */
export const defaultDetachKeys = Buffer.from([0x10, 0x11]);

/** Resolves with `detached` when the keys were typed, `ended` when the container closed its side. */
export async function join(
  terminal: Terminal,
  stdio: Stdio,
  options: JoinOptions,
): Promise<'ended' | 'detached'> {
  const undo: (() => void)[] = [];
  try {
    if (options.tty) {
      if (options.stdin && terminal.stdinIsTTY) {
        terminal.setRaw(true);
        undo.push(() => terminal.setRaw(false));
      }
      const tellSize = (): void => stdio.resize(terminal.rows, terminal.columns);
      tellSize();
      undo.push(terminal.onResize(tellSize));
    }
    const left = new Promise<'detached'>((resolve) => {
      if (options.stdin) undo.push(forwardInput(terminal, stdio, options, () => resolve('detached')));
    });
    const ended = stdio.read((stream, bytes) => terminal.write(stream, bytes)).then((): 'ended' => 'ended');
    return await Promise.race([ended, left]);
  } finally {
    for (const step of undo.reverse()) step();
    stdio.close();
  }
}

function forwardInput(
  terminal: Terminal,
  stdio: Stdio,
  options: JoinOptions,
  onDetach: () => void,
): () => void {
  const keys = new DetachKeys(options.tty ? options.detachKeys : Buffer.alloc(0));
  let writing = Promise.resolve();
  return terminal.onInput((bytes) => {
    const { forward, detached } = bytes === undefined ? keys.flush() : keys.take(bytes);
    writing = writing
      .then(() => (forward.length === 0 ? undefined : stdio.write(forward)))
      .then(() => (bytes === undefined ? stdio.endInput() : undefined))
      // The container may end while there is still input for it; its exit code says so.
      .catch(() => undefined);
    if (detached) onDetach();
  });
}

/** Finds the key sequence in the input. What turns out not to be it is passed on unchanged. */
export class DetachKeys {
  private readonly keys: Buffer;
  private held = 0;

  constructor(keys: Buffer) {
    this.keys = keys;
  }

  take(bytes: Buffer): { readonly forward: Buffer; readonly detached: boolean } {
    const forward: number[] = [];
    for (const byte of bytes) {
      if (this.keys.length > 0 && byte === this.keys[this.held]) {
        this.held += 1;
        if (this.held === this.keys.length) return { forward: Buffer.from(forward), detached: true };
        continue;
      }
      forward.push(...this.keys.subarray(0, this.held));
      this.held = this.keys.length > 0 && byte === this.keys[0] ? 1 : 0;
      if (this.held === 0) forward.push(byte);
    }
    return { forward: Buffer.from(forward), detached: false };
  }

  flush(): { readonly forward: Buffer; readonly detached: boolean } {
    const forward = Buffer.from(this.keys.subarray(0, this.held));
    this.held = 0;
    return { forward, detached: false };
  }
}
