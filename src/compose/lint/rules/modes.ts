import type { LintRule } from '../rule.ts';
import { isPlain, valuesAt, writtenText } from '../values.ts';

const modes = valuesAt([
  'services.*.configs.[].mode',
  'services.*.secrets.[].mode',
  'services.*.build.secrets.[].mode',
  'services.*.volumes.[].tmpfs.mode',
]);

export const fileModes: LintRule = {
  code: 'COMPOSE_MODE',
  about:
    'Permissions are written in octal, and YAML turns what has no quotes into a number first. `mode: 644` is the number six hundred and forty-four, whose permissions are 1204 and not 644. `mode: 0644` is right here, but to readers of YAML 1.2 it is the same six hundred and forty-four: quotes, or `0o644`, are right everywhere.',
  checkDocument: (document, warn) => {
    for (const { node, path } of modes(document)) {
      const text = writtenText(node);
      if (typeof node.value !== 'number' || !isPlain(node) || !/^\d+$/.test(text) || text === '0') continue;
      const octal = text.startsWith('0');
      warn({
        message: octal
          ? `${path}: YAML 1.2 takes ${text} for the number ${Number(text)}`
          : `${path}: ${text} is a decimal number; as permissions it is ${node.value.toString(8)}`,
        at: node,
        hint: isInTmpfs(path) ? `write 0o${text.replace(/^0+/, '')}` : `write "${text.padStart(4, '0')}"`,
      });
    }
  },
};

/** There a mode has to be a number. */
function isInTmpfs(path: string): boolean {
  return path.endsWith('.tmpfs.mode');
}
