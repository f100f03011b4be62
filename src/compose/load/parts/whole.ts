/** What is kept of the parts of a project, and how they are printed together. */

import type { Loaded } from '../load.ts';
import { child, entriesOf } from '../node.ts';
import { addPieces, joined, noPieces, type Pieces, piecesOf } from '../pieces.ts';
import type { Problems } from '../problems.ts';
import { fitTogether, type Member, memberOf } from './fit.ts';

export interface PartsMade {
  readonly pieces: Pieces;
  readonly members: readonly Member[];
}

/** Each part has of the networks, volumes and the rest those that its services use. */
export class Whole {
  private readonly pieces = noPieces();
  private readonly members: Member[] = [];

  add({ pieces, members }: PartsMade): void {
    addPieces(this.pieces, pieces);
    for (const member of members) this.members.push(member);
  }

  made(): PartsMade {
    return { pieces: this.pieces, members: this.members };
  }

  /** `undefined` when the services do not fit together, or are not that many. */
  print(count: number): string | undefined {
    const isComplete = this.pieces.sections.get('services')?.size === count;
    return isComplete && fitTogether(this.members) ? joined(this.pieces) : undefined;
  }
}

/** Of one part. */
export function partMade({ tree, selection }: Loaded, problems: Problems): PartsMade {
  const members: Member[] = [];
  for (const [name, { value }] of entriesOf(child(tree, 'services'))) members.push(memberOf(name, value));
  return { pieces: piecesOf(tree, problems, selection.enabled), members };
}
