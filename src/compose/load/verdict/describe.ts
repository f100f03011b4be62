/** The schema's verdict in words: what is wrong, what was expected, what to write. */
import type { SchemaError } from '../generated/validate.mjs';
import type { Node } from '../node.ts';
import { nearest, suggestion } from '../suggest.ts';
import { shown } from './kinds.ts';
import { describeBlank, describeIndentation } from './layout.ts';
import { patternWords } from './patterns.ts';
import type { Place } from './place.ts';
import { describeType } from './types.ts';
import { describeUnknown } from './unknown.ts';

export interface Description {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** `undefined`: another verdict, or another place, says it better. */
export function describe(error: SchemaError, place: Place): Description | undefined {
  const layout = describeBlank(place) ?? describeIndentation(place);
  if (layout !== undefined) return layout === 'told elsewhere' ? undefined : layout;
  const { node, path } = place;
  switch (error.keyword) {
    case 'additionalProperties':
      return describeUnknown(String(error.params.additionalProperty), place);
    case 'type':
      return describeType(String(error.params.type).split(','), place);
    case 'enum':
      return describeChoice(place, error.params.allowedValues);
    case 'pattern':
      return describePattern(place, String(error.params.pattern));
    case 'required':
      return describeMissing(place, String(error.params.missingProperty));
    case 'uniqueItems':
      return {
        code: 'COMPOSE_REPEATED',
        message: `${path}: ${shown(node)} is there already`,
        hint: 'take one of the two out',
      };
    case 'minimum':
      return value(`${path}: ${shown(node)} is too low: ${error.params.limit} is the least`);
    case 'maximum':
      return value(`${path}: ${shown(node)} is too high: ${error.params.limit} is the most`);
    default:
      // `if` and the like only repeat what another error says.
      return undefined;
  }
}

function value(message: string, hint?: string): Description {
  return { code: 'COMPOSE_VALUE', message, hint };
}

function describeChoice({ path, node }: Place, allowed: unknown): Description {
  const choices = Array.isArray(allowed) ? allowed.map(String) : [];
  const list = choices.join(', ');
  const near = node.kind === 'scalar' ? suggestion(String(node.value), choices) : undefined;
  return value(`${path}: ${shown(node)} is none of ${list}`, near ?? `write one of ${list}`);
}

function describePattern({ path, node }: Place, pattern: string): Description {
  const words = patternWords[pattern];
  if (words === undefined) return value(`${path}: ${shown(node)} does not match ${pattern}`);
  const near = node.kind === 'scalar' ? suggestion(String(node.value), words.choices) : undefined;
  return value(`${path}: ${shown(node)} ${words.refusal}`, near ?? words.hint);
}

function describeMissing({ path, node }: Place, key: string): Description | undefined {
  // A misspelt key has been told of as such.
  if (hasMisspelt(node, key)) return undefined;
  const where = path === '' ? 'the file' : path;
  return { code: 'COMPOSE_MISSING_KEY', message: `${where}: "${key}" is missing`, hint: `add \`${key}:\`` };
}

/** Whether one of the map's keys was probably meant to be this one. */
function hasMisspelt(node: Node, key: string): boolean {
  if (node.kind !== 'map') return false;
  return [...node.entries.keys()].some((written) => written !== key && nearest(written, [key]) === key);
}
