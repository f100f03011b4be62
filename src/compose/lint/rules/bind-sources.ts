import { HostError } from '../../../errors.ts';
import { child, itemsOf, stringOf } from '../../load/node.ts';
import type { Reader } from '../../load/reader.ts';
import type { LintRule } from '../rule.ts';

export const bindSources: LintRule = {
  code: 'COMPOSE_BIND_MISSING',
  about:
    'The path on the host that a bind mount names does not exist. The short syntax makes an empty directory there, owned by root, which is hardly ever what was meant: often the path is misspelt, or a file was expected. The long syntax with `create_host_path: false` refuses to start instead.',
  checkModel: async ({ services, reader }, warn) => {
    for (const { name, service } of services) {
      for (const [index, mount] of itemsOf(child(service, 'volumes')).entries()) {
        const source = child(mount, 'source');
        const path = stringOf(source);
        if (stringOf(child(mount, 'type')) !== 'bind' || !path?.startsWith('/')) continue;
        if (!(await isMissing(reader, path))) continue;
        warn({
          message: `services.${name}.volumes[${index}]: ${path} does not exist`,
          at: source,
          hint: 'make it, or correct the path',
        });
      }
    }
  },
};

/** What may not be looked at is not known to be missing. */
async function isMissing(reader: Reader, path: string): Promise<boolean> {
  try {
    return (await reader.kind(path)) === 'none';
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}
