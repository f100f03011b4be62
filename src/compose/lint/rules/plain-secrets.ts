import type { Span } from '../../load/source.ts';
import { isSecretName, isSwitch } from '../../model/secret-names.ts';
import type { LintRule, Warn } from '../rule.ts';
import { valuesAt } from '../values.ts';

const listed = valuesAt(['services.*.environment.[]', 'services.*.build.args.[]']);
const mapped = valuesAt(['services.*.environment.*', 'services.*.build.args.*']);

export const plainSecrets: LintRule = {
  code: 'COMPOSE_PLAIN_SECRET',
  about:
    'A variable or build argument whose name says that it is a secret (PASSWORD, TOKEN, SECRET, KEY, …) has its value written into the file, where everybody who sees the repository reads it; build arguments stay in the image as well. Take it from a variable, or mount it as a secret and name the file. The value is never shown.',
  checkDocument: (document, warn) => {
    for (const { node, path, key } of mapped(document)) {
      if (key !== undefined && node.value !== null)
        check(key.name, String(node.value), { path, at: key.at }, warn);
    }
    for (const { node, path } of listed(document)) {
      const [, name = '', value = ''] = /^([^=]*)=([\s\S]*)$/.exec(String(node.value)) ?? [];
      check(name, value, { path, at: nameIn(node, name) }, warn);
    }
  },
};

function check(name: string, value: string, { path, at }: { path: string; at: Span }, warn: Warn): void {
  const isTaken = /(?<!\$)(?:\$\$)*\$(?=[{A-Za-z_])/.test(value);
  if (!isSecretName(name.trim()) || isTaken || isSwitch(value.trim())) return;
  warn({
    message: `${path}: ${path.endsWith(name) ? 'its' : `${name}: its`} value stands in the file for everybody to read`,
    at,
    hint: `write \${${name.trim()}} and set it elsewhere, or mount a secret`,
  });
}

/** The name alone: what stands behind it is not to be shown. */
function nameIn(at: Span, name: string): Span {
  const start = at.source.text.indexOf(name, at.start);
  return start === -1 || start >= at.end ? at : { source: at.source, start, end: start + name.length };
}
