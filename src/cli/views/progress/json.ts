/** One JSON object a line, with the keys that Docker Compose's `--progress json` has. */
import type { Output } from '../../io.ts';
import type { StepView } from './progress.ts';

const statusWords = { working: 'Working', done: 'Done', error: 'Error' } as const;

export function jsonProgress(output: Output): StepView {
  const write = (line: object): void => output.write(`${JSON.stringify(line)}\n`);
  return {
    step: ({ object, text, status, detail, currentBytes, totalBytes }) =>
      write({
        id: object,
        status: statusWords[status],
        text,
        ...(detail === undefined ? {} : { details: detail }),
        ...(currentBytes === undefined ? {} : { current: currentBytes }),
        ...(totalBytes === undefined ? {} : { total: totalBytes }),
      }),
    note: (text) => write({ tail: true, text }),
    end: async () => undefined,
  };
}
