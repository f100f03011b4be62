/** One JSON object a line, with the keys that Docker Compose's `--progress json` has; nothing twice in a row. */
import type { Output } from '../../io.ts';
import type { StepView } from './progress.ts';

const statusWords = { working: 'Working', done: 'Done', error: 'Error' } as const;

export function jsonProgress(output: Output): StepView {
  const last = new Map<string, string>();
  return {
    step: ({ object, text, status, detail, currentBytes, totalBytes }) => {
      const line = JSON.stringify({
        id: object,
        status: statusWords[status],
        text,
        ...(detail === undefined ? {} : { details: detail }),
        ...(currentBytes === undefined ? {} : { current: currentBytes }),
        ...(totalBytes === undefined ? {} : { total: totalBytes }),
      });
      if (last.get(object) !== line) output.write(`${line}\n`);
      last.set(object, line);
    },
    note: (text) => output.write(`${JSON.stringify({ tail: true, text })}\n`),
    end: async () => undefined,
  };
}
