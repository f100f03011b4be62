/**
 * Requests on behalf of a registry: to itself, to its token server and to where it keeps its blobs.
 * Trust is Docker's: the system's authorities and `/etc/docker/certs.d/<host>`, for all three.
 */
import { join } from 'node:path';
import { HostError, TscomposeError } from '../../errors.ts';
import { bundledAuthorities, type Connections, openConnections } from '../../host/connections.ts';
import type { Files } from '../../host/files.ts';
import { exchange, type HttpAnswer, type HttpRequest } from '../../host/http.ts';
import { type ProxySettings, proxyRules } from '../../host/proxy.ts';
import type { Domain } from '../references.ts';
import { hostOf } from './endpoint.ts';

export type Send = (domain: Domain, request: HttpRequest) => Promise<HttpAnswer>;

export interface TransportSettings extends ProxySettings {
  /** A file of further authorities. */
  readonly extraAuthorities?: string;
  /** A directory for each registry: authorities (`*.crt`), our own certificates (`*.cert` with `*.key`). */
  readonly certificates?: string;
}

const dockerCertificates = '/etc/docker/certs.d';

/** Where distributions keep the authorities they trust; the first that is there counts. */
const systemAuthorities = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

export function createTransport(files: Files, settings: TransportSettings): Send {
  const opened = new Map<Domain, Promise<Connections>>();
  return async (domain, request) => {
    if (request.url.protocol !== 'https:') return exchange(request);
    const connections = opened.get(domain) ?? open(files, settings, domain);
    opened.set(domain, connections);
    try {
      return await exchange({ ...request, connections: await connections });
    } catch (error) {
      // Certificates may be what was wrong: the next request looks at the files again.
      opened.delete(domain);
      throw error;
    }
  };
}

async function open(files: Files, settings: TransportSettings, domain: Domain): Promise<Connections> {
  const directory = join(settings.certificates ?? dockerCertificates, hostOf(domain));
  const names = (await files.list(directory)).map(({ name }) => name).sort();
  const read = async (name: string): Promise<string> => (await files.readText(join(directory, name))) ?? '';
  const own = await Promise.all(names.filter((name) => name.endsWith('.crt')).map(read));
  const certificates = names.filter((name) => name.endsWith('.cert')).map((name) => name.slice(0, -5));
  const options = {
    authorities: [...(await generalAuthorities(files, settings)), ...own],
    certificates: await Promise.all(
      certificates.map(async (name) => ({
        certificate: await read(`${name}.cert`),
        key: await read(`${name}.key`),
      })),
    ),
    proxyFor: proxyRules(settings),
  };
  try {
    return openConnections(options);
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new TscomposeError(
      'REGISTRY_CERTIFICATES_INVALID',
      `the certificates in ${directory} cannot be used: ${(error as Error).message}`,
      { cause: error, hint: 'they must be in PEM, and each NAME.cert needs its NAME.key' },
    );
  }
}

async function generalAuthorities(
  files: Files,
  { extraAuthorities }: TransportSettings,
): Promise<readonly string[]> {
  const extra = extraAuthorities === undefined ? undefined : await files.readText(extraAuthorities);
  const further = extra === undefined ? [] : [extra];
  for (const path of systemAuthorities) {
    const system = await files.readText(path);
    if (system !== undefined) return [system, ...further];
  }
  return [...bundledAuthorities(), ...further];
}
