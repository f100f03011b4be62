/**
 * Which proxy stands before a server, by `HTTPS_PROXY` and `NO_PROXY`, as Docker and other Go programs read them.
 * Plain HTTP goes to this machine only, and no proxy stands before that.
 * @see golang.org/x/net/http/httpproxy
 */
import { BlockList, isIP } from 'node:net';
import { HostError } from '../errors.ts';

export type FindProxy = (host: string, port: number) => URL | undefined;

export interface ProxySettings {
  /** `http://user:password@host:port`; the scheme may be left out. */
  readonly proxy?: string;
  /** Servers to speak to directly: names with all below them, addresses, CIDR ranges, `*`; each may end in `:port`. */
  readonly noProxy?: string;
}

/** @throws HostError `HOST_PROXY_INVALID` */
export function proxyRules({ proxy, noProxy = '' }: ProxySettings): FindProxy {
  if (proxy === undefined || proxy === '') return () => undefined;
  const url = parseProxy(proxy);
  const exceptions = noProxy.split(',').flatMap((text) => exceptionOf(text.trim().toLowerCase()));
  return (host, port) => {
    const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
    return isThisMachine(name) || exceptions.some((covers) => covers(name, port)) ? undefined : url;
  };
}

function parseProxy(text: string): URL {
  const full = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new HostError('HOST_PROXY_INVALID', `HTTPS_PROXY is no address of an HTTP proxy`, {
    hint: 'write it as http://host:port; other kinds of proxies cannot be used',
  });
}

type Covers = (name: string, port: number) => boolean;

function exceptionOf(text: string): Covers[] {
  if (text === '') return [];
  if (text === '*') return [() => true];
  const range = rangeOf(text);
  if (range !== undefined) return [(name) => isIP(name) > 0 && range.check(name, familyOf(name))];
  const [, host = text, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(text) ?? [];
  const bare = host.replace(/^\[|\]$/g, '').replace(/^\*\./, '.');
  const isHost = (name: string): boolean =>
    bare.startsWith('.') ? name.endsWith(bare) : name === bare || (!isIP(bare) && name.endsWith(`.${bare}`));
  return [(name, toPort) => isHost(name) && (port === undefined || Number(port) === toPort)];
}

function rangeOf(text: string): BlockList | undefined {
  const [, address = '', prefix] = /^(.+)\/(\d+)$/.exec(text) ?? [];
  const longest = familyOf(address) === 'ipv4' ? 32 : 128;
  if (isIP(address) === 0 || Number(prefix) > longest) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(prefix), familyOf(address));
  return range;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
