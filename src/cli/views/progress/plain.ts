/** One line for each change of an object's state: for logs of CI runs and other places that are no terminal. */
import type { Output } from '../../io.ts';
import type { StepView } from './progress.ts';

export function plainProgress(output: Output): StepView {
  const last = new Map<string, string>();
  return {
    step: ({ object, text, status, detail }) => {
      // Several may wait for the same container.
      if (status !== 'error' && last.get(object) === text) return;
      last.set(object, text);
      output.write(
        ` ${object}  ${text}${status !== 'working' && detail !== undefined ? `  ${detail}` : ''}\n`,
      );
    },
    note: (text) => output.write(` ${text}\n`),
    end: async () => undefined,
  };
}
