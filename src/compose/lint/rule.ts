/** What a lint rule is, and what it may look at. */
import type { MapNode, Node } from '../load/node.ts';
import type { Finding } from '../load/problems.ts';
import type { Reader } from '../load/reader.ts';

export interface LintRule {
  readonly code: string;
  /** One paragraph: what is warned of, why it matters, what to do. */
  readonly about: string;
  /** Each document of each file as it is written: variables not replaced, nothing merged. */
  checkDocument?(document: Node, warn: Warn): void;
  /** The merged project in long syntax, services of every profile included. */
  checkModel?(model: LintedModel, warn: Warn): void | Promise<void>;
}

/** The rule's own code is added. */
export type Warn = (warning: Omit<Finding, 'code'>) => void;

export interface LintedModel {
  readonly tree: MapNode;
  readonly services: readonly LintedService[];
  readonly reader: Reader;
}

export interface LintedService {
  readonly name: string;
  readonly service: MapNode;
}
