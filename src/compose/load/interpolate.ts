/** Phase: replaces variables in every value of a file's tree, then casts text to the attribute's type. */
import { type Cast, cast, castRules } from './cast.ts';
import type { Environment } from './environment.ts';
import { unsetVariable } from './environment.ts';
import {
  type ListNode,
  type MapNode,
  map,
  mapValues,
  type Node,
  type ScalarNode,
  withItems,
  withValue,
} from './node.ts';
import { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { mapRuled } from './rewrite.ts';
import { type Rules, step, stepItem } from './rules.ts';
import { type Source, type Span, spanOf } from './source.ts';
import { traced } from './trace.ts';
import { substitute, type VariableProblem } from './variables.ts';

/** Keys are never replaced; a value that cannot be is reported, and dropped where it is an item of a list. */
export function interpolateTree(tree: MapNode, environment: Environment, problems: Problems): MapNode {
  const walk = new Walk(environment, problems);
  return (walk.visit(tree, castRules()) as MapNode | undefined) ?? map(new Map(), tree);
}

/** One value by itself, such as the project's name. */
export function interpolateScalar(
  node: ScalarNode,
  environment: Environment,
  problems: Problems,
): ScalarNode | undefined {
  return new Walk(environment, problems).visit(node, undefined) as ScalarNode | undefined;
}

class Walk {
  private readonly environment: Environment;
  private readonly problems: Problems;
  private readonly path = new Path();
  /** The source that was looked into last. */
  private source: Source | undefined;
  private holdsAliases = false;
  /** There is no dollar between these two: from where it was looked for, and where it was found. */
  private from = 0;
  private dollar = 0;

  constructor(environment: Environment, problems: Problems) {
    this.environment = environment;
    this.problems = problems;
  }

  visit(node: Node, types: Rules<Cast> | undefined): Node | undefined {
    switch (node.kind) {
      case 'scalar':
        return this.scalar(node, types?.value);
      case 'list':
        return this.list(node, types);
      case 'map':
        return this.map(node, types);
    }
  }

  private inside(node: Node, key: string | number, types: Rules<Cast> | undefined): Node | undefined {
    if (isSettled(node, types)) return node;
    this.path.enter(key);
    const changed = this.visit(node, types);
    this.path.leave();
    return changed;
  }

  private list(node: ListNode, types: Rules<Cast> | undefined): ListNode {
    const rules = stepItem(types);
    if (rules === undefined && !this.mayHoldVariables(node)) return node;
    const items: Node[] = [];
    let changed = false;
    node.items.forEach((item, index) => {
      const next = this.inside(item, index, rules);
      if (next !== item) changed = true;
      if (next !== undefined) items.push(next);
    });
    return changed ? withItems(node, items) : node;
  }

  private map(node: MapNode, types: Rules<Cast> | undefined): MapNode {
    // What could not be replaced stays as it was written, so that nobody finds it missing.
    if (this.mayHoldVariables(node))
      return mapValues(node, (value, key) => this.inside(value, key, step(types, key)) ?? value);
    if (types === undefined) return node;
    return mapRuled(node, types, (value, next, key) => this.inside(value, key, next) ?? value);
  }

  /** What an alias brings in stands elsewhere, and the alias itself may stand behind what ends with it. */
  private mayHoldVariables({ source, start, end }: Span): boolean {
    if (source !== this.source) {
      this.source = source;
      // A star is found much sooner than what an alias begins like, and most files have none.
      this.holdsAliases = source.text.includes('*') && alias.test(source.text);
      this.from = 0;
      this.dollar = dollarIn(source.text, 0);
    }
    if (this.holdsAliases) return true;
    if (start < this.from) {
      // Only as far as is not known yet: what is behind may be a long text without any.
      const found = source.text.slice(start, this.from).indexOf('$');
      if (found !== -1) this.dollar = start + found;
      this.from = start;
    } else if (start > this.dollar) {
      this.from = start;
      this.dollar = dollarIn(source.text, start);
    }
    return this.dollar < end;
  }

  private scalar(node: ScalarNode, type: Cast | undefined): ScalarNode | undefined {
    if (typeof node.value !== 'string') return node;
    const { variables, origin } = this.environment;
    const { text, unset, problem } = substitute(node.value, (name) => variables.get(name));
    for (const variable of unset) {
      this.problems.warn(unsetVariable(variable.name, dollarSpan(node, variable)));
    }
    if (problem !== undefined) return this.refuse(problem, node);
    const replaced = text === node.value ? node : traced(node, { template: { text: node.value, origin } });
    if (type === undefined) return text === node.value ? node : withValue(replaced, text);
    const result = cast(text, type);
    if ('value' in result) {
      if (result.warning !== undefined) {
        this.problems.warn({ code: 'COMPOSE_OLD_BOOLEAN', message: result.warning, at: replaced });
      }
      return withValue(replaced, result.value);
    }
    this.problems.add({
      code: 'COMPOSE_TYPE',
      message: `${this.path.text()}: ${result.problem}`,
      at: replaced,
      hint: result.hint,
    });
    return undefined;
  }

  private refuse(problem: VariableProblem, node: ScalarNode): undefined {
    const path = this.path.text();
    const at = dollarSpan(node, problem);
    if (problem.kind === 'required') {
      const reason = problem.message === '' ? '' : `: ${problem.message}`;
      this.problems.add({
        code: 'COMPOSE_REQUIRED_VARIABLE',
        message: `${path}: required variable ${problem.name} is missing a value${reason}`,
        at,
        hint: `set ${problem.name} in the environment or in .env`,
      });
      return;
    }
    if (problem.reason !== undefined) {
      const hint = 'write what is meant, without so many variables';
      this.problems.add({ code: 'COMPOSE_INTERPOLATION', message: `${path}: ${problem.reason}`, at, hint });
      return;
    }
    const { text } = problem;
    this.problems.add({
      code: 'COMPOSE_INTERPOLATION',
      message: `${path}: "${text.length > longestShown ? `${text.slice(0, longestShown)}…` : text}" is no variable`,
      at,
      hint: text.includes('}')
        ? 'write ${NAME} or ${NAME:-default}; a dollar that means itself is written $$'
        : 'write the closing }; a dollar that means itself is written $$',
    });
  }
}

/** Of a text that never ends. */
const longestShown = 80;

/** Most single values are: they hold no variable and are of no other type than they are written in. */
function isSettled(node: Node, types: Rules<Cast> | undefined): boolean {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node.kind === 'scalar';
  return types?.value === undefined && !node.value.includes('$');
}

function dollarIn(text: string, from: number): number {
  const found = text.indexOf('$', from);
  return found === -1 ? text.length : found;
}

const alias = /(?:^|[\s,:[{-])\*[^\s,\]}]/;

/** The stretch of source that a variable's `$` starts: the n-th dollar of the value as it was written. */
function dollarSpan(at: Span, problem: Pick<VariableProblem, 'dollar' | 'text'>): Span {
  const text = at.source.text;
  let start = text.indexOf('$', at.start);
  for (let seen = 0; seen < problem.dollar && start !== -1; seen++) start = text.indexOf('$', start + 1);
  if (start === -1 || start >= at.end) return at;
  return spanOf(at, start, Math.min(start + problem.text.length, at.end), at.trace);
}
