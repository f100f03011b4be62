/** The name that a container has for itself. @see uname(2); moby, runconfig/hostconfig.go */
import { child, type Node, stringOf } from '../node.ts';
import type { Refuse } from './values.ts';

/** Of utsname, less its closing zero. */
const longest = 64;

export function checkHostname(service: Node, refuse: Refuse): void {
  const hostname = child(service, 'hostname');
  const text = stringOf(hostname) ?? '';
  const bytes = Buffer.byteLength(text);
  if (bytes > longest)
    refuse('hostname', hostname, `the name has ${bytes} bytes`, `the kernel takes ${longest} at most`);
  if (text !== '' && stringOf(child(service, 'uts')) === 'host')
    refuse(
      'hostname',
      hostname,
      'with `uts: host` the container has the name of the host',
      'keep one of the two',
    );
}
