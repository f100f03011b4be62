/** Where a value of a project came from, as plain data: what `config --explain --format json` prints. */
import type { SourceRange } from '../../errors.ts';
import type { Json } from '../model/project.ts';

export interface Explanation {
  /** `services.web.ports[0]` */
  readonly path: string;
  /** As `config` prints it. Absent: it was taken away, or is secret. */
  readonly value?: Json;
  /** It holds what only a secret of the project may hold: values are left out. */
  readonly secret?: true;
  /** Where it is written. Absent: nowhere. */
  readonly at?: SourceRange;
  /** Why it is there although nobody wrote it. */
  readonly implied?: string;
  /** With its variables, when it had some. */
  readonly written?: string;
  readonly variables?: readonly VariableOrigin[];
  /** What led to the place, nearest first. */
  readonly through?: readonly Led[];
  /** What it took the place of, nearest first. */
  readonly over?: readonly Shadowed[];
  /** Where `!reset` took it away. */
  readonly reset?: SourceRange;
}

/** Who set a variable. A line of a file has its place, the shell has none. */
export interface Setter {
  readonly from: 'shell' | 'project' | 'file';
  readonly value?: string;
  readonly at?: SourceRange;
}

export interface VariableOrigin {
  readonly name: string;
  /** Absent: nobody. */
  readonly set?: Setter;
  /** What stands behind `:-`, `-`, `:+` or `+`, where that was taken. */
  readonly instead?: { readonly kind: 'default' | 'alternate'; readonly text: string };
  /** Other settings of it, which did not count. */
  readonly over?: readonly Setter[];
}

export interface Led {
  readonly how: 'alias' | 'merge key' | 'extends' | 'include' | 'env_file' | 'label_file';
  readonly at: SourceRange;
}

export interface Shadowed {
  readonly value?: Json;
  readonly at?: SourceRange;
}
