/**
 * The one door to the machine: processes, files, mounts, time.
 * Goes in: what to do. Comes out: what the machine answered, or a `HostError` that says what was tried.
 * It decides nothing, knows no project and imports nothing of ours but the vocabulary of errors.
 * Wider families of effects stand beside it: `netlink.ts`, `nft.ts`, `sockets.ts`, `tree.ts`.
 */
import type { Clock } from './clock.ts';
import type { Files } from './files.ts';
import type { Mounts } from './mounts.ts';
import type { Child, Output, RunOptions, SpawnOptions } from './processes.ts';

export interface Host {
  /**
   * Runs a program to its end and collects what it printed.
   * @throws HostError `HOST_COMMAND_FAILED` when it ends otherwise than with 0 (unless `allowFailure`),
   *   `HOST_TOOL_MISSING` when there is no such program, with the Debian package that brings it
   */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<Output>;
  /** As `run`, for the few programs that every container needs: cheaper, without input or time limit. */
  runQuickly(
    argv: readonly [string, ...string[]],
    options?: Pick<RunOptions, 'allowFailure' | 'purpose'>,
  ): Promise<Output>;
  /** Starts a program and hands over its pipes. */
  spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<Child>;
  readonly files: Files;
  readonly mounts: Mounts;
  readonly clock: Clock;
}
