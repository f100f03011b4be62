/** Prints as the very last line of a run: `12 passed, 0 failed, 1 skipped`. */
import type { Reporter, TestModule } from 'vitest/node';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      // A file that could not even be loaded has no test to fail.
      counts.failed += module.errors().length;
    }
    const { passed, failed, skipped, pending } = counts;
    // The summary of the default reporter is written after ours unless we wait for it.
    process.once('exit', () =>
      console.log(`${passed} passed, ${failed} failed, ${skipped + pending} skipped`),
    );
  }
}
