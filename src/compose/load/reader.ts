/**
 * What the loader may ask of the world. The CLI gives the real one; tests give a map of strings.
 * Loading stays a pure function of what a reader answers.
 */
export interface Reader {
  /** The file's text, or `undefined` when there is none. Paths are absolute; `-` is standard input. */
  readText(path: string): Promise<string | undefined>;
  /** What stands at an absolute path. */
  kind(path: string): Promise<'file' | 'directory' | 'none'>;
}

export interface LoadOptions {
  readonly reader: Reader;
  /** The process environment of the caller. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute current directory. */
  readonly cwd: string;
  /** The user's home directory, for `~` in volume sources. */
  readonly home?: string;
  /** `-f`, in order, as written. Empty: `COMPOSE_FILE`, else look in `cwd` and its parents. */
  readonly files: readonly string[];
  readonly projectName?: string;
  readonly projectDirectory?: string;
  /** `--env-file`, in order, as written. */
  readonly envFiles: readonly string[];
  /** `--profile` and `COMPOSE_PROFILES`; `*` is all. */
  readonly profiles: readonly string[];
  /** Services named on the command line: their own profiles count as active. */
  readonly services: readonly string[];
  readonly interpolate?: boolean;
  readonly normalize?: boolean;
  readonly resolvePaths?: boolean;
  readonly consistency?: boolean;
  readonly resolveEnvironment?: boolean;
  /** Keep top-level resources that no enabled service uses. */
  readonly allResources?: boolean;
  /**
   * `run` (the default): the project is to be started, so what would clash on the machine is a mistake too,
   * and attributes without effect are named in a warning. `read`: only what the language refuses. `lint`: all that
   * can be told, of services behind every profile too, and with the warnings of the lint rules.
   */
  readonly purpose?: 'run' | 'read' | 'lint';
}
