/**
 * nftables, in-process through libnftables: a quarter of a millisecond for what costs a process 3 ms.
 * Numeric priorities only: this library refuses the symbolic ones on output hooks.
 */
import { HostError } from '../errors.ts';
import { native, offThread } from './libc.ts';
import type { Namespace } from './namespaces.ts';
import { within } from './namespaces.ts';

/**
 * Runs the commands as one transaction: all of them take effect, or none.
 * @param purpose for the error: "publish the ports of web-1"
 * @throws HostError `HOST_NFT` with what nftables said
 */
export function runNft(commands: string, purpose: string, namespace?: Namespace): Promise<void> {
  // The context's socket is made now, while the namespace is certain to be open; the work waits its turn.
  const context = within(namespace, newContext);
  const turn = tail.then(() => carriedOut(context, commands, purpose));
  tail = turn.catch(() => undefined);
  return turn;
}

/** libnftables keeps state of its own outside the contexts: one transaction at a time. */
let tail: Promise<unknown> = Promise.resolve();

type Context = object;

function newContext(): Context {
  const create = native<Context | null>('libnftables.so.1', 'void *nft_ctx_new(uint32_t flags)');
  const context = create(0);
  if (context === null)
    throw new HostError('HOST_NFT', 'cannot talk to nftables', { hint: hints.permission });
  native('libnftables.so.1', 'int nft_ctx_buffer_error(void *context)')(context);
  native('libnftables.so.1', 'int nft_ctx_buffer_output(void *context)')(context);
  return context;
}

async function carriedOut(context: Context, commands: string, purpose: string): Promise<void> {
  const run = native('libnftables.so.1', 'int nft_run_cmd_from_buffer(void *context, const char *commands)');
  const said = native<string | null>(
    'libnftables.so.1',
    'const char *nft_ctx_get_error_buffer(void *context)',
  );
  const free = native<void>('libnftables.so.1', 'void nft_ctx_free(void *context)');
  try {
    const code = await offThread(run, context, commands);
    if (code !== 0) throw refusal(purpose, said(context) ?? '');
  } finally {
    free(context);
  }
}

function refusal(purpose: string, message: string): HostError {
  const lines = message.trim().split('\n').slice(0, 3).join('; ');
  const hint = /not permitted/i.test(message) ? hints.permission : undefined;
  return new HostError(
    'HOST_NFT',
    `cannot ${purpose}: nftables says: ${lines}`,
    hint === undefined ? {} : { hint },
  );
}

const hints = { permission: 'changing the packet filter needs root (CAP_NET_ADMIN)' } as const;
