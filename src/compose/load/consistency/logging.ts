/** The options of `logging` that are carried out. */
import { defaultLogDriver, logDrivers, parseLogFiles, parseLogSize } from '../log-options.ts';
import { child, descend, type Node } from '../node.ts';
import { type Refuse, textOf } from './values.ts';

const rules = {
  'max-size': { parse: parseLogSize, what: 'no size above 0', hint: 'write a size such as 10m' },
  'max-file': { parse: parseLogFiles, what: 'no number of files', hint: 'write 1 or more' },
} as const;

export function checkLogging(service: Node, refuse: Refuse): void {
  const driver = textOf(descend(service, 'logging', 'driver')) ?? defaultLogDriver;
  if (driver === 'none' || !logDrivers.includes(driver)) return;
  const options = descend(service, 'logging', 'options');
  for (const [name, { parse, what, hint }] of Object.entries(rules)) {
    const node = child(options, name);
    const text = textOf(node);
    if (text !== undefined && parse(text) === undefined)
      refuse(`logging.options.${name}`, node, `"${text}" is ${what}`, hint);
  }
}
