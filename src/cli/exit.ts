/** Every exit code of the command line. A container's own code is passed on as it is. */
export const exitCodes = {
  success: 0,
  /** Any mistake or refusal: usage, an invalid file, an action that failed. */
  failure: 1,
  /** Ended by Ctrl-C or SIGTERM, as a shell counts it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** Ends the command with a code and nothing printed: what there was to say has been said. */
export class ExitWith extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit with ${exitCode}`);
    this.name = 'ExitWith';
    this.exitCode = exitCode;
  }
}
