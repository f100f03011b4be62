/** From what the OCI runtime says to Docker's exit codes: 127 no such program, 126 it cannot be run, 125 anything else. */
import { TscomposeError } from '../errors.ts';

export interface StartFailure {
  readonly exitCode: 125 | 126 | 127;
  readonly message: string;
  readonly hint?: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly exitCode: 126 | 127;
  /** @param part what the pattern caught */
  readonly says: (program: string, part: (index: number) => string) => string;
  readonly hint: string;
}

/** In order: the first that matches. The messages are those of crun 1.8 to 1.20 and runc 1.1 to 1.2. */
const rules: readonly Rule[] = [
  {
    // Docker's code for it.
    pattern: /mount(?:ing)? [`"]([^`"]+)[`"] to (?:rootfs at )?[`"]\/?([^`"]+)[`"]: .*not a directory/i,
    exitCode: 127,
    says: (_program, part) =>
      `cannot mount ${part(1)} at /${part(2)}: one of them is a directory, the other is not`,
    hint: 'a directory can be mounted on a directory only, and a file on a file: check that the host path is what was meant',
  },
  {
    pattern: /exec format error/i,
    exitCode: 126,
    says: (program) => `exec "${program}": exec format error`,
    hint: 'a script needs a first line such as #!/bin/sh; a program must be built for this architecture',
  },
  {
    pattern: /exec container process.*no such file or directory/i,
    exitCode: 127,
    says: (program) => `exec "${program}": its interpreter or dynamic loader is not in the image`,
    hint: 'install the interpreter that the first line of the script names, or the loader the program was linked for',
  },
  {
    pattern: /executable file .*not found in \$PATH|(\bexec\b|open executable).*no such file or directory/i,
    exitCode: 127,
    says: (program) => `exec: "${program}": executable file not found in $PATH`,
    hint: 'check the spelling of the command, and that the image has the program',
  },
  {
    pattern: /is a directory|open executable: operation not permitted/i,
    exitCode: 126,
    says: (program) => `exec: "${program}": is a directory, not a program`,
    hint: 'the first word of the command must be a program',
  },
  {
    pattern: /(\bexec\b|open executable).*permission denied/i,
    exitCode: 126,
    says: (program) => `exec: "${program}": permission denied: the file is not executable`,
    hint: 'set its executable bit (chmod +x), or run it through its interpreter',
  },
];

/** @param said the OCI runtime's own words @param program first word of the command */
export function explainFailure(said: string, program: string): StartFailure {
  for (const { pattern, exitCode, says, hint } of rules) {
    const match = pattern.exec(said);
    if (match !== null) return { exitCode, message: says(program, (index) => match[index] ?? ''), hint };
  }
  return { exitCode: 125, message: said.trim() || 'the OCI runtime gave no reason' };
}

export function createError(name: string, failure: StartFailure): TscomposeError {
  return new TscomposeError('CONTAINER_CREATE', `cannot start ${name}: ${failure.message}`, {
    exitCode: failure.exitCode,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  });
}

export function commandError(failure: StartFailure): TscomposeError {
  return new TscomposeError('COMMAND_REFUSED', failure.message, {
    exitCode: failure.exitCode,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  });
}

/** The messages of errors in a log that the OCI runtime wrote as JSON lines. */
export function ociLogErrors(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const entry = jsonObject(line);
      return entry !== undefined && entry.level === 'error' && typeof entry.msg === 'string'
        ? [entry.msg]
        : [];
    })
    .join('; ');
}

/** The object a line holds; `undefined` when it is not JSON: both runtimes also print plain lines. */
export function jsonObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
