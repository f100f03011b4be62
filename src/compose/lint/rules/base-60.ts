import type { LintRule } from '../rule.ts';
import { isPlain, valuesIn } from '../values.ts';

export const base60: LintRule = {
  code: 'COMPOSE_BASE_60',
  about:
    'Two numbers with a colon between them and no quotes, such as `22:22`, are one number to readers of YAML 1.1, who count in sixties: they see 1342. tscompose and Docker Compose read the text, but other tools, and older versions of Compose, do not. Quotes make it text for everybody.',
  checkDocument: (document, warn) => {
    for (const { node, path } of valuesIn(document)) {
      const text = node.value;
      if (typeof text !== 'string' || !sexagesimal.test(text) || !isPlain(node)) continue;
      warn({
        message: `${path}: YAML 1.1 takes ${text} for the number ${numberOf(text)}`,
        at: node,
        hint: `put it in quotes: "${text}"`,
      });
    }
  },
};

/** @see YAML 1.1, Integer Language-Independent Type, base 60 */
const sexagesimal = /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/;

function numberOf(text: string): number {
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '').split(':').map(Number);
  const value = digits.reduce((sum, digit) => sum * 60 + digit, 0);
  return text.startsWith('-') ? -value : value;
}
