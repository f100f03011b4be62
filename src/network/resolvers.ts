/** The resolvers of the attached containers: one pair of sockets in each namespace, one zone for all. */
import { HostError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { Namespace } from '../host/namespaces.ts';
import type { BoundSocket } from '../host/sockets.ts';
import type { Upstream } from './dns/forward.ts';
import { createForwarder } from './dns/forward.ts';
import { parseResolvConf } from './dns/resolv-conf.ts';
import { createResponder } from './dns/responder.ts';
import { serveNames } from './dns/server.ts';
import type { Zone } from './dns/zone.ts';
import type { NetworkKernel } from './kernel.ts';
import { resolverTable } from './ruleset.ts';

export interface ResolverRequest {
  readonly namespace: Namespace;
  readonly networkIds: readonly string[];
  /** On internal networks only. */
  readonly secluded: boolean;
  /** The service's own servers, asked from its own namespace. Empty: the host's, asked from ours. */
  readonly servers: readonly string[];
}

export interface Resolvers {
  /** Loopback must be up in the namespace. The answer closes the sockets. */
  open(request: ResolverRequest): Promise<() => void>;
  close(): void;
}

const address = '127.0.0.11';
/** Above the ephemeral ports and seldom anybody's; the container keeps port 53 for itself. */
const usualPort = 64_053;

export function createResolvers(
  kernel: NetworkKernel,
  files: Files,
  options: { readonly zone: Zone; readonly resolvConf: string },
): Resolvers {
  const forwarder = createForwarder();
  const hostServers = rememberedFor(1_000, async () => {
    const { servers } = parseResolvConf((await files.readText(options.resolvConf)) ?? '');
    // resolv.conf(5): without a server the machine itself is asked.
    return servers.length > 0 ? servers : ['127.0.0.1'];
  });

  return {
    open: async ({ namespace, networkIds, secluded, servers }) => {
      const own = servers.length > 0;
      const from = own ? namespace : undefined;
      const upstream: Upstream = {
        servers: own ? async () => servers : hostServers,
        udp: (server) => kernel.connectUdp({ address: server, port: 53 }, from),
        tcp: (server) => kernel.connectTcp({ address: server, port: 53 }, from),
      };
      const udp = bound(kernel, 'udp', namespace);
      const tcp = bound(kernel, 'tcp', namespace);
      const close = (): void => {
        udp.close();
        tcp.close();
      };
      const respond = createResponder(options.zone, { networkIds, forwards: own || !secluded });
      serveNames({ udp, tcp }, { respond, forwarder, upstream });
      const rules = resolverTable({ udpPort: udp.port, tcpPort: tcp.port });
      try {
        await kernel.filter(rules, 'lead names to the resolver', namespace);
      } catch (error) {
        close();
        throw error;
      }
      return close;
    },
    close: () => forwarder.close(),
  };
}

/** After an agent's restart a container's own server may have the usual port; any other does as well. */
function bound(kernel: NetworkKernel, transport: 'udp' | 'tcp', namespace: Namespace): BoundSocket {
  try {
    return kernel.bind({ transport, address, port: usualPort, namespace });
  } catch (error) {
    if (!(error instanceof HostError && error.code === 'HOST_EADDRINUSE')) throw error;
    return kernel.bind({ transport, address, port: 0, namespace });
  }
}

/** Resolvers change while we run (a laptop moves, a VPN starts), but not with every question. */
function rememberedFor<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    if (value === undefined) {
      value = read();
      setTimeout(() => {
        value = undefined;
      }, ms).unref();
    }
    return value;
  };
}
