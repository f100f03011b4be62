/** From the plan's events to what happens to its objects. */
import type { ApplyLine } from '../../../agent/protocol.ts';
import type { NodeId } from '../../../compose/plan/plan.ts';
import { bytes } from '../human.ts';
import { type Wording, wordingOf } from './words.ts';

export interface Step {
  readonly object: string;
  readonly text: string;
  readonly status: 'working' | 'done' | 'error';
  /** True when the plan has nothing more for this object. */
  readonly last: boolean;
  /** How far it is (`12.3MB / 45MB`), what went wrong, or why it was done without. */
  readonly detail?: string;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
}

export class Steps {
  private readonly wordings = new Map<NodeId, Wording>();
  private readonly said = new Set<NodeId>();
  /** Why the node does without what it was for. */
  private readonly skipped = new Map<NodeId, string>();
  private readonly remaining = new Map<string, number>();

  /** What the plan taken last will touch, in its order: images may be fetched by a plan of their own before it. */
  objects(): readonly string[] {
    return [...this.remaining.keys()];
  }

  take(line: ApplyLine): readonly Step[] {
    switch (line.kind) {
      case 'plan':
        this.remaining.clear();
        for (const name of line.plan.running ?? []) this.remaining.set(`Container ${name}`, 0);
        for (const node of line.plan.nodes) {
          const wording = wordingOf(node.action);
          this.wordings.set(node.id, wording);
          this.remaining.set(wording.object, (this.remaining.get(wording.object) ?? 0) + 1);
        }
        return (line.plan.running ?? []).map((name) => ({
          object: `Container ${name}`,
          text: 'Running',
          status: 'done',
          last: this.remaining.get(`Container ${name}`) === 0,
        }));
      case 'node':
        return this.phase(line);
      case 'detail':
        return this.detail(line);
      default:
        return [];
    }
  }

  private phase(line: Extract<ApplyLine, { kind: 'node' }>): readonly Step[] {
    const wording = this.wordings.get(line.node);
    if (wording === undefined || line.phase === 'skipped') return [];
    const { object, doing, done } = wording;
    if (line.phase === 'started')
      return this.isSilent(line.node) ? [] : [{ object, text: doing, status: 'working', last: false }];
    const last = this.settle(object);
    if (line.phase === 'failed')
      return [{ object, text: 'Error', status: 'error', last, detail: line.message }];
    const reason = this.skipped.get(line.node);
    if (reason !== undefined) return [{ object, text: 'Skipped', status: 'done', last, detail: reason }];
    return this.isSilent(line.node) ? [] : [{ object, text: done, status: 'done', last }];
  }

  private isSilent(node: NodeId): boolean {
    return this.wordings.get(node)?.silent === true && !this.said.has(node);
  }

  private settle(object: string): boolean {
    const left = (this.remaining.get(object) ?? 1) - 1;
    this.remaining.set(object, left);
    return left <= 0;
  }

  private detail(line: Extract<ApplyLine, { kind: 'detail' }>): readonly Step[] {
    const wording = this.wordings.get(line.node);
    if (wording === undefined) return [];
    this.said.add(line.node);
    const { text, currentBytes, totalBytes, skipped } = line.detail;
    if (skipped) this.skipped.set(line.node, text);
    const sizes = [currentBytes, totalBytes].filter((size) => size !== undefined).map(bytes);
    return [
      {
        object: wording.object,
        text: wording.doing,
        status: 'working',
        last: false,
        detail: [text, sizes.join(' / ')].filter((part) => part !== '').join(' '),
        ...(currentBytes === undefined ? {} : { currentBytes }),
        ...(totalBytes === undefined ? {} : { totalBytes }),
      },
    ];
  }
}
