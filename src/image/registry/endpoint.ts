/** Where the registry of a domain listens. */
import type { Domain } from '../references.ts';

/** The default registry's API has a host of its own. */
const hosts: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** Where to connect to, and what its certificates are filed under. */
export function hostOf(domain: Domain): string {
  return hosts[domain] ?? domain;
}

/** Plain HTTP is for this machine only: nobody else hears it. */
export function endpointOf(domain: Domain): URL {
  const host = hostOf(domain);
  return new URL(`${isLoopback(host) ? 'http' : 'https'}://${host}/v2/`);
}

function isLoopback(host: string): boolean {
  const name = host.replace(/:[0-9]+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(name);
}
