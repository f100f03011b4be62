/** The platform to run on, by Docker's grammar. @see containerd, platforms.Parse */
import { child, type Node, stringOf } from '../node.ts';
import type { Refuse } from './values.ts';

export function checkPlatform(service: Node, refuse: Refuse): void {
  const platform = child(service, 'platform');
  const text = stringOf(platform);
  if (text === undefined || text === '' || /^[\w.-]+(\/[\w.-]+){0,2}$/.test(text)) return;
  refuse(
    'platform',
    platform,
    `"${text}" is no platform`,
    'write it as os/architecture[/variant], such as linux/amd64 or linux/arm/v7',
  );
}
