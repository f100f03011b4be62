/** What `run` changes of a service for its one-off container. */
import type { Mount, PortMapping } from '../model/project.ts';

export interface ContainerOverrides {
  readonly name?: string;
  readonly command?: readonly string[];
  /** Given alone it also empties the command. */
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts: readonly Mount[];
  /** `-p`; the service's own ports only with `servicePorts`. */
  readonly ports: readonly PortMapping[];
  readonly servicePorts: boolean;
  readonly useAliases: boolean;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  readonly autoRemove: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
}
