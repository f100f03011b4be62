import type { Node } from '../../load/node.ts';
import { type Span, within } from '../../load/source.ts';
import type { LintRule, Warn } from '../rule.ts';
import { valuesAt, type WrittenValue } from '../values.ts';

const listed = valuesAt(['services.*.environment.[]', 'services.*.build.args.[]', 'services.*.labels.[]']);
const mapped = valuesAt(['services.*.environment.*', 'services.*.build.args.*', 'services.*.labels.*']);

export const blanks: LintRule = {
  code: 'COMPOSE_BLANKS',
  about:
    'A variable, argument or label has blanks around its name or its value. They belong to it: `- A = 1` sets a variable whose name ends with a blank, so that no program finds it, and a password with a blank at its end is another password. Take them out; where they are meant, silence the line.',
  checkDocument: (document: Node, warn) => {
    for (const value of listed(document)) checkItem(value, warn);
    for (const { node, path, key } of mapped(document)) {
      if (key !== undefined && key.name !== key.name.trim())
        warn(blankName(key.name, path.slice(0, -key.name.length - 1), key.at));
      else if (typeof node.value === 'string') checkValue(node.value, path, node, warn);
    }
  },
};

function checkItem({ node, path }: WrittenValue, warn: Warn): void {
  const text = typeof node.value === 'string' ? node.value : '';
  const [, name = '', value = ''] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  if (name === name.trim()) checkValue(value, path, node, warn);
  else warn(blankName(name, path, within(node, 0, text.indexOf('=') + 1)));
}

function blankName(name: string, path: string, at: Span): Parameters<Warn>[0] {
  return {
    message: `${path}: the name "${name}" has blanks around it`,
    at,
    hint: `write "${name.trim()}" with nothing around it`,
  };
}

/** What it is may be a secret, and so may its blanks: the place says enough. Ends of lines come with a block of text. */
function checkValue(value: string, path: string, at: Node, warn: Warn): void {
  const side = /^[ \t]/.test(value) ? 'begins' : /[ \t]$/.test(value) ? 'ends' : undefined;
  if (side === undefined || value.trim() === '') return;
  warn({ message: `${path}: the value ${side} with a blank`, at, hint: 'take the blank out' });
}
