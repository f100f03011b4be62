import { scalarText } from '../../load/scalars.ts';
import { isSecretName } from '../../model/secret-names.ts';
import type { LintRule } from '../rule.ts';
import { isPlain, valuesAt, writtenText } from '../values.ts';

/** Mappings whose values are text. */
const texts = valuesAt([
  'services.*.annotations.*',
  'services.*.build.args.*',
  'services.*.build.labels.*',
  'services.*.deploy.labels.*',
  'services.*.environment.*',
  'services.*.labels.*',
  'services.*.logging.options.*',
  'services.*.sysctls.*',
  'networks.*.driver_opts.*',
  'networks.*.labels.*',
  'volumes.*.driver_opts.*',
  'volumes.*.labels.*',
]);

export const changedValues: LintRule = {
  code: 'COMPOSE_CHANGED_VALUE',
  about:
    'A value that should be text is written without quotes and looks like a number or a boolean, so YAML reads one and it is written out again another way: `VERSION: 1.10` becomes 1.1, `PIN: 0123` becomes 83, `DEBUG: True` becomes true. Quotes keep it as it is.',
  checkDocument: (document, warn) => {
    for (const { node, path, key } of texts(document)) {
      const { value } = node;
      if (typeof value === 'string' || value === null || !isPlain(node)) continue;
      const [written, read] = [writtenText(node), scalarText(value)];
      if (written === read || written.startsWith('!')) continue;
      const isSecret = isSecretName(key?.name ?? '');
      warn({
        message: isSecret
          ? `${path}: without quotes this is read as another value`
          : `${path}: ${written} without quotes is ${read}`,
        at: node,
        hint: isSecret ? 'put it in quotes' : `put it in quotes: "${written}"`,
      });
    }
  },
};
