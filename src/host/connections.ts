/**
 * Encrypted connections to servers elsewhere, kept open between requests.
 * Goes in: whom to trust, who we are, the way through a proxy. Comes out: what `exchange` sends requests over.
 */
import { request as requestPlainly } from 'node:http';
import { Agent, request as requestOverTls } from 'node:https';
import type { Duplex } from 'node:stream';
import { createSecureContext, rootCertificates } from 'node:tls';
import { HostError } from '../errors.ts';
import type { FindProxy } from './proxy.ts';

export type Connections = Agent;

export interface ConnectionOptions {
  /** Whom to trust, in PEM. */
  readonly authorities: readonly string[];
  /** Ours, for servers that ask for one. */
  readonly certificates: readonly { readonly certificate: string; readonly key: string }[];
  readonly proxyFor: FindProxy;
}

/** How long a connection is kept that nobody uses, and how long making one may take. */
const idleMs = 60_000;

/** @throws Error of OpenSSL when a certificate or a key cannot be read */
export function openConnections({ authorities, certificates, proxyFor }: ConnectionOptions): Connections {
  // One context for all connections: reading a system's authorities takes a tenth of a second.
  const secureContext = createSecureContext({
    ca: [...authorities],
    ...(certificates.length === 0
      ? {}
      : {
          cert: certificates.map(({ certificate }) => certificate),
          key: certificates.map(({ key }) => key),
        }),
  });
  const agent = new Agent({ keepAlive: true, timeout: idleMs, secureContext });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const { host, port } = options as { readonly host: string; readonly port: number };
    const proxy = proxyFor(host, port);
    if (proxy === undefined) return connect(options, callback);
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    tunnel(proxy, target).then(
      (socket) => callback?.(null, connect(Object.assign({}, options, { socket })) as Duplex),
      (error: Error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

/** The authorities that Node brings, for machines that have none. */
export function bundledAuthorities(): readonly string[] {
  return rootCertificates;
}

/** A way through the proxy to `target`. @see RFC 9110, section 9.3.6, CONNECT */
function tunnel(proxy: URL, target: string): Promise<Duplex> {
  const open = proxy.protocol === 'https:' ? requestOverTls : requestPlainly;
  return new Promise((resolve, reject) => {
    const sent = open(proxy, {
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorizationFor(proxy) },
      agent: false,
      timeout: idleMs,
    });
    sent.once('timeout', () => sent.destroy(proxyFailed(proxy, 'does not answer')));
    sent.once('error', (error) =>
      reject(error instanceof HostError ? error : proxyFailed(proxy, `cannot be reached: ${error.message}`)),
    );
    sent.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(proxyFailed(proxy, `answers ${answer.statusCode} when asked for ${target}`));
    });
    sent.end();
  });
}

function authorizationFor({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

/** By host only: the address may hold a password. */
function proxyFailed(proxy: URL, what: string): HostError {
  return new HostError('HOST_PROXY', `the proxy ${proxy.host} ${what}`, { hint: 'check HTTPS_PROXY' });
}
