/** Every warning there is, with what it means: those of the lint rules, and those that loading finds by itself. */
import { lintRules } from './rules/index.ts';

export interface WarningKind {
  readonly code: string;
  readonly about: string;
}

const ofLoading: readonly WarningKind[] = [
  {
    code: 'COMPOSE_DEPRECATED',
    about:
      'A way of writing something that newer versions of the specification no longer have. It still works; the hint says how it is written now.',
  },
  {
    code: 'COMPOSE_DISCARDED_PORTS',
    about:
      'A service publishes ports that nobody can reach: it has the network of the host or none at all, or all its networks are internal. They are left out.',
  },
  {
    code: 'COMPOSE_OBSOLETE_VERSION',
    about: 'The top-level `version` was needed by old versions of Docker Compose. It means nothing now.',
  },
  {
    code: 'COMPOSE_OLD_BOOLEAN',
    about:
      'A word such as yes or on stands where a boolean is wanted. YAML 1.2 knows true and false alone: other readers take the word for text.',
  },
  {
    code: 'COMPOSE_SEVERAL_FILES',
    about: 'Several files in the directory have a name that is looked for. The first is taken.',
  },
  {
    code: 'COMPOSE_UNSET_VARIABLE',
    about:
      'A variable has no value and no default, so that nothing stands in its place: an image without tag, a path that ends too early. `${NAME:?}` makes it an error, `${NAME:-}` says that nothing is meant.',
  },
  {
    code: 'COMPOSE_WRITTEN_TWICE',
    about:
      'One list has two entries for the same thing, such as two values of a variable or two mounts at a path. Only the last one counts.',
  },
];

export const warningKinds = (): readonly WarningKind[] =>
  [...ofLoading, ...lintRules].sort((one, other) => (one.code < other.code ? -1 : 1));
